"""Read what is held of a workspace's messages as columns."""

from collections.abc import Iterator
from datetime import UTC, datetime

import numpy as np
from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.corpus import Fact, Floats
from bot.graph.wishes import opted_out
from bot.vectors.store import unpack
from models import Channel, Message, Person

_ROWS_AT_ONCE = 5_000


def read_facts(
    session: Session, workspace_id: str, *, model: str | None
) -> Iterator[Fact]:
    """Every message that may count, as facts.

    Left out: what was deleted, channels shared with other organisations, and
    the words of bots, of people from elsewhere and of those who opted out.

    Args:
        session: Only read from.
        workspace_id: Whose.
        model: The sentence vectors to hand out; vectors of others stay behind.
    """
    columns = (
        Message.channel_id,
        Message.ts,
        Message.root_ts,
        Message.user_id,
        Message.is_question,
        Message.is_thanks,
        Message.mentions,
        Message.words,
        Message.counts,
        Message.vector,
        Message.vector_model,
    )
    silent = _silent_people(session, workspace_id)
    closed = _closed_channels(session, workspace_id)
    rows = session.execute(
        select(*columns).where(
            Message.workspace_id == workspace_id, Message.is_deleted.is_(False)
        ),
        execution_options={"yield_per": _ROWS_AT_ONCE},
    )
    # By place: to ask a row for eleven columns by name takes as long as to read it.
    for channel, ts, root, user, asks, thanks, named, words, counts, vector, of in rows:
        if user is None or user in silent or channel in closed:
            continue
        yield Fact(
            channel_id=channel,
            ts=ts,
            thread_ts=root,
            user_id=user,
            # What `at` holds, without a date made of it and unmade, row by row.
            at=float(ts),
            is_question=asks,
            is_thanks=thanks,
            mentions=tuple(one for one in named if one not in silent),
            words=np.frombuffer(words, np.int64),
            counts=np.frombuffer(counts, np.uint8),
            vector=_vector(vector) if of == model else None,
        )


def _vector(packed: bytes | None) -> Floats | None:
    return None if packed is None else unpack(packed)


def _silent_people(session: Session, workspace_id: str) -> set[str]:
    unheard = select(Person.id).where(
        Person.workspace_id == workspace_id, Person.is_bot | Person.is_external
    )
    return set(session.scalars(unheard)) | opted_out(session, workspace_id)


def _closed_channels(session: Session, workspace_id: str) -> set[str]:
    rows = session.scalars(
        select(Channel.id).where(
            Channel.workspace_id == workspace_id, Channel.is_external
        )
    )
    return set(rows)


def read_fact(
    session: Session, workspace_id: str, key: tuple[str, str], model: str | None
) -> Fact | None:
    """One message as a fact; None if it is not held."""
    held = session.get(Message, (workspace_id, *key))
    return None if held is None or held.user_id is None else _fact(held, model)


def read_facts_of(
    session: Session, workspace_id: str, user_id: str, *, since: float, until: float
) -> list[Fact]:
    """What one person wrote in a span of time (seconds since 1970), no vectors."""
    rows = session.scalars(
        select(Message).where(
            Message.workspace_id == workspace_id,
            Message.user_id == user_id,
            Message.is_deleted.is_(False),
            Message.at >= datetime.fromtimestamp(since, tz=UTC),
            Message.at <= datetime.fromtimestamp(until, tz=UTC),
        )
    )
    return [_fact(row, None) for row in rows]


def _fact(row: Message, model: str | None) -> Fact:
    return Fact(
        channel_id=row.channel_id,
        ts=row.ts,
        thread_ts=row.root_ts,
        user_id=str(row.user_id),
        at=row.at.timestamp(),
        is_question=row.is_question,
        is_thanks=row.is_thanks,
        mentions=tuple(row.mentions),
        words=np.frombuffer(row.words, np.int64),
        counts=np.frombuffer(row.counts, np.uint8),
        vector=_vector(row.vector) if model and row.vector_model == model else None,
    )
