"""Let go of what has served its purpose: old posts, and ways to write unheard words."""

from datetime import datetime, timedelta
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import delete, or_, select
from sqlalchemy.orm import Session

from bot.database import Database
from bot.deps import Deps
from models import Channel, Message, Post, PostState, Word, Workspace

# Of these nothing can come again by then: an event's id is known for seven days, in
# which Slack repeats it, and a day's question is asked on that day alone. Everything
# else that was posted settles something between people (an invitation, a suggestion,
# an answer that was shared), and a button pressed years later must not repeat it.
_PASSING = ("answer:", "daily:", "daily-")
POSTS_KEPT_FOR = timedelta(days=30)

_ROWS_AT_ONCE = 10_000
_DELETED_AT_ONCE = 500


def tidy(deps: Deps, *, now: datetime) -> int:
    """Let go of everything that nobody needs any more.

    Returns:
        How many rows went.
    """
    gone = _posts(deps.database, now)
    with deps.database.readers() as session:
        workspaces = session.scalars(select(Workspace.id)).all()
    return gone + sum(_words(deps.database, one) for one in workspaces)


def _posts(database: Database, now: datetime) -> int:
    passing = or_(*(Post.key.startswith(start) for start in _PASSING))
    settled = Post.state.in_((PostState.SENT, PostState.FAILED))
    old = Post.created_at < now - POSTS_KEPT_FOR
    with database.sessions.begin() as session:
        done: Any = session.execute(delete(Post).where(settled, old, passing))
    return int(done.rowcount)


def _words(database: Database, workspace_id: str) -> int:
    """Forget how a term is written that no message in a public channel holds now."""
    with database.readers() as session:
        written = session.scalars(
            select(Word.hash).where(Word.workspace_id == workspace_id).distinct()
        ).all()
        unheard = np.setdiff1d(
            np.array(written, np.int64), _heard(session, workspace_id)
        )
    gone = 0
    for start in range(0, len(unheard), _DELETED_AT_ONCE):
        some = [int(one) for one in unheard[start : start + _DELETED_AT_ONCE]]
        # A transaction each: others write in between. One that was heard just now is
        # counted again when it is heard next.
        with database.sessions.begin() as session:
            theirs = Word.workspace_id == workspace_id
            done: Any = session.execute(delete(Word).where(theirs, Word.hash.in_(some)))
        gone += int(done.rowcount)
    return gone


def _heard(session: Session, workspace_id: str) -> NDArray[np.int64]:
    """The terms of all that is held of public channels."""
    rows = session.scalars(
        select(Message.words)
        .join(
            Channel,
            (Channel.workspace_id == Message.workspace_id)
            & (Channel.id == Message.channel_id),
        )
        .where(Message.workspace_id == workspace_id, Channel.is_private.is_(False))
        .execution_options(yield_per=_ROWS_AT_ONCE)
    )
    heard = np.zeros(0, np.int64)
    for some in rows.partitions(_ROWS_AT_ONCE):
        heard = np.union1d(heard, np.frombuffer(b"".join(some), np.int64))
    return heard
