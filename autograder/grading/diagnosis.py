"""Name the mistake: find the misconception that returns what the student's code returned on the same inputs.

Every misconception is run once through a test, in this process, with the reference's other functions around it. A
failing submission matches it if each recorded call of a function has the same outcome, and some outcome is not the
reference's.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any

import pytest

from autograder.errors import FunctionMissing, LimitExceeded, NotAttempted, StudentFailure, StudentRaised
from autograder.grading.comparison import alike, identical
from autograder.grading.fixtures import AssignmentResources
from autograder.grading.outcome import TestOutcome
from autograder.grading.proxy import RecordedCall, StudentCode
from autograder.grading.variants import Variant
from autograder.sandbox import Opaque

__all__ = ["Diagnosis"]

Calls = tuple[RecordedCall, ...]
RunItem = Callable[[pytest.Item, StudentCode], TestOutcome]


class Diagnosis:
    """The misconceptions of one assignment and what they do in each of its tests; each is run once."""

    def __init__(self, resources: AssignmentResources, run_item: RunItem) -> None:
        self._resources = resources
        self._run_item = run_item
        self._runs: dict[tuple[str, str], TestOutcome] = {}
        self._firsts: dict[tuple[str, str], RecordedCall] = {}

    def reference(self, item: pytest.Item) -> TestOutcome:
        """Return the outcome of a test on the reference."""
        key = (item.nodeid, "")
        if key not in self._runs:
            self._runs[key] = self._run_item(item, self._resources.reference_process())
        return self._runs[key]

    def name(self, outcomes: Mapping[pytest.Item, TestOutcome]) -> dict[pytest.Item, Variant]:
        """Find the misconception behind each failed test of one submission, where one matches.

        Of several that match a test, the one that agrees with the submission in the most tests is chosen: by far the
        likeliest single mistake. Ties go to the first in the file.
        """
        found = {item: self._candidates(item, outcome) for item, outcome in outcomes.items() if outcome.error}
        rivals = {variant.name: variant for variants in found.values() for variant in variants if len(variants) > 1}
        agreement = {name: self._agreement(variant, outcomes) for name, variant in rivals.items()}
        return {
            item: max(variants, key=lambda variant: agreement.get(variant.name, 0))
            for item, variants in found.items()
            if variants
        }

    def _candidates(self, item: pytest.Item, outcome: TestOutcome) -> list[Variant]:
        if not outcome.calls or isinstance(outcome.error, (NotAttempted, FunctionMissing)):
            return []
        called = {call.name for call in outcome.calls}
        known = self._resources.misconceptions
        direct = [v for v in known if v.target in called and self._explains(v, item, outcome, {v.target})]
        return direct or [v for v in known if v.target not in called and self._explains(v, item, outcome, called)]

    def _explains(self, variant: Variant, item: pytest.Item, outcome: TestOutcome, functions: set[str]) -> bool:
        if functions == {variant.target} and not self._begins_alike(variant, item, _of(variant.target, outcome.calls)):
            return False
        wrong, right = self._variant(item, variant).calls, self.reference(item).calls
        return any(_matches(_of(name, outcome.calls), _of(name, wrong), _of(name, right)) for name in sorted(functions))

    def _begins_alike(self, variant: Variant, item: pytest.Item, student: Calls) -> bool:
        """Return whether the variant may explain these calls; most variants answer the first one differently.

        That takes one call of the variant where the whole test would take many: its first inputs are the reference's.
        """
        if (item.nodeid, variant.name) in self._runs:
            return True
        right = _of(variant.target, self.reference(item).calls)
        if not right or type(right[0].result) is Opaque or not _same_inputs(student[0], right[0]):
            return True
        key = (item.nodeid, variant.name)
        first = self._firsts.get(key)
        if first is None:
            first = self._firsts[key] = _repeated(right[0], self._resources.variant_process(variant))
        return _same_call(student[0], first, containers=False)

    def _agreement(self, variant: Variant, outcomes: Mapping[pytest.Item, TestOutcome]) -> int:
        """Count the tests, passed or failed, in which the submission's function does what the variant does."""
        return sum(
            _agree(_of(variant.target, outcome.calls), _of(variant.target, self._variant(item, variant).calls))
            for item, outcome in outcomes.items()
            if any(call.name == variant.target for call in outcome.calls)
        )

    def _variant(self, item: pytest.Item, variant: Variant) -> TestOutcome:
        key = (item.nodeid, variant.name)
        if key not in self._runs:
            outcome = self._run_item(item, self._resources.variant_process(variant))
            self._runs[key] = replace(outcome, calls=_sharing(outcome.calls, self.reference(item).calls))
        return self._runs[key]


def _repeated(call: RecordedCall, process: StudentCode) -> RecordedCall:
    """Repeat a call in another process."""
    try:
        value, after = process.call(call.name, call.args, call.kwargs, want_arguments=call.args_after is not None)
    except StudentFailure as failure:
        return replace(call, result=None, args_after=None, failure=failure)
    return replace(call, result=value, args_after=after, failure=None)


def _sharing(calls: Calls, right: Calls) -> Calls:
    """Keep the arguments of the reference's run in place of equal ones: thirty variants would hold thirty copies."""
    shared = [
        replace(call, args=twin.args) if identical(call.args, twin.args) else call
        for call, twin in zip(calls, right, strict=False)
    ]
    return (*shared, *calls[len(shared) :])


def _of(name: str, calls: Calls) -> Calls:
    return tuple(call for call in calls if call.name == name)


def _matches(student: Calls, wrong: Calls, right: Calls) -> bool:
    """Return whether all calls of the student have the variant's outcome, and one of them not the reference's."""
    if not student or len(wrong) < len(student):
        return False
    differs = False
    for index, (mine, theirs) in enumerate(zip(student, wrong, strict=False)):
        reference = right[index] if index < len(right) else None
        if not _same_call(mine, theirs, containers=False):  # most end here
            return False
        if _only_container_differs(theirs, reference) and not _same_call(mine, theirs, containers=True):
            return False
        differs = differs or reference is None or not _same_call(mine, reference, containers=True)
    return differs and not all(_same_call(a, b, containers=True) for a, b in zip(wrong, right, strict=False))


def _agree(student: Calls, wrong: Calls) -> bool:
    return len(wrong) >= len(student) and all(
        _same_call(a, b, containers=False) for a, b in zip(student, wrong, strict=False)
    )


def _only_container_differs(wrong: RecordedCall, right: RecordedCall | None) -> bool:
    """Return whether the variant differs only in list or array; other mistakes count in either form."""
    if right is None or _same_call(wrong, right, containers=True):
        return False
    return _same_call(wrong, right, containers=False)


def _same_call(a: RecordedCall, b: RecordedCall, *, containers: bool) -> bool:
    if a.failure or b.failure:
        return _failure(a) == _failure(b) and _same_inputs(a, b)
    return (
        alike(a.result, b.result, containers=containers)
        and alike(a.args_after, b.args_after, containers=True)
        and _same_inputs(a, b)
    )


def _same_inputs(a: RecordedCall, b: RecordedCall) -> bool:
    return a.inputs == b.inputs or alike((a.args, a.kwargs), (b.args, b.kwargs), containers=True)


def _failure(call: RecordedCall) -> Sequence[Any]:
    failure = call.failure
    if isinstance(failure, StudentRaised):
        return StudentRaised, failure.kind
    if isinstance(failure, LimitExceeded):
        return LimitExceeded, failure.limit
    return (type(failure),)
