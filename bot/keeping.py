"""How long what was heard is kept, where whoever runs Grapevine set a limit."""

import logging
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import delete, select

from bot.database import Database
from bot.deps import Deps
from bot.graph.places import touch
from models import Answer, Evidence, Message, Question, Reaction, Workspace

log = logging.getLogger(__name__)

# What is heard of people; topics, wishes and decisions are kept for their own sake.
_HEARD = (Evidence, Answer, Question, Reaction, Message)

# SQLite keeps the room of what was deleted for what comes. Giving it back means to
# write the whole file anew, which pays once this share of it is empty.
EMPTY_SHARE = 0.25


def forget_old(deps: Deps, *, now: datetime) -> int:
    """Let go of messages, evidence and tombstones older than `deps.keep`.

    Returns:
        How many rows went.
    """
    if deps.keep is None:
        return 0
    removed = sum(_forget(deps, model, now - deps.keep) for model in _HEARD)
    if removed:
        with deps.database.sessions.begin() as session:
            for workspace_id in session.scalars(select(Workspace.id)).all():
                touch(session, workspace_id)
        log.info("let go of what is too old", extra={"rows": removed})
    give_back(deps.database)
    return removed


def _forget(deps: Deps, model: type[Any], before: datetime) -> int:
    # A transaction each: others write in between.
    with deps.database.sessions.begin() as session:
        done: Any = session.execute(delete(model).where(model.at < before))
    return int(done.rowcount)


def give_back(database: Database) -> bool:
    """Give room back to the disk; PostgreSQL does it by itself.

    Returns:
        Whether the file was written anew.
    """
    if not database.is_sqlite:
        return False
    with database.engine.connect() as connection:
        raw: Any = connection.connection.dbapi_connection
        pages = raw.execute("PRAGMA page_count").fetchone()[0]
        free = raw.execute("PRAGMA freelist_count").fetchone()[0]
        if free < pages * EMPTY_SHARE:
            return False
        raw.execute("VACUUM")  # not within a transaction
    return True


def kept_for(days: int | None) -> timedelta | None:
    """How long, of a number of days; None for ever."""
    return None if days is None else timedelta(days=days)
