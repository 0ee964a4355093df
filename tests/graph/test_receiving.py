"""Deliveries that come at once are durable when they are acknowledged, each of them."""

import threading
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from sqlalchemy import event, select
from sqlalchemy.exc import SQLAlchemyError

from bot.database import Database
from bot.receiving import Receiver
from models import Departure, Event
from tests.graph.conftest import NOW, TEAM


def take(receiver: Receiver, event_id: str, **more: Any) -> None:
    receiver.take(
        workspace_id=more.pop("team", TEAM),
        event_id=event_id,
        kind=more.pop("kind", "message"),
        channel_id="C1",
        payload=more.pop("payload", {"event": {"type": "message"}}),
        now=NOW,
    )


def held(database: Database) -> list[str]:
    with database.readers() as session:
        return list(session.scalars(select(Event.event_id).order_by(Event.event_id)))


def test_what_is_taken_is_held_by_the_time_it_is_acknowledged(
    database: Database,
) -> None:
    receiver = Receiver(database)

    take(receiver, "Ev1")

    assert held(database) == ["Ev1"]


def test_deliveries_at_once_are_all_held_once(database: Database) -> None:
    receiver = Receiver(database)
    start = threading.Barrier(8)

    def deliver(who: int) -> None:
        start.wait()
        for i in range(25):
            take(receiver, f"Ev{who}-{i:02}")
            take(receiver, f"Ev-all-{i:02}")  # the same by everybody

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(deliver, range(8)))

    assert len(held(database)) == 8 * 25 + 25


def test_those_that_wait_share_a_transaction(database: Database) -> None:
    receiver = Receiver(database)
    commits: list[int] = []
    is_begun, may_go_on = threading.Event(), threading.Event()

    @event.listens_for(database.engine, "commit")
    def _(_connection: Any) -> None:
        commits.append(1)
        is_begun.set()
        assert may_go_on.wait(10)

    with ThreadPoolExecutor(6) as pool:
        first = pool.submit(take, receiver, "Ev0")
        assert is_begun.wait(10)
        others = [pool.submit(take, receiver, f"Ev{i}") for i in range(1, 6)]
        while receiver.waiting < 5:
            threading.Event().wait(0.001)
        may_go_on.set()
        for one in (first, *others):
            one.result(10)

    assert len(held(database)) == 6
    assert len(commits) == 2


def test_one_that_is_refused_does_not_take_the_others_along(
    database: Database,
) -> None:
    receiver = Receiver(database)
    refused: list[str] = []
    start = threading.Barrier(6)

    def deliver(i: int) -> None:
        start.wait()
        try:
            # A key may not be null.
            take(receiver, f"Ev{i}", team=TEAM if i else None)
        except SQLAlchemyError:
            refused.append(f"Ev{i}")

    with ThreadPoolExecutor(6) as pool:
        list(pool.map(deliver, range(6)))

    assert refused == ["Ev0"]
    assert held(database) == [f"Ev{i}" for i in range(1, 6)]


def test_that_a_workspace_left_is_noted_with_the_event(database: Database) -> None:
    receiver = Receiver(database)
    gone = {"event": {"type": "app_uninstalled"}}

    take(receiver, "Ev1", kind="app_uninstalled", payload=gone)

    with database.readers() as session:
        assert session.scalars(select(Departure)).first() is not None
    assert held(database) == ["Ev1"]


def test_a_database_that_is_away_is_told_to_each(database: Database) -> None:
    receiver = Receiver(database)
    with database.engine.begin() as connection:
        connection.exec_driver_sql("ALTER TABLE events RENAME TO mislaid")

    with pytest.raises(SQLAlchemyError):
        take(receiver, "Ev1")
