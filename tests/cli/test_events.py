"""`events`: what was set aside is shown without its words, tried again, or let go."""

import io
import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from bot import inbox
from bot.database import Database, open_database
from bot.inbox import PAUSES
from handlers.cli.main import run_command_line
from handlers.cli.runtime import Runtime
from models import Event, EventState
from tests.graph.talk import message

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)


class Shell:
    """Types commands against one database."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.database: Database = open_database(f"sqlite:///{folder}/graph.db")
        self.out, self.err = "", ""

    def type(self, *arguments: str, status: int = 0) -> Any:
        out, err = io.StringIO(), io.StringIO()
        runtime = Runtime(
            {"GRAPEVINE_ENGINE": "none"}, lambda: NOW, out, err, self.folder
        )
        url = f"sqlite:///{self.folder}/graph.db"
        ended = run_command_line(["--database", url, *arguments], runtime)
        self.out, self.err = out.getvalue(), err.getvalue()
        assert ended == status, self.err
        return json.loads(self.out) if "--json" in arguments else self.out

    def fail(self, text: str, *, team: str = "T1", at: datetime = NOW) -> None:
        """Let an event come, and fail until it is set aside."""
        event = message("UANNA", text, 1)
        with self.database.sessions.begin() as session:
            inbox.record(
                session,
                workspace_id=team,
                event_id=f"Ev{text}",
                kind="message",
                channel_id="CPUB",
                payload={"type": "event_callback", "event": event},
                now=at,
            )
        for _ in range(len(PAUSES) + 1):
            at += timedelta(days=1)
            with self.database.sessions.begin() as session:
                due = inbox.next_due(session, now=at)
            assert due is not None
            inbox.mark_failed(
                self.database.sessions, due, KeyError("secretword"), now=at
            )

    def states(self) -> list[tuple[str, int, bool]]:
        with self.database.readers() as session:
            events = session.scalars(select(Event).order_by(Event.id))
            return [(e.state, e.attempts, e.payload is not None) for e in events]


@pytest.fixture
def shell(tmp_path: Path) -> Any:
    shell = Shell(tmp_path)
    yield shell
    shell.database.close()


def test_what_was_set_aside_is_listed_without_its_words(shell: Shell) -> None:
    shell.fail("secretword")

    (held,) = shell.type("events", "list", "--json")
    shown = shell.out
    listed = shell.type("events", "list")

    assert (held["id"], held["kind"], held["channel"]) == (1, "message", "CPUB")
    assert (held["state"], held["error"]) == ("set aside", "KeyError")
    assert held["attempts"] == len(PAUSES) + 1
    assert held["about"] == {"user": "UANNA", "ts": "1772000001.000000"}
    assert "set aside: message in CPUB, KeyError after 6 attempts" in listed
    del held["event_id"]
    assert "secretword" not in json.dumps(held) + listed
    assert '"text"' not in shown


def test_what_waits_is_listed_on_request_alone(shell: Shell) -> None:
    with shell.database.sessions.begin() as session:
        inbox.record(
            session,
            workspace_id="T1",
            event_id="Ev1",
            kind="message",
            channel_id=None,
            payload={},
            now=NOW,
        )

    assert shell.type("events", "list", "--json") == []
    assert "Nothing is set aside" in (shell.type("events", "list") or shell.err)
    (held,) = shell.type("events", "list", "--all", "--json")
    assert held["state"] == "waiting"


def test_one_workspace_is_looked_at_alone(shell: Shell) -> None:
    shell.fail("a", team="T1")
    shell.fail("b", team="T2", at=NOW + timedelta(days=30))

    (held,) = shell.type("--workspace", "T2", "events", "list", "--json")
    shell.type("--workspace", "T2", "events", "drop", "--all")

    assert held["workspace"] == "T2"
    assert [state for state, _, _ in shell.states()] == ["set aside", "done"]


def test_one_is_shown_in_ids(shell: Shell) -> None:
    shell.fail("secretword")

    shown = shell.type("events", "show", "1")

    assert "KeyError" in shown
    assert "UANNA" in shown
    assert "can_be_retried  True" in shown


@pytest.mark.parametrize("which", ["1", "--all"])
def test_one_that_is_retried_waits_as_if_it_had_just_come(
    shell: Shell, which: str
) -> None:
    shell.fail("a")

    assert shell.type("events", "retry", which, "--json") == {"events": [1]}
    assert shell.states() == [(EventState.WAITING, 0, True)]
    with shell.database.sessions.begin() as session:
        assert inbox.next_due(session, now=NOW) is not None


@pytest.mark.parametrize("which", ["1", "--all"])
def test_one_that_is_dropped_keeps_its_id_alone(shell: Shell, which: str) -> None:
    shell.fail("a")

    assert shell.type("events", "drop", which, "--json") == {"events": [1]}
    assert shell.states() == [(EventState.DONE, 6, False)]
    assert shell.type("events", "list", "--json") == []


def test_what_is_gone_cannot_be_retried_and_says_so(shell: Shell) -> None:
    shell.fail("a")
    with shell.database.sessions.begin() as session:
        inbox.sweep(session, now=NOW + timedelta(days=9))

    shell.type("events", "retry", "1", status=1)
    assert "`events drop 1`" in shell.err
    assert shell.type("events", "retry", "--all", "--json") == {"events": []}


@pytest.mark.parametrize(
    "arguments",
    [
        pytest.param(("show", "7"), id="show"),
        pytest.param(("retry", "7"), id="retry"),
        pytest.param(("drop", "7"), id="drop"),
    ],
)
def test_one_that_is_not_there_is_named_with_what_to_do(
    shell: Shell, arguments: tuple[str, ...]
) -> None:
    shell.type("events", *arguments, status=1)

    assert "no event 7 waits or is set aside: `events list --all`" in shell.err


@pytest.mark.parametrize("arguments", [(), ("1", "--all")], ids=["none", "both"])
def test_one_event_or_all_must_be_named(
    shell: Shell, arguments: tuple[str, ...]
) -> None:
    shell.type("events", "retry", *arguments, status=1)

    assert "name one event by its number, or say --all" in shell.err
