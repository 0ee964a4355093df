"""Everything that lies in a channel: carried over to its new id, or let go of."""

from typing import Any

from sqlalchemy import delete, exists, inspect, select, update
from sqlalchemy.orm import Session, aliased

from bot.graph.keys import ThreadKey
from models import (
    Answer,
    Backfill,
    Base,
    Channel,
    Community,
    DailyPost,
    Evidence,
    Membership,
    Message,
    Post,
    Question,
    Reaction,
    Schedule,
    Suggestion,
)

# Tables whose rows lie in a channel, by the column that says which.
_IN_CHANNEL = (
    Answer,
    Backfill,
    DailyPost,
    Evidence,
    Membership,
    Message,
    Question,
    Reaction,
)

# Every column that holds a channel's id; not all of them go with the channel.
_HOLDING_ONE = tuple(
    (table, column)
    for table in (
        Base.metadata.tables[model.__tablename__]
        for model in (*_IN_CHANNEL, Schedule, Post, Community, Suggestion)
    )
    for column in table.columns
    if column.name in ("channel_id", "existing_channel_id")
)


def drop_channel(session: Session, workspace_id: str, channel_id: str) -> None:
    """Remove a channel that Slack has deleted, and all evidence from it."""
    for model in (*_IN_CHANNEL, Schedule):
        session.execute(
            delete(model).where(
                model.workspace_id == workspace_id, model.channel_id == channel_id
            )
        )
    session.execute(
        delete(Channel).where(
            Channel.workspace_id == workspace_id, Channel.id == channel_id
        )
    )


def renumber_channel(
    session: Session, workspace_id: str, old_id: str, new_id: str
) -> set[ThreadKey]:
    """Carry everything over to a channel's new id, which may have been met already.

    Returns:
        The threads that were heard of under the new one, to be read again.
    """
    old, new = ((workspace_id, one) for one in (old_id, new_id))
    held = session.get(Channel, old)
    if held is None or old == new:
        return set()
    if session.get(Channel, new) is None:
        held.id = new_id
    else:
        session.delete(held)
    session.flush()
    met = select(Message.root_ts).where(
        Message.workspace_id == workspace_id, Message.channel_id == new_id
    )
    threads = {(new_id, root_ts) for root_ts in session.scalars(met.distinct())}
    for model in (*_IN_CHANNEL, Schedule):
        _drop_doubles(session, workspace_id, model, (old_id, new_id))
    for table, column in _HOLDING_ONE:
        session.execute(
            update(table)
            .where(table.c.workspace_id == workspace_id, column == old_id)
            .values({column.name: new_id})
        )
    session.expire_all()
    return threads


def _drop_doubles(
    session: Session, workspace_id: str, model: type[Any], ids: tuple[str, str]
) -> None:
    """Let go of rows of a channel's old id that its new one has too."""
    other = aliased(model)
    rest = [c.key for c in inspect(model).primary_key]
    if model in (DailyPost, Schedule):
        rest = []  # a channel has one schedule, and counts its days
    same = (getattr(other, k) == getattr(model, k) for k in rest if k != "channel_id")
    double = exists().where(
        other.workspace_id == workspace_id, other.channel_id == ids[1], *same
    )
    session.execute(
        delete(model)
        .where(model.workspace_id == workspace_id, model.channel_id == ids[0], double)
        .execution_options(synchronize_session=False)
    )
