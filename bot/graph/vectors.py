"""Vectors of an engine that is no longer in use: renewed, or counted.

A vector is made while its message's text is at hand, and text is not kept. So after
a change of engine only what an export or the Web API says again can be renewed.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from bot.graph.keys import by_channel
from bot.graph.messages import Noted
from models import Message


@dataclass(frozen=True, slots=True)
class Vectors:
    """How many questions a workspace, or a whole database, holds vectors of.

    Attributes:
        questions: Messages that ask.
        missing: Those without a vector of the engine in use.
        engines: Names of other engines whose vectors are held.
    """

    questions: int
    missing: int
    engines: tuple[str, ...]


def renew_vectors(session: Session, workspace_id: str, noted: Iterable[Noted]) -> int:
    """Replace vectors by those of the engine in use, of unchanged messages.

    Args:
        session: Written to.
        workspace_id: Whose.
        noted: Messages as they were just heard again.

    Returns:
        How many were replaced.
    """
    heard = {
        (one.said.channel_id, one.said.ts): one for one in noted if one.vector_model
    }
    old = [
        (channel_id, ts)
        for channel_id, ts, version in _others(session, workspace_id, heard)
        if version == heard[channel_id, ts].said.version_ts
    ]
    for channel_id, ts in old:
        one = heard[channel_id, ts]
        session.execute(
            update(Message)
            .where(
                Message.workspace_id == workspace_id,
                Message.channel_id == channel_id,
                Message.ts == ts,
            )
            .values(vector=one.vector, vector_model=one.vector_model)
            .execution_options(synchronize_session=False)
        )
    return len(old)


def _others(
    session: Session, workspace_id: str, heard: dict[tuple[str, str], Noted]
) -> list[tuple[str, str, str]]:
    """Channel, `ts` and version of the questions with another engine's vector."""
    found: list[tuple[str, str, str]] = []
    for channel_id, some in by_channel(sorted(heard)):
        model = heard[channel_id, some[0]].vector_model
        rows = session.execute(
            select(Message.ts, Message.version_ts).where(
                Message.workspace_id == workspace_id,
                Message.channel_id == channel_id,
                Message.ts.in_(some),
                Message.is_question,
                Message.is_deleted.is_(False),
                Message.vector_model.is_distinct_from(model),
            )
        )
        found += [(channel_id, ts, version) for ts, version in rows]
    return found


def count_vectors(session: Session, model: str) -> Vectors:
    """Count the questions of all workspaces, by whose vectors they have.

    Args:
        session: Only read from.
        model: The engine in use (`Engine.model`).
    """
    rows = session.execute(
        select(Message.vector_model, func.count())
        .where(Message.is_question, Message.is_deleted.is_(False))
        .group_by(Message.vector_model)
    ).all()
    counts = {name: n for name, n in rows}  # noqa: C416 - rows are not tuples
    others = sorted(name for name in counts if name not in (None, model))
    total = sum(counts.values())
    return Vectors(total, total - counts.get(model, 0), tuple(others))


def explain_vectors(held: Vectors) -> tuple[str, str]:
    """Say what other engines left behind, and what to do; "" where there is none."""
    if not held.missing:
        return "", ""
    whose = f" (they have those of {', '.join(held.engines)})" if held.engines else ""
    what = (
        f"{held.missing:,} of {held.questions:,} questions have no sentence vector of "
        f"the engine in use{whose}: they are found by their words alone"
    )
    fix = (
        "`import` the workspace's export again: what is in it is renewed; messages "
        "that were only heard live cannot be, since their text is not kept"
    )
    return what, fix
