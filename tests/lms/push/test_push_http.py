"""The way out: patience with bounds, and a token that goes to its own platform only."""

from __future__ import annotations

import ssl
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from ipaddress import IPv4Address
from pathlib import Path

import pytest
from lms_platform import Clock, Drip, Platform, Request, Response

from autograder.errors import PushError, PushUnsettled
from autograder.lms.push.credentials import Secret, check_address
from autograder.lms.push.http import HttpClient

TOKEN = "tokenSECRETtoken"  # noqa: S105 - opens nothing


class Echo(Platform):
    """Answers with what it is told to, else with {}."""

    def is_write(self, request: Request) -> bool:
        return request.method == "POST"

    def answer(self, request: Request) -> Response:
        return Response(body={})


@pytest.fixture
def echo() -> Iterator[Echo]:
    with Echo().serving() as platform:
        yield platform


@pytest.fixture
def clock() -> Clock:
    return Clock()


def way(platform: Platform, waits: Clock, **changed) -> HttpClient:
    secret = Secret(TOKEN)
    return HttpClient([platform.url], token=lambda: secret, secrets=[secret], patience=waits.patience(**changed))


def test_the_token_is_sent_in_a_header_and_nowhere_else(echo, clock):
    way(echo, clock).get(f"{echo.url}/x")
    assert echo.log[0].headers["authorization"] == f"Bearer {TOKEN}"
    assert TOKEN not in echo.log[0].path + str(echo.log[0].query)


def test_nothing_from_netrc(echo, clock, tmp_path, monkeypatch):
    (tmp_path / "netrc").write_text("machine 127.0.0.1 login a password b\n")
    monkeypatch.setenv("NETRC", str(tmp_path / "netrc"))
    HttpClient([echo.url], patience=clock.patience()).get(f"{echo.url}/x")
    assert "authorization" not in echo.log[0].headers


def test_waits_grow_and_end(echo, clock):
    echo.read_faults.extend(["503 before"] * 9)
    with pytest.raises(PushError, match=r"answered 503: <h1>busy</h1>. Run again later"):
        way(echo, clock).get(f"{echo.url}/x")
    assert clock.slept == [1.0, 2.0, 4.0, 8.0]
    assert len(echo.log) == 5


@pytest.mark.parametrize(("header", "seconds"), [("7", 7.0), ("0", 1.0), ("soon", 1.0), ("", 1.0), ("-5", 1.0)])
def test_retry_after_is_respected(echo, clock, header, seconds):
    echo.retry_after = header
    echo.read_faults.append("429")
    assert way(echo, clock).get(f"{echo.url}/x").status_code == 200
    assert clock.slept == [seconds]


def test_retry_after_as_a_date(echo, clock):
    echo.retry_after = "Sat, 28 Nov 2026 12:00:31 GMT"
    echo.read_faults.append("429")
    way(echo, clock).get(f"{echo.url}/x")
    assert clock.slept == [pytest.approx(30.75)]


def test_nobody_waits_for_an_hour(echo, clock):
    echo.retry_after = "3600"
    echo.read_faults.append("429")
    with pytest.raises(PushError, match="asks to wait 3600 s"):
        way(echo, clock).get(f"{echo.url}/x")
    assert clock.slept == []


def test_what_may_have_been_done_is_not_done_again(echo, clock):
    for fault in ("503 after", "mute after", "503 before", "mute before"):
        echo.faults.append(fault)
        with pytest.raises(PushUnsettled):
            way(echo, clock).post(f"{echo.url}/x")
    assert len(echo.log) == 4


def test_what_was_not_taken_is_sent_again(echo, clock):
    echo.faults.append("429")
    assert way(echo, clock).post(f"{echo.url}/x").status_code == 200
    assert len(echo.log) == 2


def test_no_connection_is_certainly_not_done(clock):
    http = HttpClient(["http://127.0.0.1:9"], patience=clock.patience())
    with pytest.raises(PushError, match="no connection") as caught:
        http.post("http://127.0.0.1:9/x")
    assert not isinstance(caught.value, PushUnsettled)
    assert len(clock.slept) == 4


@pytest.mark.parametrize("status", [400, 401, 403, 404, 409, 422])
def test_a_refusal_is_an_answer(echo, clock, status):
    echo.instead = lambda request: Response(status, {"message": "no"})
    assert way(echo, clock).get(f"{echo.url}/x").status_code == status
    assert len(echo.log) == 1


def test_a_redirect_within_the_platform_is_followed(echo, clock):
    echo.instead = lambda request: Response(302, b"", {"Location": "/b?x=1"}) if request.path == "/a" else None
    assert way(echo, clock).get(f"{echo.url}/a").url == f"{echo.url}/b?x=1"


def test_a_redirect_to_another_host_is_not(echo, clock):
    with Echo().serving() as other:
        echo.instead = lambda request: Response(302, b"", {"Location": f"{other.url}/steal"})
        with pytest.raises(PushError, match=r"redirects to 127.0.0.1:\d+; nothing is sent there"):
            way(echo, clock).get(f"{echo.url}/a")
        assert other.log == []


@pytest.mark.parametrize("status", [301, 302, 307, 308])
def test_a_redirect_of_a_write_is_not_followed(echo, clock, status):
    echo.instead = lambda request: Response(status, b"", {"Location": "/b"})
    with pytest.raises(PushError, match="give that address"):
        way(echo, clock).post(f"{echo.url}/a")
    assert len(echo.log) == 1


def test_redirects_in_a_circle(echo, clock):
    echo.instead = lambda request: Response(302, b"", {"Location": "/a"})
    with pytest.raises(PushError, match="in a circle"):
        way(echo, clock).get(f"{echo.url}/a")


def test_another_host_gets_no_token(echo, clock):
    with Echo().serving() as other:
        with pytest.raises(PushError, match="no token of its own is sent"):
            way(echo, clock).get(f"{other.url}/x")
        assert other.log == []


def test_a_huge_body_is_not_read(echo, clock):
    echo.instead = lambda request: Response(body=Drip(b"x" * 65536, 10_000))
    with pytest.raises(PushError, match="more than 1 MB"):
        way(echo, clock, max_bytes=1 << 20).get(f"{echo.url}/x")
    assert len(echo.log) == 1


def test_a_slow_body_is_not_waited_for(echo, clock):
    import time

    echo.instead = lambda request: Response(body=Drip(b"x", 200, 0.02))
    with pytest.raises(PushError, match="did not answer in time"):
        way(echo, clock, clock=time.monotonic, whole=0.1, tries=1).get(f"{echo.url}/x")


def test_silence_is_not_waited_for(echo, clock):
    echo.instead = lambda request: Response(body=Drip(b"", 1, 0.5))
    with pytest.raises(PushError, match="did not answer in time"):
        way(echo, clock, read=0.1, tries=1).get(f"{echo.url}/x")


def test_a_body_cut_short_is_no_answer(echo, clock):
    echo.instead = lambda request: Response(body=b'{"a": 1}', headers={"Content-Length": "50"})
    with pytest.raises(PushError, match=r"connection broke|JSON"):
        way(echo, clock).get(f"{echo.url}/x").json()


def test_a_certificate_that_nobody_signed(echo, clock, tmp_path):
    """The platform is real TLS; only whom it claims to be is not vouched for."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(*self_signed(tmp_path))
    with Echo().serving(context) as secure:
        secure.url = secure.url.replace("http://", "https://")
        with pytest.raises(PushError, match="its certificate may not be valid"):
            way(secure, clock, tries=1).get(f"{secure.url}/x")
        assert secure.log == []


def self_signed(folder: Path) -> tuple[Path, Path]:
    from cryptography import x509
    from cryptography.hazmat.primitives import hashes, serialization
    from cryptography.hazmat.primitives.asymmetric import ec

    key, name = (
        ec.generate_private_key(ec.SECP256R1()),
        x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "lms")]),
    )
    begin = datetime(2026, 1, 1, tzinfo=UTC)
    made = x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key())
    made = made.serial_number(1).not_valid_before(begin).not_valid_after(begin + timedelta(days=36500))
    names = x509.SubjectAlternativeName([x509.IPAddress(IPv4Address("127.0.0.1"))])
    signed = made.add_extension(names, critical=False).sign(key, hashes.SHA256())
    encoding = serialization.Encoding.PEM
    (folder / "cert.pem").write_bytes(signed.public_bytes(encoding))
    kept = key.private_bytes(encoding, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    (folder / "tls.pem").write_bytes(kept)
    return folder / "cert.pem", folder / "tls.pem"


@pytest.mark.parametrize(
    ("body", "type_"),
    [(b'{"a": NaN}', "json"), (b"[" * 100_000, "deep"), (b"\xff\xfe", "bytes"), (b"", "nothing")],
    ids=lambda each: each if isinstance(each, str) else "",
)
def test_bodies_that_are_no_json(echo, clock, body, type_):
    echo.instead = lambda request: Response(body=body)
    with pytest.raises(PushError, match="something other than JSON"):
        way(echo, clock).get(f"{echo.url}/x").json()


def test_what_a_platform_says_is_cut_and_made_harmless(echo, clock):
    http = way(echo, clock)
    echo.instead = lambda request: Response(400, f"\x1b[31m{TOKEN}\r\n{'long ' * 100}".encode())
    said = http.said(http.get(f"{echo.url}/x"))
    assert said.startswith("127.0.0.1:")
    assert "\\x1b[31m***" in said
    assert len(said) < 260


@pytest.mark.parametrize(
    "url",
    [
        "",
        "lms.example.edu",
        "ftp://lms.example.edu",
        "https://",
        "https://user:pw@lms.example.edu",
        "https://[",
        "https://a:b",
    ],
)
def test_what_is_no_address(url):
    with pytest.raises(PushError, match="not the address of a platform"):
        check_address(url)


def test_no_token_goes_unencrypted():
    with pytest.raises(PushError, match=r"unencrypted. Write https://"):
        check_address("http://lms.example.edu")
    assert check_address("http://127.0.0.1:80/x")
    assert check_address("https://lms.example.edu:8443/moodle")
