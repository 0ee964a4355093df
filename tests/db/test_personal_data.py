"""Everything held about a person is handed out, and erased, whatever the table."""

import base64
import json
from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import (
    Column,
    Integer,
    MetaData,
    Row,
    String,
    Table,
    TypeDecorator,
    insert,
    select,
)
from sqlalchemy.orm import Session

from bot import personal_data
from bot.blocks.data import WORDS
from bot.database import Database, open_database
from bot.personal_data import (
    OWNED,
    SIGNED,
    export_person,
    forget_person,
    undeclared,
)
from models import Base, Event, Message, Post, Preference, Vote, Word, Workspace

NOW = datetime(2026, 3, 5, 9, 30, tzinfo=UTC)
HERE, ELSEWHERE = "T1", "T2"
ANN, BEN = "U1ANN", "U2BEN"


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    database = open_database(f"sqlite:///{tmp_path / 'grapevine.db'}")
    with database.sessions.begin() as session:
        for workspace_id in (HERE, ELSEWHERE):
            session.add(Workspace(id=workspace_id, word_key=b"k" * 32, created_at=NOW))
    yield database
    database.close()


@pytest.fixture
def session(database: Database) -> Iterator[Session]:
    with database.sessions() as session:
        # Rows are made column by column, not as a graph that hangs together.
        session.connection().exec_driver_sql("PRAGMA defer_foreign_keys=ON")
        yield session
        session.rollback()


def personal_tables() -> list[Table]:
    return [t for t in Base.metadata.sorted_tables if personal_columns(t)]


def personal_columns(table: Table) -> list[str]:
    named = [c.name for c in table.columns if c.name in OWNED | SIGNED]
    return [*named, "id"] if table.name == "people" else named


def value_of(column: Column[Any], number: int) -> Any:
    """Some value that a column takes; another for another number."""
    length = getattr(column.type, "length", None) or 20
    made: dict[Any, Any] = {
        str: f"v{number}"[:length],
        int: number,
        float: 0.5,
        bool: False,
        bytes: b"\x01\x02",
        datetime: NOW,
        date: NOW.date(),
        object: [],  # JSON
    }
    kind = column.type
    plain = kind.impl_instance if isinstance(kind, TypeDecorator) else kind
    return made[plain.python_type]


def add(
    session: Session, table: Table, workspace_id: str, number: int, **given: Any
) -> None:
    row = {
        c.name: value_of(c, number)
        for c in table.columns
        if not c.nullable and not (c.primary_key and c.autoincrement is True)
    }
    session.execute(
        insert(table).values({**row, "workspace_id": workspace_id, **given})
    )


def everything(session: Session, workspace_id: str) -> str:
    """All that is held of a workspace, as one text."""
    held: list[Row[Any]] = []
    for table in Base.metadata.sorted_tables:
        if "workspace_id" in table.c:
            held += session.execute(
                select(table).where(table.c.workspace_id == workspace_id)
            )
    return repr(held)


def fill(session: Session) -> None:
    """Name Ann and Ben in every personal column of every table, in two workspaces."""
    number = 100
    for table in personal_tables():
        for column in personal_columns(table):
            for workspace_id in (HERE, ELSEWHERE):
                for user_id in (ANN, BEN):
                    number += 1
                    others = dict.fromkeys(personal_columns(table), "U9")
                    given = {**others, column: user_id}
                    add(session, table, workspace_id, number, **given)
    session.flush()


def test_every_column_that_could_name_a_person_is_declared() -> None:
    assert undeclared() == []


def test_a_new_column_that_could_name_a_person_is_noticed(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    class NewBase:
        metadata = MetaData()

    Table(
        "badges",
        NewBase.metadata,
        Column("id", Integer, primary_key=True),
        Column("channel_id", String),
        Column("mentor_id", String),
        Column("count_id", Integer),
    )
    monkeypatch.setattr(personal_data, "Base", NewBase)

    assert undeclared() == ["badges.mentor_id"]


def test_erasing_leaves_one_row_and_touches_nobody_else(session: Session) -> None:
    fill(session)
    before_elsewhere = everything(session, ELSEWHERE)
    assert everything(session, HERE).count(ANN) >= len(personal_tables())
    bens = everything(session, HERE).count(BEN)

    removed = forget_person(session, HERE, ANN)

    assert everything(session, HERE).count(ANN) == 1
    assert everything(session, HERE).count(BEN) == bens
    assert everything(session, ELSEWHERE) == before_elsewhere
    held = session.get_one(Preference, (HERE, ANN))
    assert held.is_opted_out
    assert set(removed) == {t.name for t in personal_tables()}


def test_erasing_twice_removes_only_the_wish_again(session: Session) -> None:
    fill(session)
    forget_person(session, HERE, ANN)

    removed = forget_person(session, HERE, ANN)

    assert removed == {"preferences": 1}


def test_erasing_tells_memories_to_be_renewed(session: Session) -> None:
    before = session.get_one(Workspace, HERE).revision

    forget_person(session, HERE, ANN)

    session.expire_all()
    assert session.get_one(Workspace, HERE).revision == before + 1


def test_a_mention_by_somebody_else_loses_the_name_and_stays(session: Session) -> None:
    message = Message.__table__
    assert isinstance(message, Table)
    add(session, message, HERE, 1, user_id=BEN, mentions=[ANN, "U1ANNA", BEN])
    assert export_person(session, HERE, ANN)["mentioned_in"] == [
        {"channel_id": "v1", "ts": "v1"}
    ]

    removed = forget_person(session, HERE, ANN)

    assert session.scalars(select(Message.mentions)).one() == ["U1ANNA", BEN]
    assert removed["mentioned_in"] == 1


@pytest.mark.parametrize(
    ("event", "is_theirs"),
    [
        pytest.param({"user": ANN, "text": "hi"}, True, id="written by them"),
        pytest.param({"user": {"id": ANN}}, True, id="about them"),
        pytest.param({"message": {"user": ANN}}, True, id="an edit"),
        pytest.param({"previous_message": {"user": ANN}}, True, id="a deletion"),
        pytest.param({"user": BEN, "text": f"<@{ANN}>"}, False, id="by another"),
        pytest.param(None, False, id="no event in it"),
    ],
)
def test_what_waits_to_be_digested_goes_too(
    session: Session,
    event: Any,
    is_theirs: bool,  # noqa: FBT001 - a row of the table
) -> None:
    payload = json.dumps({"event": event, "note": ANN})
    table = Event.__table__
    assert isinstance(table, Table)
    add(session, table, HERE, 1, payload=payload)

    exported = export_person(session, HERE, ANN)["events"]
    removed = forget_person(session, HERE, ANN)

    assert len(exported) == int(is_theirs)
    assert removed.get("events", 0) == int(is_theirs)
    assert len(session.scalars(select(Event)).all()) == int(not is_theirs)


def test_a_direct_message_to_them_goes_and_a_channels_stays(session: Session) -> None:
    table = Post.__table__
    assert isinstance(table, Table)
    add(session, table, HERE, 1, key="a", channel_id=ANN)
    add(session, table, HERE, 2, key="b", channel_id="C1")

    forget_person(session, HERE, ANN)

    assert session.scalars(select(Post.key)).all() == ["b"]


@pytest.mark.parametrize(
    ("key", "is_theirs"),
    [
        (f"join:7:{ANN}", True),
        (f"asked:7:{ANN}:yes:3", True),
        (f"join:7:{ANN}X", False),
        (f"join:7:{BEN}", False),
    ],
)
def test_a_post_whose_key_names_them_goes_wherever_it_stands(
    session: Session,
    key: str,
    is_theirs: bool,  # noqa: FBT001 - a row of the table
) -> None:
    table = Post.__table__
    assert isinstance(table, Table)
    add(session, table, HERE, 1, key=key, channel_id="D1")

    exported = export_person(session, HERE, ANN)["posts"]
    removed = forget_person(session, HERE, ANN)

    assert [row["key"] for row in exported] == [key] * is_theirs
    assert removed.get("posts", 0) == int(is_theirs)
    assert len(session.scalars(select(Post)).all()) == int(not is_theirs)


def test_a_way_of_writing_that_was_theirs_alone_goes(session: Session) -> None:
    table = Word.__table__
    assert isinstance(table, Table)
    add(session, table, HERE, 1, first_user_id=ANN, surface=None)
    add(session, table, HERE, 2, first_user_id=ANN, surface="shared")

    forget_person(session, HERE, ANN)

    assert [(w.surface, w.first_user_id) for w in session.scalars(select(Word))] == [
        ("shared", "")
    ]


def test_an_export_holds_every_table_and_reads_as_json(session: Session) -> None:
    fill(session)

    held = json.loads(json.dumps(export_person(session, HERE, ANN)))

    for table in personal_tables():
        rows = held[table.name]
        assert len(rows) == len(personal_columns(table))
        assert all(ANN in row.values() for row in rows)
        assert all(row["workspace_id"] == HERE for row in rows)


def test_an_export_does_not_tell_who_voted_for_them(session: Session) -> None:
    table = Vote.__table__
    assert isinstance(table, Table)
    add(session, table, HERE, 1, user_id=BEN, about_id=ANN)
    add(session, table, HERE, 2, user_id=ANN, about_id=BEN)
    add(session, table, HERE, 3, user_id=ANN, about_id=ANN)

    held = export_person(session, HERE, ANN)["votes"]

    voted = {(row.get("user_id"), row["about_id"]) for row in held}
    assert voted == {(None, ANN), (ANN, BEN), (ANN, ANN)}


def test_an_export_of_somebody_unknown_is_empty_lists(session: Session) -> None:
    held = export_person(session, HERE, "U404")

    assert held["messages"] == []
    assert held["events"] == []
    assert held["user_id"] == "U404"


@pytest.mark.parametrize(
    ("with_binary", "shown"),
    [(True, base64.b64encode(b"\x01\x02").decode()), (False, "2 bytes")],
    ids=["whole", "to be read"],
)
def test_hashed_words_are_exported_or_counted(
    session: Session,
    with_binary: bool,  # noqa: FBT001 - a row of the table
    shown: str,
) -> None:
    table = Message.__table__
    assert isinstance(table, Table)
    add(session, table, HERE, 1, user_id=ANN)

    held = export_person(session, HERE, ANN, with_binary=with_binary)

    assert held["messages"][0]["words"] == shown
    assert held["messages"][0]["at"] == NOW.isoformat()


def test_who_they_are_is_exported(session: Session) -> None:
    add(session, Base.metadata.tables["people"], HERE, 1, id=ANN)

    assert len(export_person(session, HERE, ANN)["people"]) == 1


def test_a_person_can_read_what_each_table_holds_of_them(session: Session) -> None:
    held = export_person(session, HERE, ANN)

    tables = {name for name, rows in held.items() if isinstance(rows, list)}
    assert tables == set(WORDS)
