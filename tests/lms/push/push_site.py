"""The three platforms behind one handle: what tests need to set up, and to look at from outside."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import fake_ags
import fake_canvas
import fake_moodle
from fake_ags import FakeAgs
from fake_canvas import FakeCanvas
from fake_moodle import FakeMoodle
from lms_platform import Clock, Platform

from autograder.lms.grades import Grade
from autograder.lms.push.model import PushPlan, Target
from autograder.lms.push.run import PushOptions, PushResult, preview, push
from autograder.lms.push.settings import PushSettings, connect_target

SECRETS = (fake_canvas.TOKEN, fake_moodle.TOKEN, fake_ags.ACCESS, *fake_ags.PEM.splitlines()[1:-1])
CLASS = {str(number): name for number, name in enumerate(["ana", "bo", "cyd", "dee", "eve", "o'neil", "núria"], 101)}


class Site:
    """One platform being served, and the way to push to it."""

    def __init__(self, via: str, fake: Platform, clock: Clock, folder: Path) -> None:
        self.via, self.fake, self.clock = via, fake, clock
        self.state = folder / "pushed.json"
        self.keys = {name: key for key, name in CLASS.items()}

    def target(self, **changed: Any) -> Target:
        options = {
            "canvas": {"url": self.fake.url, "course": "7", "assignment": "815"},
            "moodle": {"url": self.fake.url, "course": "12", "assignment": "41"},
            "ags": {
                "line_items": f"{self.fake.url}/lineitems",
                "memberships": f"{self.fake.url}/members",
                "token_url": f"{self.fake.url}/token",
                "audience": "the-platform",
                "client_id": "client-1",
                "key_id": "key-1",
                "assignment": "hw1",
            },
        }[self.via]
        return connect_target(self.via, "softmax", PushSettings(), options, self.clock.patience(**changed))

    def order(self, grades: list[Grade], **terms: Any) -> PushOptions:
        from autograder.lms.push.changes import PushTerms

        return PushOptions(assignment="softmax", grades=tuple(grades), state=self.state, terms=PushTerms(**terms))

    def push(self, grades: list[Grade], **terms: Any) -> PushResult:
        return push(self.target(), self.order(grades, **terms), sleep=self._sleep)

    def preview(self, grades: list[Grade], **terms: Any) -> PushPlan:
        return preview(self.target(), self.order(grades, **terms))

    def score(self, name: str) -> float | None:
        """Read the grade out of 20, past every service."""
        seen = self.fake.score(self.keys[name])
        return seen if seen is None or self.via != "ags" else seen / self.fake.most * 20

    def set(self, name: str, score: float) -> None:
        """Write a grade out of 20 as a person would."""
        key = self.keys[name]
        if self.via == "canvas":
            self.fake.grade(key, score)
        elif self.via == "moodle":
            self.fake.grades[key] = score
        else:
            self.fake.scores[key] = score / 20 * self.fake.most

    def comments(self, name: str) -> list[str]:
        key = self.keys[name]
        if self.via == "canvas":
            return self.fake.comments(key)
        return [
            text for text in [(self.fake.feedback if self.via == "moodle" else self.fake.comments).get(key)] if text
        ]

    def _sleep(self, seconds: float) -> None:
        self.clock.sleep(seconds)
        if isinstance(self.fake, FakeCanvas):
            self.fake.finish_jobs()


def make(via: str, clock: Clock) -> Platform:
    """Start anew: nobody has a grade."""
    return {
        "canvas": lambda: FakeCanvas(CLASS),
        "moodle": lambda: FakeMoodle(CLASS),
        "ags": lambda: FakeAgs(CLASS, clock),
    }[via]()
