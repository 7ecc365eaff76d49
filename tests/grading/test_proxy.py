"""The student's proxy: calls are recorded, arguments are copies, failures have their kinds."""

from __future__ import annotations

import warnings

import numpy as np
import pytest

from autograder.errors import FunctionMissing, GraderError, NotAttempted, StudentRaised
from autograder.grading.proxy import LocalCode, Student, take_calls
from autograder.sandbox import Limits, Opaque, Sandbox


class OwnError(Exception):
    """An exception of the student's own."""


def fails(error: BaseException):
    def function():
        raise error

    return function


def clear(x):
    x[:] = 0
    return x


@pytest.fixture
def student() -> Student:
    return Student(
        LocalCode(
            {
                "clear": clear,
                "not_yet": fails(NotImplementedError()),
                "wrong": fails(ValueError("the hidden input is 42")),
                "own": fails(OwnError("42")),
                "noisy": lambda: np.log(np.zeros(1)) + (warnings.warn("noise", stacklevel=1) or 0),
                "matrix": lambda: np.matrix([[1.0]]),
                "number": 3,
            }
        )
    )


def test_arguments_are_copies_and_come_back_as_the_call_left_them(student: Student):
    x = np.ones(3)
    value, (after,) = student.clear.with_arguments(x)
    assert x.tolist() == [1, 1, 1]
    assert value.tolist() == after.tolist() == [0, 0, 0]


def test_calls_are_recorded_in_order_with_results_and_failures(student: Student):
    student.clear(np.ones(2))
    with pytest.raises(StudentRaised):
        student.wrong()
    first, second = take_calls(student)
    assert (first.name, first.result.tolist(), first.failure) == ("clear", [0, 0], None)
    assert (second.name, second.result, type(second.failure)) == ("wrong", None, StudentRaised)
    assert take_calls(student) == ()


def test_failures_have_the_kinds_of_the_sandbox_and_none_of_the_students_text(student: Student):
    with pytest.raises(NotAttempted):
        student.not_yet()
    with pytest.raises(FunctionMissing, match="nowhere is not defined"):
        student.nowhere()
    with pytest.raises(FunctionMissing):
        student.number()
    with pytest.raises(StudentRaised, match=r"^wrong raised ValueError$"):
        student.wrong()
    with pytest.raises(StudentRaised, match=r"^own raised an exception of its own$"):
        student.own()


def test_an_exception_is_called_the_same_here_and_in_the_sandbox():
    code = """
import numpy as np
class OwnError(ValueError): pass
def promote(): raise np.exceptions.DTypePromotionError("no common type")
def axis(): return np.sum(np.ones(2), axis=3)
def solve(): return np.linalg.inv(np.zeros((2, 2)))
def add(): return np.add(1, "x")
def own(): raise OwnError("42")
"""
    namespace: dict[str, object] = {}
    exec(code, namespace)  # noqa: S102 - the lines above
    here = LocalCode(namespace)
    with Sandbox(Limits()) as sandbox, sandbox.run([code]) as there:
        for name in ("promote", "axis", "solve", "add", "own"):
            kinds = []
            for process in (here, there):
                with pytest.raises(StudentRaised) as raised:
                    process.call(name, (), {})
                kinds.append(raised.value.kind)
            assert kinds[0] == kinds[1], name


def test_warnings_of_a_function_are_not_failures(student: Student):
    assert student.noisy().tolist() == [-np.inf]


def test_a_value_that_would_not_cross_does_not_cross_here_either(student: Student):
    assert type(student.matrix()) is Opaque


def test_an_argument_that_cannot_cross_is_the_graders_fault(student: Student):
    with pytest.raises(GraderError, match=r"student\.clear cannot be sent"):
        student.clear(lambda: None)


def test_names_with_underscores_are_no_functions_of_the_student(student: Student):
    with pytest.raises(AttributeError):
        _ = student.__array_interface__
