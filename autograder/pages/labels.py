"""The words around the results on pages; what a result says is in `explain`."""

from __future__ import annotations

from autograder.explain import status_text
from autograder.i18n import N_, render
from autograder.report import Status

__all__ = ["LABELS", "Labels"]

LABELS = {
    # every page
    "skip": N_("Skip to the content"),
    "light": N_("Light"),
    "dark": N_("Dark"),
    "pages": N_("Pages"),
    "made": N_("Made by nn-autograder on {when}. Scores are those of the automatic grading, before any late penalty."),
    "unknown": N_("unknown"),
    # tables
    "search": N_("Search"),
    "show": N_("Show"),
    "all": N_("all"),
    "only_missing": N_("with missing work"),
    "only_error": N_("not graded: grader error"),
    "only_pending": N_("pending"),
    "only_late": N_("late"),
    "rows_shown": N_("{shown} of {all} shown"),
    "student": N_("Student"),
    "students": N_("Students"),
    "assignment": N_("Assignment"),
    "question": N_("Question"),
    "questions": N_("Questions"),
    "criterion": N_("Criterion"),
    "points": N_("Points"),
    "state": N_("State"),
    "reason": N_("Reason"),
    "time": N_("Time"),
    "mean": N_("Mean"),
    "median": N_("Median"),
    "difficulty": N_("Difficulty"),
    "discrimination": N_("Discrimination"),
    "misconception": N_("Misconception"),
    "misconceptions": N_("Misconceptions"),
    "feedback": N_("Feedback"),
    # the instructor's pages
    "overview": N_("Overview"),
    "errors_of_ours": N_("Not graded because of a grader error: {count}"),
    "errors_explained": N_("No score was given. Read the reason, correct it, and run the same command again."),
    "unreadable": N_("this file is no report; grade this submission again"),
    "submissions": N_("Submissions"),
    "graded": N_("Graded"),
    "pending": N_("Pending"),
    "missing": N_("Missing"),
    "late": N_("Late"),
    "late_days": N_("late: {days} d"),
    "late_unknown": N_(
        "Which submissions were late is not known. The option --submitted reads the times from the folder that they "
        "were collected in."
    ),
    "failed": N_("Not graded"),
    "scores": N_("Scores"),
    "scores_explained": N_(
        "Number of submissions by the share of the points that were graded automatically; missing work is left out. "
        "The dashed line is the median."
    ),
    "handed_in": N_("{count} of {of} handed in"),
    "count_missing": N_("{count} missing"),
    "count_late": N_("{count} late"),
    "no_misconceptions": N_("No known misconception was found."),
    "questions_explained": N_(
        "Difficulty is the mean share of the points: high is easy. Discrimination is the correlation with the rest of "
        "the assignment, from -1 to 1: low means that the question does not tell strong from weak work, negative that "
        "it deserves a look."
    ),
    "lost_points": N_("Lost points"),
    "times": N_("Time per submission"),
    "times_explained": N_("Number of submissions by the seconds that grading took; each bar covers twice the time."),
    "longest": N_("longest"),
    "median_time": N_("Median time"),
    "students_explained": N_(
        "Points of the automatic grading; the mean is that of the shares of the points, over what has a score."
    ),
    "as_seen": N_("As the student sees it"),
    "points_of": N_("{points} points"),
    "by_a_person": N_("graded by a person"),
    "passed_by": N_("Passed by"),
    "ways": N_("How it failed"),
    "nobody_failed": N_("Nobody lost points here."),
    # the classifier
    "learning": N_("Training"),
    "learning_explained": N_(
        "Each submission trained once on the same practice digits; {count} of {of} gave something to show."
    ),
    "learning_curves": N_("Learning curves: loss by epoch"),
    "class_curves": N_("the class"),
    "tensorflow": N_("TensorFlow {version} on {device}"),
    "beyond": N_("Of the class, {count} leave the frame, have gaps or another number of losses."),
    "epoch": N_("epoch"),
    "loss_curves": N_("Loss by epoch: the curves of {count} submissions."),
    "accuracies": N_("Accuracy on held-out digits"),
    "confusion": N_("Confusion matrix of the class"),
    "confusion_explained": N_(
        "How many in a hundred of a digit (row) were taken for another (column), all submissions together."
    ),
    "is_taken_for": N_("is taken for"),
    "fastest": N_("Fastest training"),
    "slowest": N_("Slowest training"),
    "accuracy": N_("Accuracy"),
    "last_loss": N_("Last loss"),
    "weights": N_("Weights"),
    "weights_explained": N_("What each digit's weights look like: red pixels speak for it, blue ones against it."),
    "weights_of": N_("Weights of {student}: one image for each digit from 0 to 9"),
    "choose": N_("Submission"),
    # the student's page
    "feedback_for": N_("Feedback for"),
    "of_points": N_("of {points} points"),
    "written_open": N_("Written answers are not graded yet."),
    "next": N_("What to do next"),
    "about_notebook": N_("Your notebook"),
    "more_cells": N_("{count} more cells that stopped"),
    "passed": N_("passed"),
    "not_passed": N_("not passed"),
    "open": N_("not graded yet"),
    "curve_of": N_("{name}: your curve and the right one, for z from {low} to {high}"),
    "your_curve": N_("yours"),
    "right_curve": N_("right"),
    "your_training": N_("Your training"),
    "your_training_explained": N_(
        "On practice digits that do not count: {seconds}, and {accuracy} of the digits that it was not trained on are "
        "read correctly."
    ),
    "loss_curve": N_("Your loss by epoch"),
    "graded_on": N_("Graded on {when}."),
    "histogram": N_("Histogram: {bins}."),
    "bin": N_("{low} to {high}: {count}"),
}


class Labels:
    """The words of pages in one language: `t("overview")`; what takes parameters is filled with them."""

    def __init__(self, lang: str) -> None:
        self.lang = lang
        self._plain = {key: render(text, {}, lang) for key, text in LABELS.items()}
        self._states = {status: status_text(status, lang) for status in Status}

    def __call__(self, key: str, **params: object) -> str:
        """Return the words of a key; raises KeyError if LABELS does not have it."""
        return render(LABELS[key], params, self.lang) if params else self._plain[key]

    def status(self, status: Status) -> str:
        """Name a status."""
        return self._states[status]
