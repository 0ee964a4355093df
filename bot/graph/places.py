"""Workspaces, channels, and who is where."""

import secrets
from collections.abc import Iterable
from dataclasses import asdict
from datetime import datetime

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from bot.errors import BadInputError, NotFoundError
from bot.graph.keys import ThreadKey, by_channel
from bot.graph.upserts import insert_missing
from bot.graph.upserts import replace as replace_rows
from bot.graph.wishes import erased
from bot.happenings import ChannelTold, Moved
from models import (
    Channel,
    Membership,
    Person,
    Workspace,
)

_KEY_BYTES = 32


def ensure_workspace(
    session: Session, workspace_id: str, *, now: datetime
) -> Workspace:
    """Get a workspace, made with a fresh word key if it is new."""
    row = {
        "id": workspace_id,
        "word_key": secrets.token_bytes(_KEY_BYTES),
        "created_at": now,
        "name": "",
        "domain": "",
        "revision": 0,
        "topics_revision": -1,
    }
    held = session.get(Workspace, workspace_id)
    if held is None:
        insert_missing(session, Workspace, [row])
        held = session.get_one(Workspace, workspace_id)
    return held


def only_workspace(session: Session, wanted: str | None = None) -> Workspace:
    """Get the workspace a command is about.

    Raises:
        NotFoundError: None is held, or not the one wanted.
        BadInputError: Several are held and none was named.
    """
    held = session.scalars(select(Workspace).order_by(Workspace.id)).all()
    if wanted:
        held = [w for w in held if w.id == wanted]
    if not held:
        raise NotFoundError(
            f"nothing is held of the workspace {wanted}"
            if wanted
            else "nothing is held yet: run `import EXPORT` or `run` first"
        )
    if len(held) > 1:
        ids = ", ".join(w.id for w in held)
        raise BadInputError(
            f"several workspaces are held ({ids}): name one by --workspace"
        )
    return held[0]


def touch(session: Session, workspace_id: str) -> None:
    """Note that what was heard has changed, so that memories are renewed."""
    session.execute(
        update(Workspace)
        .where(Workspace.id == workspace_id)
        .values(revision=Workspace.revision + 1)
    )


def tell_channel(session: Session, workspace_id: str, told: ChannelTold) -> None:
    """Note what is known of a channel, unless something newer is."""
    held = session.get(Channel, (workspace_id, told.channel_id))
    if held is None:
        held = Channel(workspace_id=workspace_id, id=told.channel_id, version_ts="")
        session.add(held)
    elif _key(told.version_ts) < _key(held.version_ts):
        return
    for name, value in asdict(told).items():
        if name != "channel_id" and value is not None:
            setattr(held, name, value)
    session.flush()


def move(session: Session, workspace_id: str, moved: Moved) -> None:
    """Note that somebody joined or left, unless something later is held."""
    move_all(session, workspace_id, [moved])


def move_all(session: Session, workspace_id: str, moves: Iterable[Moved]) -> None:
    """Note who joined or left, in their order, unless something later is held."""
    latest: dict[ThreadKey, Moved] = {}
    for one in moves:
        before = latest.get((one.channel_id, one.user_id))
        if before is None or _key(one.version_ts) >= _key(before.version_ts):
            latest[one.channel_id, one.user_id] = one
    held: dict[ThreadKey, str] = {}
    for channel_id, people in by_channel(latest):
        rows = session.execute(
            select(Membership.user_id, Membership.version_ts).where(
                Membership.workspace_id == workspace_id,
                Membership.channel_id == channel_id,
                Membership.user_id.in_(people),
            )
        )
        held |= {(channel_id, user_id): version for user_id, version in rows}
    gone = erased(session, workspace_id, {user_id for _, user_id in latest})
    fresh = [
        {"workspace_id": workspace_id, **asdict(one)}
        for key, one in latest.items()
        if _key(one.version_ts) >= _key(held.get(key, "")) and key[1] not in gone
    ]
    replace_rows(session, Membership, fresh)
    session.expire_all()


def _key(ts: str) -> float:
    return float(ts or 0)


def watched_channels(session: Session, workspace_id: str) -> set[str]:
    """Ids of the private channels that Grapevine is in.

    Who is in them it knows better than an export, which may name people who left.
    """
    rows = session.scalars(
        select(Channel.id).where(
            Channel.workspace_id == workspace_id, Channel.is_private, Channel.is_joined
        )
    )
    return set(rows)


def has_members(session: Session, workspace_id: str, channel_id: str) -> bool:
    """Whether anybody is known to be in a channel."""
    held = select(Membership.user_id).where(
        Membership.workspace_id == workspace_id,
        Membership.channel_id == channel_id,
        Membership.is_member,
    )
    return session.scalar(held.limit(1)) is not None


def unlearn_channel(session: Session, workspace_id: str, channel_id: str) -> None:
    """Let go of what is known of a channel and of who is in it, not of what was said.

    Until Slack is asked anew, before the next word from there is heard, nothing of it
    is shown to anybody.
    """
    for model, column in ((Membership, Membership.channel_id), (Channel, Channel.id)):
        session.execute(
            delete(model).where(
                model.workspace_id == workspace_id, column == channel_id
            )
        )
    session.expire_all()


def people_left_out(session: Session, workspace_id: str) -> set[str]:
    """Ids of those who are never named for what Slack says of them."""
    rows = session.scalars(
        select(Person.id).where(
            Person.workspace_id == workspace_id,
            Person.is_bot | Person.is_deactivated | Person.is_external,
        )
    )
    return set(rows)


def channels_of(session: Session, workspace_id: str) -> dict[str, Channel]:
    """Every channel held, by id."""
    rows = session.scalars(select(Channel).where(Channel.workspace_id == workspace_id))
    return {channel.id: channel for channel in rows}
