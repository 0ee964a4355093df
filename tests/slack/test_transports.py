"""Socket Mode and HTTP: connected, kept connected, and closed in time."""

import asyncio
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from typing import Any

import pytest
from aiohttp import WSMessage, WSMsgType
from slack_bolt import App
from sqlalchemy import func, select, text

from bot.metrics import Metrics, expose
from bot.standin.delivery import Delivery
from handlers import build_app, close_app
from handlers.http import HttpServer
from handlers.loop_thread import LoopThread
from handlers.socket_link import LinkRefusedError, _read
from handlers.socket_mode import SocketMode
from handlers.socket_watch import Heartbeat
from models import Event

ANN, CAT = "U1ANN", "U3CAT"


@pytest.fixture
def app(slack: Any, deps: Any) -> Iterator[App]:
    app = build_app(deps, client=client_of(slack), wake=lambda: None)
    yield app
    close_app(app)


def events_held(deps: Any) -> int:
    with deps.database.readers() as session:
        return session.scalar(select(func.count()).select_from(Event)) or 0


def wait_until(claim: Any) -> None:
    for _ in range(1000):
        if claim():
            return
        threading.Event().wait(0.01)
    raise AssertionError("it did not happen in ten seconds")


def test_a_renewed_connection_loses_nothing(world: Any) -> None:
    world.slack.disconnect("refresh_requested")
    for i in range(5):
        world.person(ANN).post("C1DATA", f"hello {i}")
    world.slack.settle()

    assert events_held(world.deps) == 5


def test_a_broken_connection_is_made_again(slack: Any, deps: Any, world: Any) -> None:
    # The one of `world` takes five seconds to notice; this one a tenth.
    app = world.app
    socket = SocketMode(
        app,
        app_token=slack.app.app_token,
        base_url=slack.api_url,
        heartbeat=Heartbeat(idle_s=0.1),
    )
    socket.start()
    slack.wait_connected(2)

    slack.cut()
    wait_until(lambda: slack.connection_count >= 1)
    world.person(ANN).post("C1DATA", "hello again")
    slack.settle()

    assert events_held(deps) == 1
    wait_until(lambda: socket.seconds_since_heard() < 1.0)
    socket.stop()


UNREADABLE = [
    pytest.param({"type": "event_callback", "authorizations": ["x"]}, id="bolt fails"),
    pytest.param([1], id="no object"),
    pytest.param(None, id="nothing"),
]


@pytest.mark.parametrize("payload", UNREADABLE)
def test_what_can_never_be_read_is_acknowledged_once_and_counted(
    slack: Any, app: Any, payload: Any, caplog: pytest.LogCaptureFixture
) -> None:
    metrics = Metrics()
    socket = SocketMode(
        app,
        app_token=slack.app.app_token,
        base_url=slack.api_url,
        metrics=metrics,
    )
    socket.start()
    slack.wait_connected(1)
    delivery = Delivery("Ev1", "events_api", payload)
    slack.world.send(delivery)
    slack.settle()
    socket.stop()

    assert (delivery.acked, delivery.attempts) == (True, 1)
    counted = expose(metrics.families())
    assert 'grapevine_events_total{outcome="unreadable"} 1' in counted
    assert 'calls_total{method="apps.connections.open",result="ok"} 1' in counted
    assert "acknowledged what cannot be read" in caplog.text


def test_what_is_no_json_is_acknowledged_by_its_id() -> None:
    deep = f'{{"envelope_id":"a-1","payload":{"[" * 100_000}'
    fake = '{"payload":{"text":"\\"envelope_id\\":\\"b-2\\""}'

    assert [_read(_text(one)) for one in (deep, fake)] == [{"envelope_id": "a-1"}, {}]


def _text(data: str) -> WSMessage:
    return WSMessage(WSMsgType.TEXT, data, None)


def test_it_knows_how_long_slack_has_been_silent(slack: Any, world: Any) -> None:
    socket = SocketMode(
        world.app,
        app_token=slack.app.app_token,
        base_url=slack.api_url,
        heartbeat=Heartbeat(idle_s=0.05),
    )
    assert socket.seconds_since_heard() < 5.0
    socket.start()

    wait_until(lambda: socket.seconds_since_heard() < 0.2)

    socket.stop()


def test_stopping_takes_little_time_and_leaves_no_thread(slack: Any, deps: Any) -> None:
    before = set(threading.enumerate())
    app = build_app(deps, client=client_of(slack), wake=lambda: None)
    socket = SocketMode(app, app_token=slack.app.app_token, base_url=slack.api_url)
    socket.start()
    slack.wait_connected()
    started = time.monotonic()

    socket.stop()
    close_app(app)

    assert time.monotonic() - started < 10
    left = {t for t in threading.enumerate() if t.is_alive()} - before
    assert left == set()


def client_of(slack: Any) -> Any:
    from slack_sdk import WebClient  # noqa: PLC0415 - local to this

    return WebClient(slack.app.bot_token, base_url=slack.api_url)


def test_a_refused_token_is_told_at_once(
    slack: Any, deps: Any, caplog: pytest.LogCaptureFixture
) -> None:
    app = build_app(deps, client=client_of(slack), wake=lambda: None)
    socket = SocketMode(app, app_token="xapp-wrong", base_url=slack.api_url)

    with pytest.raises(LinkRefusedError, match="SLACK_APP_TOKEN"):
        socket.start()

    socket.stop()
    close_app(app)
    caplog.clear()


@pytest.fixture
def served(slack: Any, deps: Any) -> Any:
    app = build_app(
        deps,
        client=client_of(slack),
        wake=lambda: None,
        signing_secret=slack.app.signing_secret,
    )
    health = [True]
    server = HttpServer(
        app,
        signing_secret=slack.app.signing_secret,
        port=0,
        is_healthy=lambda: health[0],
    )
    server.start()
    yield f"http://127.0.0.1:{server.port}", health
    server.stop()
    close_app(app)


def test_signed_requests_are_taken_over_http(
    slack: Any, deps: Any, served: Any
) -> None:
    url, _ = served

    assert slack.post_to(f"{url}/slack/events") is True
    slack.as_user(ANN).post("C1DATA", "hello")
    slack.settle()
    slack.as_user(CAT).command("/grapevine", "help", "C1DATA")
    wait_until(lambda: slack.ephemerals)

    assert events_held(deps) == 1


def post(url: str) -> int:
    request = urllib.request.Request(url, data=b'{"type":"event_callback"}')  # noqa: S310
    try:
        with urllib.request.urlopen(request, timeout=5) as answer:  # noqa: S310
            return int(answer.status)
    except urllib.error.HTTPError as error:
        with error:
            return error.code


def test_unsigned_requests_are_refused(deps: Any, served: Any) -> None:
    url, _ = served

    assert post(f"{url}/slack/events") == 401
    assert events_held(deps) == 0


def test_an_app_without_a_signing_secret_believes_no_request(
    slack: Any, deps: Any
) -> None:
    app = build_app(deps, client=client_of(slack), wake=lambda: None)
    server = HttpServer(app, signing_secret=slack.app.signing_secret, port=0)
    server.start()

    assert slack.post_to(f"http://127.0.0.1:{server.port}/slack/events") is False

    server.stop()
    close_app(app)


@pytest.mark.parametrize(("is_well", "status"), [(True, 200), (False, 503)])
def test_health_is_told(served: Any, is_well: bool, status: int) -> None:  # noqa: FBT001
    url, health = served
    health[0] = is_well

    try:
        with urllib.request.urlopen(f"{url}/healthz", timeout=5) as answer:  # noqa: S310
            seen = answer.status
    except urllib.error.HTTPError as error:
        with error:
            seen = error.code

    assert seen == status


def test_an_event_that_cannot_be_held_is_sent_again_by_slack(
    world: Any, caplog: pytest.LogCaptureFixture
) -> None:
    with world.deps.database.sessions.begin() as session:
        session.execute(text("ALTER TABLE events RENAME TO mislaid"))
    world.person(ANN).post("C1DATA", "hello")
    wait_until(lambda: "not acknowledged" in caplog.text)

    with world.deps.database.sessions.begin() as session:
        session.execute(text("ALTER TABLE mislaid RENAME TO events"))
    world.slack.settle()

    assert events_held(world.deps) == 1
    caplog.clear()


def test_an_acknowledgement_in_words_is_shown(slack: Any) -> None:
    app = App(client=client_of(slack), token_verification_enabled=False)

    @app.command("/grapevine")
    def on_command(ack: Any) -> None:
        ack("in words")

    socket = SocketMode(app, app_token=slack.app.app_token, base_url=slack.api_url)
    socket.start()
    slack.wait_connected()
    slack.as_user(CAT).command("/grapevine", "", "C1DATA")
    socket.stop()
    close_app(app)

    assert [e["text"] for e in slack.ephemerals] == ["in words"]


def test_a_call_that_hangs_is_given_up() -> None:
    loop = LoopThread("test")
    loop.start()
    hung = asyncio.Event()

    with pytest.raises(TimeoutError):
        loop.call(hung.wait(), timeout_s=0.01)

    loop.stop()


def test_what_still_runs_when_a_loop_stops_is_cancelled() -> None:
    loop = LoopThread("test")
    loop.start()
    ended: list[str] = []

    async def linger() -> None:
        try:
            await asyncio.Event().wait()
        finally:
            ended.append("cancelled")

    async def begin() -> "asyncio.Task[None]":
        task = asyncio.create_task(linger())
        await asyncio.sleep(0)
        return task

    loop.call(begin(), timeout_s=5)
    loop.stop()

    assert ended == ["cancelled"]
