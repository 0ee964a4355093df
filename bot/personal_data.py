"""Everything held about a person: handed out, or erased.

Works over the columns of every table, so that a table added later cannot be
overlooked: a column that may hold a person's id is in exactly one of the sets
below, and a test refuses one that is in none.
"""

import base64
import json
from datetime import date, datetime
from typing import Any

from sqlalchemy import (
    Column,
    ColumnElement,
    String,
    Table,
    cast,
    delete,
    or_,
    select,
    update,
)
from sqlalchemy.orm import Session

from bot.graph.places import touch
from bot.graph.upserts import Row, replace
from models import Base, Event, Message, Preference

# The row is about the person and goes with them.
OWNED = frozenset({"about_id", "answerer_id", "asker_id", "user_id"})

# The row is about something else, which stays, without their name.
SIGNED = frozenset(
    {"created_by", "done_by", "first_user_id", "settled_by", "started_by"}
)

# Columns of text that end like an id and never hold a person's.
IMPERSONAL = frozenset(
    {
        "app_id",
        "bot_user_id",
        "enterprise_id",
        "event_id",
        "existing_channel_id",
        "team_id",
        "workspace_id",
    }
)

# May hold a person's id where Slack takes one for the DM with them.
DIRECT = frozenset({"channel_id"})

_NOBODY = ""


def export_person(
    session: Session, workspace_id: str, user_id: str, *, with_binary: bool = True
) -> dict[str, Any]:
    """Hand out everything held about a person, a list of rows for each table.

    But not who it was that said of them "that helped": voters are promised that
    nobody is told.

    Args:
        session: Only read from.
        workspace_id: Whose workspace.
        user_id: Who; somebody unknown gives empty lists.
        with_binary: Whether hashed words and vectors are in it (base64), or
            only how many bytes they are.
    """
    found: dict[str, Any] = {"workspace_id": workspace_id, "user_id": user_id}
    for table in Base.metadata.sorted_tables:
        if _personal_columns(table):
            rows = _rows(session, table, workspace_id, user_id)
            found[table.name] = [_plain(row, with_binary=with_binary) for row in rows]
    found["events"] = [
        _event(one) for one in _undigested(session, workspace_id, user_id)
    ]
    found["mentioned_in"] = [
        {"channel_id": message.channel_id, "ts": message.ts}
        for message in _mentioning(session, workspace_id, user_id)
    ]
    return found


def forget_person(session: Session, workspace_id: str, user_id: str) -> dict[str, int]:
    """Erase everything held about a person, and hear nothing of them again.

    What remains is one row: that they opted out, because without it the next
    message they write would be collected anew. Opting in removes it.

    Returns:
        How many rows of each table were removed, or lost their name.
    """
    removed: dict[str, int] = {}
    undigested = _undigested(session, workspace_id, user_id)
    for event in undigested:
        session.delete(event)
    mentioning = _mentioning(session, workspace_id, user_id)
    for message in mentioning:
        message.mentions = [u for u in message.mentions if u != user_id]
    session.flush()
    _count(removed, "events", len(undigested))
    _count(removed, "mentioned_in", len(mentioning))
    for table in reversed(Base.metadata.sorted_tables):
        _count(removed, table.name, _erase(session, table, workspace_id, user_id))
    session.expire_all()
    _keep_out(session, workspace_id, user_id)
    touch(session, workspace_id)
    return removed


def _keep_out(session: Session, workspace_id: str, user_id: str) -> None:
    row: Row = {
        "workspace_id": workspace_id,
        "user_id": user_id,
        "is_opted_out": True,
        "wants_suggestions": False,
    }
    replace(session, Preference, [row])


def _count(removed: dict[str, int], name: str, n: int) -> None:
    if n:
        removed[name] = removed.get(name, 0) + n


def _personal_columns(table: Table) -> list[Column[Any]]:
    """The columns of a table that may hold a person's id."""
    named = [c for c in table.columns if c.name in OWNED | SIGNED]
    if table.name == "people":
        named.append(table.c.id)
    if table.name == "posts":
        named += [c for c in table.columns if c.name in DIRECT]
    return named


def _keyed(table: Table, user_id: str) -> list[ColumnElement[bool]]:
    """Where a key names a person: `invite:7:U1`, `asked:7:U1:yes` (see `models.Post`).

    Nothing that such a post kept from happening twice can be decided again: it rested
    on a suggestion or an invitation to them, which goes too.
    """
    if table.name != "posts":
        return []
    key = table.c.key
    return [
        key.endswith(f":{user_id}", autoescape=True),
        key.contains(f":{user_id}:", autoescape=True),
    ]


def _in_workspace(table: Table, workspace_id: str) -> Any:  # noqa: ANN401 - SQL
    return table.c.workspace_id == workspace_id


def _rows(
    session: Session, table: Table, workspace_id: str, user_id: str
) -> list[dict[str, Any]]:
    named = or_(
        *(column == user_id for column in _personal_columns(table)),
        *_keyed(table, user_id),
    )
    rows = session.execute(
        select(table).where(_in_workspace(table, workspace_id), named)
    )
    return [_without_voter(dict(row), user_id) for row in rows.mappings()]


def _without_voter(row: dict[str, Any], user_id: str) -> dict[str, Any]:
    if row.get("about_id") != user_id or row["user_id"] == user_id:
        return row
    return {name: value for name, value in row.items() if name != "user_id"}


def _erase(session: Session, table: Table, workspace_id: str, user_id: str) -> int:
    n = 0
    for theirs in _keyed(table, user_id):
        here = _in_workspace(table, workspace_id)
        n += _run(session, delete(table).where(here, theirs))
    for column in _personal_columns(table):
        mine = _in_workspace(table, workspace_id) & (column == user_id)
        if column.name not in SIGNED:
            n += _run(session, delete(table).where(mine))
            continue
        if table.name == "words":
            # Nobody else has written it like this: it was theirs alone.
            n += _run(session, delete(table).where(mine, table.c.surface.is_(None)))
        nobody = None if column.nullable else _NOBODY
        n += _run(session, update(table).where(mine).values({column.name: nobody}))
    return n


def _run(session: Session, statement: Any) -> int:  # noqa: ANN401 - a write
    done: Any = session.execute(
        statement, execution_options={"synchronize_session": False}
    )
    return int(done.rowcount)


def _undigested(session: Session, workspace_id: str, user_id: str) -> list[Event]:
    """Events by a person whose text is still held; few, so they are read whole."""
    waiting = session.scalars(
        select(Event).where(
            Event.workspace_id == workspace_id,
            Event.payload.is_not(None),
            Event.payload.contains(user_id, autoescape=True),
        )
    )
    return [event for event in waiting if user_id in _authors(event.payload or "{}")]


def _authors(payload: str) -> set[str]:
    event = json.loads(payload).get("event") or {}
    nested = [event, event.get("message") or {}, event.get("previous_message") or {}]
    users = [part.get("user") for part in nested]
    return {u["id"] if isinstance(u, dict) else u for u in users if u}


def _mentioning(session: Session, workspace_id: str, user_id: str) -> list[Message]:
    """Messages of others that mention a person."""
    held = session.scalars(
        select(Message).where(
            Message.workspace_id == workspace_id,
            cast(Message.mentions, String).contains(f'"{user_id}"', autoescape=True),
        )
    )
    return [message for message in held if message.user_id != user_id]


def _event(event: Event) -> dict[str, Any]:
    return {
        "event_id": event.event_id,
        "kind": event.kind,
        "payload": json.loads(event.payload or "null"),
    }


def _plain(row: dict[str, Any], *, with_binary: bool) -> dict[str, Any]:
    return {name: _value(value, with_binary) for name, value in row.items()}


def _value(value: object, with_binary: bool) -> object:  # noqa: FBT001 - internal
    if isinstance(value, bytes):
        as_text = base64.b64encode(value).decode("ascii")
        return as_text if with_binary else f"{len(value)} bytes"
    if isinstance(value, datetime | date):
        return value.isoformat()
    return value


def undeclared() -> list[str]:
    """Columns that could hold a person's id and are in none of the sets above."""
    known = OWNED | SIGNED | IMPERSONAL | DIRECT
    return [
        f"{table.name}.{column.name}"
        for table in Base.metadata.sorted_tables
        for column in table.columns
        if column.name.endswith(("_id", "_by"))
        and isinstance(column.type, String)
        and column.name not in known
    ]
