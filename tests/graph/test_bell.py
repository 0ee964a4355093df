"""What one process leaves wakes another at once, on either database."""

import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select, text

from bot import outbox
from bot.bell import EVENTS, POSTS, Bell, ring
from bot.database import Database, open_database
from bot.deps import Deps
from bot.inbox import record
from bot.loop import IDLE_S, QUIET_S
from bot.receiving import Receiver
from bot.worker import Worker
from models import Event, EventState

TEAM = "T1"
PATIENCE_S = 30.0


class Rung:
    """What a bell was heard for."""

    def __init__(self) -> None:
        self.heard: list[str | None] = []
        self._changed = threading.Condition()

    def __call__(self, what: str | None) -> None:
        with self._changed:
            self.heard.append(what)
            self._changed.notify_all()

    def wait(self, what: str | None) -> None:
        with self._changed:
            assert self._changed.wait_for(lambda: what in self.heard, PATIENCE_S)
            self.heard.clear()


@pytest.fixture
def rung(database: Database) -> Iterator[Rung]:
    rung = Rung()
    bell = Bell(database, rung)
    bell.start()
    rung.wait(None)  # it has heard itself
    yield rung
    bell.stop()
    bell.join(PATIENCE_S)


@pytest.fixture
def other(database_url: str, database: Database) -> Iterator[Database]:
    """Another process's view of the same database."""
    del database  # it migrates
    opened = open_database(database_url)
    yield opened
    opened.close()


def leave(database: Database, *, now: datetime, n: int = 1) -> None:
    with database.sessions.begin() as session:
        record(
            session,
            workspace_id=TEAM,
            event_id=f"Ev{n}",
            kind="nothing",
            channel_id=None,
            payload={"event": {"type": "nothing"}},
            now=now,
        )


def test_an_event_that_another_process_left_is_rung_for(
    rung: Rung, other: Database, deps: Deps
) -> None:
    leave(other, now=deps.clock())

    rung.wait(None if other.is_sqlite else EVENTS)


def test_a_post_that_another_process_decided_is_rung_for(
    rung: Rung, other: Database, deps: Deps
) -> None:
    with other.sessions.begin() as session:
        outbox.enqueue(
            session,
            workspace_id=TEAM,
            key="hello",
            method="chat.postMessage",
            arguments={"channel": "C1", "text": "hello"},
            now=deps.clock(),
        )

    rung.wait(None if other.is_sqlite else POSTS)


def test_in_a_burst_the_last_is_rung_for_too(
    rung: Rung, other: Database, deps: Deps
) -> None:
    receiver = Receiver(other)

    def take(n: int) -> None:
        receiver.take(
            workspace_id=TEAM,
            event_id=f"Ev{n}",
            kind="nothing",
            channel_id=None,
            payload={"event": {"type": "nothing"}},
            now=deps.clock(),
        )

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(take, range(40)))

    rung.wait(None if other.is_sqlite else EVENTS)
    assert receiver.waiting == 0


def test_what_is_undone_is_not_rung_for(rung: Rung, other: Database) -> None:
    with other.sessions() as session:
        ring(session, EVENTS)
        session.rollback()
    with other.sessions.begin() as session:
        ring(session, POSTS)
        session.execute(text("CREATE TABLE something (id INTEGER)"))

    rung.wait(None if other.is_sqlite else POSTS)
    assert EVENTS not in rung.heard


def test_a_bell_whose_connection_is_cut_says_so(
    database: Database, other: Database
) -> None:
    if other.is_sqlite:
        pytest.skip("a file has no connection to cut")
    rung = Rung()
    bell = Bell(database, rung)
    bell.start()
    rung.wait(None)
    assert bell.is_heard

    with other.engine.begin() as connection:
        connection.execute(
            text(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                " WHERE query LIKE 'LISTEN%' AND datname = current_database()"
            )
        )
    rung.wait(None)

    assert not bell.is_heard
    bell.stop()


def test_an_idle_worker_digests_at_once_what_another_process_left(
    deps: Deps, other: Database
) -> None:
    worker = Worker(deps, respond=lambda *_: None, on_settled=lambda *_, **__: None)
    worker.start()
    slept: list[float] = []
    idle_s = worker._idle_s  # noqa: SLF001 - how it sleeps is what is looked at

    def looked(is_due: Any) -> float:
        slept.append(idle_s(is_due))
        return slept[-1]

    worker._digesting._idle_s = lambda: looked(lambda *_: False)  # noqa: SLF001
    wait_until(lambda: QUIET_S in slept)
    began = datetime.now(UTC)
    leave(other, now=deps.clock())
    wait_until(lambda: state_of(other) == EventState.DONE)

    assert datetime.now(UTC) - began < timedelta(seconds=QUIET_S / 2)
    worker.stop()
    worker.join()


def state_of(database: Database) -> str | None:
    with database.readers() as session:
        return session.scalar(select(Event.state))


def wait_until(claim: Any) -> None:
    for _ in range(1500):
        if claim():
            return
        threading.Event().wait(0.02)
    raise AssertionError("it did not happen in thirty seconds")


def test_a_worker_looks_often_while_something_is_due_soon_or_nobody_wakes_it(
    deps: Deps,
) -> None:
    worker = Worker(deps, respond=lambda *_: None, on_settled=lambda *_, **__: None)

    def seen(by: datetime) -> float:
        return worker._idle_s(lambda _, soon: by <= soon)  # noqa: SLF001 - as above

    soon, late = deps.clock() + timedelta(seconds=4), deps.clock() + timedelta(hours=1)

    assert seen(late) == IDLE_S
    worker._bell.is_heard = True  # noqa: SLF001 - as above
    assert (seen(soon), seen(late)) == (IDLE_S, QUIET_S)
