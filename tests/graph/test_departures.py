"""A workspace that leaves takes everything along, on either database."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import func, select

from bot import departures, outbox
from bot.database import Database
from bot.deps import Deps
from bot.digest import forget_departed
from bot.graph.places import ensure_workspace
from bot.inbox import record
from bot.worker import Worker
from models import Base, Departure, Topic

TEAM, OTHER = "T1", "T2"
NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)


def send(database: Database, event: dict[str, Any], *, at: datetime, n: str) -> None:
    payload = {
        "event": event,
        "event_id": n,
        "team_id": TEAM,
        "event_time": int(at.timestamp()),
    }
    with database.sessions.begin() as session:
        record(
            session,
            workspace_id=TEAM,
            event_id=n,
            kind=event["type"],
            channel_id=event.get("channel"),
            payload=payload,
            now=at,
        )


def said(text: str, n: int) -> dict[str, Any]:
    return {
        "type": "message",
        "channel": "CPUB",
        "channel_type": "channel",
        "user": "UANNA",
        "text": text,
        "ts": f"{int(NOW.timestamp()) - 60 + n}.000100",
    }


LEAVES = {"type": "app_uninstalled"}
REVOKED = {"type": "tokens_revoked", "tokens": {"bot": ["UBOT"], "oauth": []}}


@pytest.fixture
def worker(deps: Deps) -> Worker:
    return Worker(deps, respond=lambda *_: None, on_settled=lambda *_, **__: None)


@pytest.fixture
def full(database: Database, worker: Worker) -> Database:
    """Two workspaces, and something in every kind of table."""
    for n in range(3):
        send(database, said(f"How do I paint it {n}?", n), at=NOW, n=f"Ev{n}")
    worker.drain()
    with database.sessions.begin() as session:
        ensure_workspace(session, OTHER, now=NOW)
        for team in (TEAM, OTHER):
            session.add(Topic(workspace_id=team, label="paint", created_at=NOW))
            outbox.enqueue(
                session,
                workspace_id=team,
                key="hello",
                method="chat.postMessage",
                arguments={"channel": "CPUB", "text": "hello"},
                now=NOW + timedelta(days=1),
            )
    send(database, said("Who waits?", 9), at=NOW + timedelta(hours=1), n="Ev9")
    return database


def held(database: Database, team: str) -> dict[str, int]:
    found = {}
    with database.readers() as session:
        for table in Base.metadata.sorted_tables:
            column = table.columns.get("workspace_id")
            if table.name == "workspaces":
                column = table.c.id
            if column is not None:
                n = session.scalar(
                    select(func.count()).select_from(table).where(column == team)
                )
                found[table.name] = n or 0
    return {name: n for name, n in found.items() if n}


@pytest.mark.parametrize("leaves", [LEAVES, REVOKED], ids=["removed", "revoked"])
def test_everything_of_a_workspace_that_leaves_goes_and_nothing_else(
    full: Database, worker: Worker, leaves: dict[str, Any]
) -> None:
    before = held(full, OTHER)
    assert {"messages", "questions", "posts", "topics", "events"} <= set(
        held(full, TEAM)
    )

    send(full, leaves, at=NOW, n="EvL")
    worker.drain()

    assert held(full, TEAM) == {}
    assert held(full, OTHER) == before


def test_a_persons_own_token_taken_back_changes_nothing(
    full: Database, worker: Worker
) -> None:
    before = held(full, TEAM)
    mine = {"type": "tokens_revoked", "tokens": {"oauth": ["UANNA"], "bot": []}}

    send(full, mine, at=NOW, n="EvL")
    worker.drain()

    assert held(full, TEAM)["messages"] == before["messages"]


def test_from_the_news_on_nothing_is_digested_though_it_waited(
    full: Database, worker: Worker
) -> None:
    send(full, LEAVES, at=NOW, n="EvL")
    send(full, said("Is anybody there?", 20), at=NOW, n="EvX")
    worker.drain()
    worker.drain()

    assert set(held(full, TEAM)) <= {"events"}


def test_news_of_a_departure_before_the_return_changes_nothing(
    full: Database, worker: Worker
) -> None:
    send(full, LEAVES, at=NOW, n="EvL")
    worker.drain()
    with full.sessions.begin() as session:
        departures.welcome_back(session, TEAM, now=NOW + timedelta(minutes=1))
    send(full, said("We are back, are you?", 30), at=NOW, n="EvX")
    send(full, LEAVES, at=NOW, n="EvM")
    worker.drain()

    assert held(full, TEAM)["messages"] == 1


def test_what_is_left_of_who_has_left_is_removed_by_the_sweep(
    full: Database, deps: Deps
) -> None:
    with full.sessions.begin() as session:
        session.add(Departure(team_id=TEAM, left_at=NOW))
    with full.sessions.begin() as session:
        assert forget_departed(session, deps) == [TEAM]

    assert held(full, TEAM) == {}


def test_every_table_belongs_to_a_workspace_or_is_known_not_to() -> None:
    apart = {
        "departures",
        "installations",
        "job_runs",
        "oauth_states",
        "workspaces",
    }

    loose = {
        table.name
        for table in Base.metadata.sorted_tables
        if "workspace_id" not in table.columns
    }

    assert loose == apart
