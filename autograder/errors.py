"""Every exception that this package raises on purpose.

* AutograderError                 base of all below; the command line prints its text and exits with 1
  x ClusterError                  a cluster cannot be reached, does not fit, or was lost: what is graded is kept
  x CourseError                   course.yml or an assignment folder is wrong
  x GraderError                   a hidden grader or a reference solution is broken: our fault, never a zero
    - BaselineError               TensorFlow's results are missing, unreadable, or cannot be computed here
  x LmsError                      a file of an LMS cannot be used, or does not fit the grades
    - ArchiveRefused              an archive of submissions is unsafe or unknown: nothing of it was written
    - TemplateRefused             a grade file cannot be read or filled: it stays as it is
  x OutputError                   the folder for results cannot be used
  x PushError                     the LMS could not be reached, said no, or answered what nobody can read
    - PushUnsettled               no answer came to something that may have been done all the same
  x ReleaseError                  an assignment cannot be turned into a student notebook
  x SandboxError                  the sandbox could not start or broke down: our fault, never a zero
    - IsolationUnavailable        the isolation level asked for does not work on this machine
  x SubmissionError               a submitted file cannot be read as a notebook: a scored zero with this reason
  x StudentFailure                the student's code did not give what a criterion asks for; it costs that criterion
    - CriterionFailed             a value came back, and it is wrong
    - NotAttempted                the starter is unchanged
    - FunctionMissing             no function of that name exists after the cells ran
    - StudentRaised               the student's code raised an exception
    - LimitExceeded               the student's process met a limit and was ended
"""

from __future__ import annotations

from collections.abc import Mapping

__all__ = [
    "ArchiveRefused",
    "AutograderError",
    "BaselineError",
    "ClusterError",
    "CourseError",
    "CriterionFailed",
    "FunctionMissing",
    "GraderError",
    "IsolationUnavailable",
    "LimitExceeded",
    "LmsError",
    "NotAttempted",
    "OutputError",
    "PushError",
    "PushUnsettled",
    "ReleaseError",
    "SandboxError",
    "StudentFailure",
    "StudentRaised",
    "SubmissionError",
    "TemplateRefused",
]


class AutograderError(Exception):
    """Base of everything this package raises on purpose."""


class ClusterError(AutograderError):
    """A cluster cannot be reached, does not fit, or was lost."""


class CourseError(AutograderError):
    """course.yml or an assignment folder is wrong."""


class GraderError(AutograderError):
    """A hidden grader or a reference solution is broken."""


class BaselineError(GraderError):
    """TensorFlow's results are missing, unreadable, or cannot be computed here."""


class LmsError(AutograderError):
    """A file of an LMS cannot be used, or does not fit the grades."""


class ArchiveRefused(LmsError):
    """An archive of submissions is unsafe or unknown; nothing of it was written."""


class TemplateRefused(LmsError):
    """A grade file cannot be read or filled; it stays as it is."""


class OutputError(AutograderError):
    """The folder for results cannot be used."""


class PushError(AutograderError):
    """The LMS could not be reached, said no, or answered what nobody can read."""


class PushUnsettled(PushError):
    """No answer came to something that may have been done all the same."""


class ReleaseError(AutograderError):
    """An assignment cannot be turned into a student notebook."""


class SandboxError(AutograderError):
    """The sandbox could not start or broke down."""


class IsolationUnavailable(SandboxError):
    """The isolation level asked for does not work on this machine."""


class _Worded(AutograderError):
    """An error that a student reads: an English template, translated when the report is written."""

    def __init__(self, template: str, /, **params: object) -> None:
        self.template = template
        self.params: Mapping[str, object] = params
        super().__init__(template.format(**params) if params else template)


class SubmissionError(_Worded):
    """A submitted file cannot be read as a notebook."""


class StudentFailure(_Worded):
    """The student's code did not give what a criterion asks for."""


class CriterionFailed(StudentFailure):
    """A value came back, and it is wrong."""


class NotAttempted(StudentFailure):
    """The starter is unchanged."""


class FunctionMissing(StudentFailure):
    """No function of that name exists after the cells ran."""


class StudentRaised(StudentFailure):
    """The student's code raised an exception; `kind` is its type's name as an untrusted process reported it."""

    def __init__(self, template: str, /, *, kind: str, line: str = "", **params: object) -> None:
        self.kind = kind
        self.line = line
        super().__init__(template, kind=kind, line=line, **params)


class LimitExceeded(StudentFailure):
    """The student's process met a limit and was ended; `limit` names it: time, memory, output, crash, protocol."""

    def __init__(self, template: str, /, *, limit: str, **params: object) -> None:
        self.limit = limit
        super().__init__(template, limit=limit, **params)
