"""HTTP as the world finds it: forged, old, malformed, huge, slow, and cut short."""

import http.client
import json
import socket
import threading
import time
from collections.abc import Iterator
from concurrent.futures import Future
from dataclasses import dataclass
from typing import Any

import pytest
from slack_sdk import WebClient
from sqlalchemy import func, select

from bot.standin.posting import sign
from handlers import build_app, close_app
from handlers.http import MAX_BODY_BYTES, HttpServer
from models import Event

SECRET = "local-signing-secret"
JSON = {"Content-Type": "application/json"}
FORM = {"Content-Type": "application/x-www-form-urlencoded"}


def event(text: str = "secretword") -> bytes:
    said = {"type": "message", "channel": "C1DATA", "user": "U1ANN", "text": text}
    body = {"type": "event_callback", "team_id": "T0LOCAL", "event_id": "Ev1"}
    return json.dumps({**body, "event": said}).encode()


def signed(body: bytes, *, ago_s: float = 0, secret: str = SECRET) -> dict[str, str]:
    stamp = str(int(time.time() - ago_s))
    return {
        "X-Slack-Request-Timestamp": stamp,
        "X-Slack-Signature": sign(secret, stamp, body),
    }


@dataclass
class Served:
    """A server, and what it is asked."""

    server: HttpServer
    deps: Any

    def post(self, body: bytes, headers: dict[str, str]) -> int:
        connection = http.client.HTTPConnection("127.0.0.1", self.server.port)
        connection.request("POST", "/slack/events", body, headers)
        status = connection.getresponse().status
        connection.close()
        return status

    def held(self) -> int:
        with self.deps.database.readers() as session:
            return session.scalar(select(func.count()).select_from(Event)) or 0


@pytest.fixture
def served(slack: Any, deps: Any) -> Iterator[Served]:
    client = WebClient(slack.app.bot_token, base_url=slack.api_url)
    app = build_app(deps, client=client, wake=lambda: None, signing_secret=SECRET)
    server = HttpServer(
        app, signing_secret=SECRET, port=0, read_timeout_s=0.2, idle_timeout_s=0.3
    )
    server.start()
    yield Served(server, deps)
    server.stop()
    close_app(app)


def test_a_signed_event_is_held(served: Served) -> None:
    body = event()

    assert served.post(body, JSON | signed(body)) == 200
    assert served.held() == 1


def test_the_case_of_headers_makes_no_difference(served: Served) -> None:
    body = event()
    headers = {name.upper(): value for name, value in (JSON | signed(body)).items()}

    assert served.post(body, headers) == 200


@pytest.mark.parametrize(
    "ago_s",
    [
        pytest.param(280, id="within five minutes"),
        pytest.param(-280, id="its clock ahead of ours"),
    ],
)
def test_a_request_of_the_last_five_minutes_is_believed(
    served: Served, ago_s: float
) -> None:
    body = event()

    assert served.post(body, JSON | signed(body, ago_s=ago_s)) == 200


BODY = event()
GOOD = signed(BODY)


@pytest.mark.parametrize(
    "headers",
    [
        pytest.param({}, id="none"),
        pytest.param(signed(BODY, secret="guessed"), id="another secret"),
        pytest.param(signed(event("other")), id="another body"),
        pytest.param(signed(BODY, ago_s=2000), id="replayed later"),
        pytest.param(signed(BODY, ago_s=-4000), id="from the future"),
        pytest.param(GOOD | {"X-Slack-Request-Timestamp": "soon"}, id="no time"),
        pytest.param(GOOD | {"X-Slack-Request-Timestamp": "9" * 5000}, id="far time"),
        pytest.param(GOOD | {"X-Slack-Signature": "v0=\xe9"}, id="no ASCII"),
        pytest.param(GOOD | {"X-Slack-Signature": ""}, id="empty"),
    ],
)
def test_a_forged_request_is_refused_and_nothing_of_it_logged(
    served: Served, headers: dict[str, str], caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("DEBUG")

    assert served.post(BODY, JSON | headers) == 401

    assert served.held() == 0
    assert "not signed by Slack" in caplog.text
    assert "secretword" not in caplog.text


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        pytest.param(b'{"type":', JSON, id="half of JSON"),
        pytest.param(b"[1]", JSON, id="a list"),
        pytest.param(b'"secretword"', JSON, id="a string"),
        pytest.param(b"\xff\xfe{}", JSON, id="not UTF-8"),
        pytest.param(b'{"a":' + b"[" * 100_000, JSON, id="nested without end"),
        pytest.param(b'{"authorizations":{"a":1}}', JSON, id="another shape"),
        pytest.param(b'{"user":5}', JSON, id="a number for a user"),
        pytest.param(b"payload=secretword", FORM, id="a payload that is none"),
        pytest.param(b"payload=%5B1%5D", FORM, id="a payload that is a list"),
        pytest.param(b"payload=null", FORM, id="a payload of nothing"),
    ],
)
def test_a_malformed_request_is_refused_whoever_signed_it(
    served: Served, body: bytes, kind: dict[str, str], caplog: pytest.LogCaptureFixture
) -> None:
    assert served.post(body, kind | signed(body)) == 400

    assert "secretword" not in caplog.text


def test_an_unknown_character_set_is_no_failure(served: Served) -> None:
    body = event()
    headers = signed(body) | {"Content-Type": "application/json; charset=klingon"}

    assert served.post(body, headers) == 200


@pytest.mark.parametrize(
    ("size", "status"), [(MAX_BODY_BYTES, 401), (MAX_BODY_BYTES + 1, 413)]
)
def test_a_body_has_its_limit(served: Served, size: int, status: int) -> None:
    assert served.post(b" " * size, JSON) == status


@pytest.mark.parametrize(("method", "status"), [("GET", 405), ("PUT", 405)])
def test_only_posts_are_taken(served: Served, method: str, status: int) -> None:
    connection = http.client.HTTPConnection("127.0.0.1", served.server.port)
    connection.request(method, "/slack/events")

    assert connection.getresponse().status == status
    connection.close()


def reads_until_closed(sock: socket.socket) -> bytes:
    sock.settimeout(10)
    seen = b""
    while more := sock.recv(4096):
        seen += more
    return seen


@pytest.mark.parametrize(
    ("sent", "answer"),
    [
        pytest.param(b"", b"", id="no word"),
        pytest.param(b"POST /slack/events HTTP/1.1\r\nHost: x\r\n", b"", id="half"),
        pytest.param(
            b"POST /slack/events HTTP/1.1\r\nHost: x\r\nContent-Length: 9\r\n\r\n{",
            b"408",
            id="half of a body",
        ),
    ],
)
def test_who_is_slow_is_let_go(served: Served, sent: bytes, answer: bytes) -> None:
    with socket.create_connection(("127.0.0.1", served.server.port)) as sock:
        sock.sendall(sent)
        seen = reads_until_closed(sock)

    assert answer in seen


def test_one_byte_at_a_time_is_let_go_as_well(served: Served) -> None:
    with socket.create_connection(("127.0.0.1", served.server.port)) as sock:
        started = time.monotonic()
        with pytest.raises(OSError):  # noqa: PT011 - reset or broken, as it comes
            drip(sock)

    assert time.monotonic() - started < 5


def drip(sock: socket.socket) -> None:
    """Send a head that never ends."""
    for _ in range(500):
        sock.sendall(b"G")
        threading.Event().wait(0.02)


def test_what_was_taken_is_finished_before_it_stops(slack: Any, deps: Any) -> None:
    began, go = threading.Event(), threading.Event()
    client = WebClient(slack.app.bot_token, base_url=slack.api_url)

    def wake() -> None:
        began.set()
        go.wait(10)

    app = build_app(deps, client=client, wake=wake, signing_secret=SECRET)
    server = HttpServer(app, signing_secret=SECRET, port=0)
    server.start()
    served = Served(server, deps)
    body = event()
    status: Future[int] = Future()
    asker = threading.Thread(
        target=lambda: status.set_result(served.post(body, JSON | signed(body)))
    )
    asker.start()
    began.wait(10)
    stopper = threading.Thread(target=server.stop)
    stopper.start()

    go.set()
    stopper.join(10)

    assert status.result(10) == 200
    with pytest.raises(ConnectionRefusedError):
        served.post(body, {})
    asker.join()
    close_app(app)
