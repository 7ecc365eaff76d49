"""The course: course.yml as typed records, every error with its place and the remedy."""

from autograder.course.reading import builtin_course, load
from autograder.course.records import Assignment, Base, Course, LatePolicy

__all__ = ["Assignment", "Base", "Course", "LatePolicy", "builtin_course", "load"]
