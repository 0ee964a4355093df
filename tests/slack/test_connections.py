"""Socket Mode under a stream of events, while connections fail in every way."""

import asyncio
import logging
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from slack_sdk import WebClient
from sqlalchemy import func, select

from bot.errors import GrapevineError
from bot.standin import LocalSlack
from handlers import build_app, close_app
from handlers.cli.serving import look_at
from handlers.socket_link import LinkRefusedError
from handlers.socket_mode import SocketMode
from handlers.socket_watch import Heartbeat, Watcher
from models import Event

ANN = "U1ANN"
EVENTS = 60

# What is promised of every event, however its connection fares.
MOST_ACK_S = 1.0


@pytest.fixture
def app(slack: LocalSlack, deps: Any) -> Iterator[Any]:
    slack.pace.ack_timeout_s = 0.9  # so that what a dead connection took comes soon
    client = WebClient(slack.app.bot_token, base_url=slack.api_url)
    app = build_app(deps, client=client, wake=lambda: None)
    yield app
    close_app(app)


@contextmanager
def connected(slack: LocalSlack, app: Any, connections: int) -> Iterator[SocketMode]:
    socket = SocketMode(
        app,
        app_token=slack.app.app_token,
        base_url=slack.api_url,
        connections=connections,
        heartbeat=Heartbeat(idle_s=0.25, busy_s=0.15, patience_s=0.2),
    )
    socket.start()
    slack.wait_connected(connections)
    yield socket
    socket.stop()


def wait_until(claim: Callable[[], Any]) -> None:
    for _ in range(2000):
        if claim():
            return
        threading.Event().wait(0.01)
    raise AssertionError("it did not happen in twenty seconds")


FAILURES: dict[str, Callable[[LocalSlack], None]] = {
    "asked to renew": lambda slack: slack.disconnect("refresh_requested"),
    "warned": lambda slack: slack.disconnect("warning"),
    "cut": lambda slack: slack.cut(),
    "half open": lambda slack: slack.freeze(),
    "warned and then cut": lambda slack: (slack.disconnect("warning"), slack.cut()),  # type: ignore[dict-item, func-returns-value]
}


@pytest.mark.parametrize("connections", [1, 3])
@pytest.mark.parametrize("failure", FAILURES)
def test_every_event_is_acknowledged_within_a_second(
    slack: LocalSlack, deps: Any, app: Any, failure: str, connections: int
) -> None:
    with connected(slack, app, connections):
        for i in range(EVENTS):
            slack.as_user(ANN).post("C1DATA", f"hello {i}")
            threading.Event().wait(0.01)
            if i in (EVENTS // 3, 2 * EVENTS // 3):
                FAILURES[failure](slack)
        slack.settle(30)

    assert [d.error for d in slack.deliveries if not d.acked] == []
    assert max(d.ack_s for d in slack.deliveries) < MOST_ACK_S
    with deps.database.readers() as session:
        assert session.scalar(select(func.count()).select_from(Event)) == EVENTS


def test_the_next_connection_is_there_before_the_old_one_goes(
    slack: LocalSlack, app: Any
) -> None:
    with connected(slack, app, 1):
        slack.disconnect("warning")

        wait_until(lambda: slack.connection_count == 2)


def test_a_silent_connection_is_not_closed_before_the_next_is_there(
    slack: LocalSlack, app: Any
) -> None:
    with connected(slack, app, 1) as socket:
        slack.fail_next("apps.connections.open", status=503, times=3)
        slack.freeze()
        counts = set()
        for _ in range(200):
            counts.add(slack.connection_count)
            threading.Event().wait(0.01)
        slack.as_user(ANN).post("C1DATA", "hello")
        slack.settle()
        wait_until(lambda: socket.seconds_since_heard() < 0.2)

    assert 0 not in counts
    assert slack.deliveries[-1].acked


def test_a_connection_that_was_only_slow_is_served_on_until_it_is_replaced(
    slack: LocalSlack, app: Any, caplog: pytest.LogCaptureFixture
) -> None:
    with connected(slack, app, 1):
        slack.fail_next("apps.connections.open", status=503, times=2)
        slack.freeze()
        wait_until(lambda: "is silent" in caplog.text)
        slack.thaw()
        slack.as_user(ANN).post("C1DATA", "on the old one")
        slack.settle()
        assert slack.deliveries[-1].acked
        wait_until(lambda: slack.connection_count == 2)

    assert slack.deliveries[-1].attempts == 1


def test_who_replaced_one_of_late_is_more_patient() -> None:
    async def patience() -> list[float]:
        watcher = Watcher(Heartbeat(patience_s=0.5))
        found = []
        for _ in range(5):
            found.append(watcher.patience_s())
            watcher.note_doubt()
        return found

    assert asyncio.run(patience()) == [0.5, 1.0, 2.0, 4.0, 4.0]


def test_ten_connections_are_held_and_an_eleventh_waits_for_its_turn(
    slack: LocalSlack, app: Any, caplog: pytest.LogCaptureFixture
) -> None:
    with connected(slack, app, 10), connected_late(slack, app) as late:
        wait_until(lambda: "no more than ten" in caplog.text)
        assert slack.connection_count == 10
        assert late.failure is None


@contextmanager
def connected_late(slack: LocalSlack, app: Any) -> Iterator[SocketMode]:
    """Start a connection, and do not wait until Slack takes it."""
    socket = SocketMode(app, app_token=slack.app.app_token, base_url=slack.api_url)
    starting = threading.Thread(target=_try, args=(socket,))
    starting.start()
    yield socket
    socket.stop()
    starting.join()


def _try(socket: SocketMode) -> None:
    try:
        socket.start()
    except BaseException:  # noqa: BLE001 - it is stopped before it is connected
        return


def test_a_command_is_answered_while_one_of_two_is_renewed(
    slack: LocalSlack, app: Any
) -> None:
    with connected(slack, app, 2):
        slack.disconnect("refresh_requested")
        slack.wait_connected(2)
        slack.as_user(ANN).command("/grapevine", "help", "C1DATA")

        wait_until(lambda: slack.ephemerals)


def test_socket_mode_switched_off_is_said_and_not_tried_for_ever(
    slack: LocalSlack, app: Any
) -> None:
    with connected(slack, app, 1) as socket:
        slack.disconnect("link_disabled")
        wait_until(lambda: socket.failure)

        with pytest.raises(LinkRefusedError, match="switched Socket Mode off"):
            look_at(socket)


def test_a_token_that_is_revoked_meanwhile_is_said(slack: LocalSlack, app: Any) -> None:
    with connected(slack, app, 1) as socket:
        slack.revoke(slack.app.app_token)
        slack.cut()
        wait_until(lambda: socket.failure)

        with pytest.raises(GrapevineError, match="SLACK_APP_TOKEN"):
            look_at(socket)


def test_a_slack_gone_silent_is_noticed_and_said(slack: LocalSlack, app: Any) -> None:
    with connected(slack, app, 2) as socket:
        look_at(socket, max_silent_s=60)

        slack.fail_next("apps.connections.open", status=503, times=10_000)
        slack.freeze()
        wait_until(lambda: socket.seconds_since_heard() > 0.5)

        with pytest.raises(GrapevineError, match="starts it afresh"):
            look_at(socket, max_silent_s=0.5)


def test_a_slack_that_comes_back_is_heard_again(slack: LocalSlack, app: Any) -> None:
    with connected(slack, app, 1) as socket:
        slack.fail_next("apps.connections.open", status=503, times=2)
        slack.freeze()
        wait_until(lambda: socket.seconds_since_heard() > 0.4)
        wait_until(lambda: socket.seconds_since_heard() < 0.2)

        slack.as_user(ANN).post("C1DATA", "are you there?")
        slack.settle()

    assert slack.deliveries[-1].acked


def test_nothing_of_what_people_write_is_logged(
    slack: LocalSlack, app: Any, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG, "grapevine.socket")
    caplog.set_level(logging.DEBUG, "handlers")
    with connected(slack, app, 1):
        slack.as_user(ANN).post("C1DATA", "secretword")
        slack.settle()
        slack.cut()

    assert "secretword" not in caplog.text
    assert slack.app.app_token not in caplog.text


def test_what_was_taken_is_acknowledged_before_it_stops(
    slack: LocalSlack, deps: Any
) -> None:
    began, go = threading.Event(), threading.Event()

    def wake() -> None:
        began.set()
        go.wait(10)

    client = WebClient(slack.app.bot_token, base_url=slack.api_url)
    app = build_app(deps, client=client, wake=wake)
    socket = SocketMode(app, app_token=slack.app.app_token, base_url=slack.api_url)
    socket.start()
    slack.wait_connected()
    slack.as_user(ANN).post("C1DATA", "hello")
    began.wait(10)
    stopping = threading.Thread(target=socket.stop)
    stopping.start()
    threading.Event().wait(0.1)
    go.set()
    stopping.join(10)
    close_app(app)
    slack.settle()  # it may not have read yet what it was sent

    (delivery,) = slack.deliveries
    assert (delivery.acked, delivery.attempts) == (True, 1)
    assert delivery.attempts == 1
