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

from autograder.lms.push.connect import Options, Via, connect
from autograder.lms.push.records import Plan, Target
from autograder.lms.push.run import Order, Pushed, preview, push
from autograder.lms.push.settings import File
from autograder.lms.records import Grade

SECRETS = (fake_canvas.TOKEN, fake_moodle.TOKEN, fake_ags.ACCESS, *fake_ags.PEM.splitlines()[1:-1])
CLASS = {str(number): name for number, name in enumerate(["ana", "bo", "cyd", "dee", "eve", "o'neil", "núria"], 101)}


class Site:
    """One platform being served, and the way to push to it."""

    def __init__(self, via: Via, fake: Platform, clock: Clock, folder: Path) -> None:
        self.via, self.fake, self.clock = via, fake, clock
        self.state = folder / "pushed.json"
        self.keys = {name: key for key, name in CLASS.items()}

    def target(self, **changed: Any) -> Target:
        options = {
            Via.CANVAS: Options(url=self.fake.url, course="7", assignment="815"),
            Via.MOODLE: Options(url=self.fake.url, course="12", assignment="41"),
            Via.AGS: Options(
                line_items=f"{self.fake.url}/lineitems",
                memberships=f"{self.fake.url}/members",
                token_url=f"{self.fake.url}/token",
                audience="the-platform",
                client_id="client-1",
                key_id="key-1",
                assignment="hw1",
            ),
        }[self.via]
        return connect(self.via, "softmax", File(1), options, self.clock.patience(**changed))

    def order(self, grades: list[Grade], **terms: Any) -> Order:
        from autograder.lms.push.plan import Terms

        return Order(assignment="softmax", grades=tuple(grades), state=self.state, terms=Terms(**terms))

    def push(self, grades: list[Grade], **terms: Any) -> Pushed:
        return push(self.target(), self.order(grades, **terms), sleep=self._sleep)

    def preview(self, grades: list[Grade], **terms: Any) -> Plan:
        return preview(self.target(), self.order(grades, **terms))

    def score(self, name: str) -> float | None:
        """Read the grade out of 20, past every service."""
        seen = self.fake.score(self.keys[name])
        return seen if seen is None or self.via is not Via.AGS else seen / self.fake.most * 20

    def set(self, name: str, score: float) -> None:
        """Write a grade out of 20 as a person would."""
        key = self.keys[name]
        if self.via is Via.CANVAS:
            self.fake.grade(key, score)
        elif self.via is Via.MOODLE:
            self.fake.grades[key] = score
        else:
            self.fake.scores[key] = score / 20 * self.fake.most

    def comments(self, name: str) -> list[str]:
        key = self.keys[name]
        if self.via is Via.CANVAS:
            return self.fake.comments(key)
        return [
            text for text in [(self.fake.feedback if self.via is Via.MOODLE else self.fake.comments).get(key)] if text
        ]

    def _sleep(self, seconds: float) -> None:
        self.clock.sleep(seconds)
        if isinstance(self.fake, FakeCanvas):
            self.fake.finish_jobs()


def make(via: Via, clock: Clock) -> Platform:
    """Start anew: nobody has a grade."""
    return {
        Via.CANVAS: lambda: FakeCanvas(CLASS),
        Via.MOODLE: lambda: FakeMoodle(CLASS),
        Via.AGS: lambda: FakeAgs(CLASS, clock),
    }[via]()
