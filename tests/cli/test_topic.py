"""`topic …`, as it is typed."""

import io
import json
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import update

from bot.database import Database, open_database
from bot.graph import topics
from handlers.cli import run_command_line
from handlers.cli.runtime import Runtime
from models import Topic, Workspace

NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)


def _typed(value: object) -> str | None:
    return " ".join(map(str, value)) if isinstance(value, list) else ""


@pytest.fixture
def url(tmp_path: Path) -> str:
    return f"sqlite:///{tmp_path / 'held.db'}"


@pytest.fixture
def database(url: str) -> Iterator[Database]:
    database = open_database(url)
    with database.sessions.begin() as session:
        session.add(Workspace(id="T1", word_key=b"k" * 32, created_at=NOW))
        session.flush()
        for number, label in ((7, "Pivot table"), (8, "Spreadsheet"), (9, "Rye")):
            session.add(
                Topic(id=number, workspace_id="T1", label=label, created_at=NOW)
            )
        session.flush()
        topics.name_topic(session, "T1", 8, ["Sheets"])
    yield database
    database.close()


@pytest.fixture
def run(database: Database, url: str) -> Any:
    del database

    def run(*arguments: object) -> tuple[int, str, str]:
        out, err = io.StringIO(), io.StringIO()
        runtime = Runtime({"GRAPEVINE_ENGINE": "none"}, lambda: NOW, out, err, Path())
        typed = ["--database", url, "topic", *map(str, arguments)]
        return run_command_line(typed, runtime), out.getvalue(), err.getvalue()

    return run


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        (["rename", 7, "Cross tab"], "Topic 7 is called Cross tab from now on."),
        (["alias", 8, "add", "XLS"], "(Spreadsheet) is also called: Sheets, XLS."),
        (["alias", 8, "remove", "sheets"], "is also called: nothing else."),
        (["merge", 7, 8], "Topic 8 (Spreadsheet) holds what 7 held."),
        (["hide", 7], "is hidden; `topic show 7` brings it back."),
        (["show", 7], "Topic 7 (Pivot table) is shown."),
        (["lock", 7], "stays as it is; `topic unlock 7` lets it go."),
        (["unlock", 7], "Topic 7 (Pivot table) is Grapevine's to rename again."),
    ],
    ids=_typed,
)
def test_each_act_says_what_came_of_it(run: Any, typed: list[Any], said: str) -> None:
    status, out, err = run(*typed)

    assert (status, err) == (0, "")
    assert said in out


def test_an_act_as_json_is_the_topic(run: Any) -> None:
    _, out, _ = run("merge", 7, 8, "--json")

    assert json.loads(out) == {
        "id": 8,
        "label": "Spreadsheet",
        "aliases": ["Pivot table", "Sheets"],
        "is_locked": True,
        "is_hidden": False,
    }


@pytest.mark.parametrize(
    ("typed", "status", "reason"),
    [
        (["rename", 7, "!"], 1, "needs a letter or a digit"),
        (["rename", 7, "SHEETS"], 1, "topic 8 has the name 'SHEETS' already"),
        (["merge", 7, 7], 1, "cannot be merged into itself"),
        (["hide", 99], 1, "there is no topic 99: `topics` lists them"),
        (["split", 9], 1, "topic 9 (Rye) cannot be split"),
        (["alias", 7, "drop", "x"], 2, "neither add nor remove"),
        (["rename", "seven", "x"], 2, "valid integer"),
    ],
    ids=_typed,
)
def test_what_cannot_be_done_is_said_and_nothing_is_changed(
    run: Any, database: Database, typed: list[Any], status: int, reason: str
) -> None:
    found, out, err = run(*typed)

    assert (found, out) == (status, "")
    assert reason in err
    with database.readers() as session:
        held = topics.held_topics(session, "T1")
    assert not any(topic.is_kept for topic in held)


def test_what_is_kept_and_what_was_done_can_be_read(
    run: Any, database: Database
) -> None:
    assert run("kept")[1] == "No topic is hidden or locked.\n"
    assert run("log")[1] == "Nobody has changed a topic yet.\n"
    run("hide", 7)
    run("merge", 9, 8)

    assert run("kept")[1].split() == [
        "7",
        "Pivot",
        "table",
        "(hidden)",
        "8",
        "Spreadsheet",
        "(locked)",
    ]
    assert json.loads(run("log", "--json")[1]) == [
        {
            "at": NOW.isoformat(),
            "act": "merged",
            "topic_id": 9,
            "other_id": 8,
            "user": None,
        },
        {
            "at": NOW.isoformat(),
            "act": "hidden",
            "topic_id": 7,
            "other_id": None,
            "user": None,
        },
    ]
    assert "9 merged (and 8), the command line" in run("log")[1]
    with database.sessions.begin() as session:
        session.execute(update(Topic).values(is_hidden=False, is_locked=False))
    assert json.loads(run("kept", "--json")[1]) == []
