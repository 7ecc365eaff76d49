"""lms.yml, and where secrets come from."""

from __future__ import annotations

import copy
import json
import pickle
from pathlib import Path

import keyring
import keyring.backend
import keyring.errors
import pytest

from autograder.errors import PushError
from autograder.lms.push import credentials, settings
from autograder.lms.push.credentials import Secret
from autograder.lms.push.model import JoinBy
from autograder.lms.push.settings import connect_target

WHOLE = """\
format_version: 1
join: login
canvas:
  url: https://canvas.example.edu
  course: 4711
  assignments: {softmax: 815, mse: HW 3}
moodle:
  url: https://moodle.example.edu
  course: 12
ags:
  line_items: https://moodle.example.edu/mod/lti/services.php/12/lineitems?type_id=1
  memberships: https://moodle.example.edu/mod/lti/services.php/CourseSection/12/bindings/1/memberships
  token_url: https://moodle.example.edu/mod/lti/token.php
  client_id: abc
  key_id: k1
"""


def load(tmp_path, text):
    path = tmp_path / "lms.yml"
    path.write_text(text)
    return settings.load_settings(path)


def test_a_whole_file(tmp_path):
    file = load(tmp_path, WHOLE)
    assert file.join is JoinBy.LOGIN
    assert file.services["canvas"].assignments == {"softmax": 815, "mse": "HW 3"}


def test_the_file_in_the_guide_is_one(tmp_path):
    guide = (Path(__file__).parents[3] / "docs" / "lms.md").read_text(encoding="utf-8")
    file = load(tmp_path, guide.partition("`lms.yml`:\n\n```yaml\n")[2].partition("```")[0])
    canvas, moodle, ags = (file.services[name] for name in ("canvas", "moodle", "ags"))
    assert (canvas.course, moodle.assignments, ags.key_id) == (4711, {"softmax": 41}, "nn-autograder-1")


def test_no_file_is_an_empty_one(tmp_path):
    assert settings.load_settings(tmp_path / "lms.yml") == settings.PushSettings()


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("format_version: 1\ncanvas: {uri: x}\n", r"lms.yml:2: `canvas.uri`: .*url"),
        ("format_version: 1\ncanvas: {course: [1]}\n", r":2: `canvas.course`"),
        ("format_version: 1\njoin: surname\n", r":2: `join`"),
        ("format_version: 2\n", r":1: this nn-autograder knows format 1"),
        ("canvas: {url: x}\n", r"format_version"),
        ("- a\n", r"expected"),
        ("a: [\n", r"lms.yml:2"),
        ("format_version: 1\ncanvas: {token: x}\n", r":2: `canvas.token` looks like a secret.*make a new one"),
        ("format_version: 1\nags:\n  private_key: |\n    x\n", r":3: `ags.private_key` looks like a secret"),
        ("format_version: 1\nmoodle: {PassWord: x}\n", r"`moodle.PassWord` looks like a secret"),
        ("format_version: 1\nags: {key_id: '-----BEGIN PRIVATE KEY-----'}\n", r"`ags.key_id` looks like a secret"),
        ("x: [{api_key: 1}]\n", r"`x\[0\].api_key` looks like a secret"),
    ],
)
def test_errors_name_the_line_and_the_key(tmp_path, text, said):
    with pytest.raises(PushError, match=said):
        load(tmp_path, text)


def test_an_assignment_may_be_called_like_a_secret(tmp_path):
    text = "format_version: 1\ncanvas: {assignments: {tokenizer: 4}}\n"
    assert load(tmp_path, text).services["canvas"].assignments == {"tokenizer": 4}


def test_other_files(tmp_path):
    (tmp_path / "lms.yml").write_bytes(b"\xff\xfe")
    with pytest.raises(PushError, match="not UTF-8"):
        settings.load_settings(tmp_path / "lms.yml")
    (tmp_path / "lms.yml").write_bytes(b"#" * (300 << 10))
    with pytest.raises(PushError, match="more than 256 KB"):
        settings.load_settings(tmp_path / "lms.yml")
    with pytest.raises(PushError, match="cannot be read"):
        settings.load_settings(tmp_path)


@pytest.mark.parametrize(
    ("via", "options", "said"),
    [
        ("canvas", {}, "canvas: the address is not known. Give --url"),
        ("moodle", {"url": "https://m.example.edu"}, "Give --lms-course"),
        ("canvas", {"url": "http://m.example.edu"}, "unencrypted"),
        ("canvas", {"url": "https://m.example.edu", "course": "7/../8"}, "not a course number"),
        ("ags", {}, "Give --line-items"),
        (
            "ags",
            {"line_items": "https://m/l", "memberships": "https://m/m", "token_url": "https://m/t"},
            "--client-id",
        ),
    ],
)
def test_what_is_missing_is_asked_for(via, options, said):
    with pytest.raises(PushError, match=said):
        connect_target(via, "softmax", settings.PushSettings(), options)


class Ring(keyring.backend.KeyringBackend):
    """A keyring in memory."""

    priority = 1

    def __init__(self):
        super().__init__()
        self.held = {}

    def get_password(self, service, username):
        return self.held.get((service, username))

    def set_password(self, service, username, password):
        self.held[service, username] = password

    def delete_password(self, service, username):
        raise keyring.errors.PasswordDeleteError


@pytest.fixture
def ring():
    before, mine = keyring.get_keyring(), Ring()
    keyring.set_keyring(mine)
    yield mine
    keyring.set_keyring(before)


def test_a_token_from_the_environment_or_else_from_the_keyring(ring):
    ring.set_password("nn-autograder", "canvas.example.edu", "fromring")
    assert credentials.find_token("V", "canvas.example.edu", {"V": " fromenv\n"}).reveal() == "fromenv"
    assert credentials.find_token("V", "canvas.example.edu", {}).reveal() == "fromring"
    with pytest.raises(PushError, match=r"no token for other.example.edu. Set V, or .*keyring set nn-autograder other"):
        credentials.find_token("V", "other.example.edu", {})


def test_a_keyring_that_is_broken_is_none(ring, monkeypatch):
    def broken(service, username):
        raise keyring.errors.KeyringLocked("locked")

    monkeypatch.setattr(ring, "get_password", broken)
    with pytest.raises(PushError, match="there is no token"):
        credentials.find_token("V", "h", {})


@pytest.mark.parametrize("value", ["a b", "a\nb", "ñ", "\x1b[0m"])
def test_a_token_that_is_none(value, ring):
    with pytest.raises(PushError, match="characters that no token has") as caught:
        credentials.find_token("V", "h", {"V": value})
    assert value not in str(caught.value)


def test_a_key_is_its_owners_alone(tmp_path, ring):
    path = tmp_path / "key.pem"
    path.write_text("-----BEGIN RSA PRIVATE KEY-----\nabc\n")
    path.chmod(0o640)
    with pytest.raises(PushError, match="chmod 600"):
        credentials.find_private_key("K", "h", {"K": str(path)})
    path.chmod(0o600)
    assert "abc" in credentials.find_private_key("K", "h", {"K": str(path)}).reveal()
    path.write_text("ssh-rsa AAAA")
    with pytest.raises(PushError, match="not a private key in PEM form"):
        credentials.find_private_key("K", "h", {"K": str(path)})
    with pytest.raises(PushError, match="cannot be read"):
        credentials.find_private_key("K", "h", {"K": str(tmp_path / "nowhere")})
    ring.set_password("nn-autograder", "h", "-----BEGIN PRIVATE KEY-----")
    assert credentials.find_private_key("K", "h", {}).reveal().startswith("-----BEGIN")


def test_a_secret_shows_itself_to_nobody():
    secret = Secret("hunter2")
    assert "hunter2" not in f"{secret} {secret!r} {[secret]} {secret:}"
    for way in (pickle.dumps, copy.deepcopy, json.dumps):
        with pytest.raises(TypeError):
            way(secret)
