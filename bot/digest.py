"""Digest one happening: the graph changes, and what is to be said is decided.

Digesting twice is the same as once, and the order makes no difference: messages
are held by their newest version, threads are rewritten from what is held.
"""

from dataclasses import dataclass

from sqlalchemy import delete
from sqlalchemy.orm import Session

from bot import inbox, installations
from bot.deps import Deps
from bot.graph import people, places
from bot.graph.channel_rows import drop_channel, renumber_channel
from bot.graph.keys import ThreadKey
from bot.graph.messages import bury, react
from bot.graph.threads import reread_threads
from bot.happenings import (
    ChannelConverted,
    ChannelGone,
    ChannelRenumbered,
    ChannelTold,
    Deleted,
    Happening,
    HomeOpened,
    Mentioned,
    Moved,
    PersonTold,
    Reacted,
    Said,
    Uninstalled,
)
from bot.noting import note
from models import Base, Channel, Event, Person, Preference, Workspace

# Conversations that are never evidence. Source: Slack, "message event".
_PRIVATE_TALK = frozenset({"im", "mpim", "app_home"})


@dataclass(frozen=True, slots=True)
class Addressed:
    """Somebody said something that Grapevine should answer."""

    said: Said
    by_name: bool


@dataclass(frozen=True, slots=True)
class Digested:
    """What a happening leads to, beside the changed graph.

    Attributes:
        addressed: A message to answer, if it is one.
        home_of: Whose Home tab is to be shown.
        new_question: The question that was heard for the first time.
    """

    addressed: Addressed | None = None
    home_of: str | None = None
    new_question: ThreadKey | None = None


NOTHING = Digested()


def digest(
    session: Session,
    deps: Deps,
    workspace_id: str,
    happening: Happening,
) -> Digested:
    """Let a happening change the graph of its workspace."""
    match happening:
        case Said():
            return _said(session, deps, workspace_id, happening)
        case Mentioned(said):
            return Digested(addressed=Addressed(said, by_name=True))
        case HomeOpened(user_id):
            return Digested(home_of=user_id)
        case Uninstalled():
            forget_workspace(session, deps, workspace_id)
            forget_departed(session, deps)
        case _:
            _changed(session, workspace_id, happening)
            places.touch(session, workspace_id)
    return NOTHING


def _changed(session: Session, workspace_id: str, happening: Happening) -> None:
    match happening:
        case Deleted(channel_id, ts):
            inbox.forget_message(session, workspace_id, channel_id, ts)
            threads = {bury(session, workspace_id, happening)}
            reread_threads(session, workspace_id, threads)
        case Reacted(channel_id, _, user_id, is_present=is_present):
            hears = _may_hear(session, workspace_id, user_id, channel_id)
            if is_present and not hears:
                return
            threads = react(session, workspace_id, [happening])
            reread_threads(session, workspace_id, threads)
        case Moved():
            _moved(session, workspace_id, happening)
        case ChannelTold():
            _told(session, workspace_id, happening)
        case ChannelConverted(channel_id):
            places.unlearn_channel(session, workspace_id, channel_id)
        case ChannelGone(channel_id):
            drop_channel(session, workspace_id, channel_id)
        case ChannelRenumbered(old_id, new_id):
            threads = renumber_channel(session, workspace_id, old_id, new_id)
            reread_threads(session, workspace_id, threads)
        case PersonTold():
            people.tell_person(session, workspace_id, happening)


def _moved(session: Session, workspace_id: str, moved: Moved) -> None:
    workspace = session.get_one(Workspace, workspace_id)
    if moved.user_id == workspace.bot_user_id:
        told = ChannelTold(
            moved.channel_id, moved.version_ts, is_joined=moved.is_member
        )
        _told(session, workspace_id, told)
        return
    places.move(session, workspace_id, moved)


def _told(session: Session, workspace_id: str, told: ChannelTold) -> None:
    places.tell_channel(session, workspace_id, told)
    channel = session.get(Channel, (workspace_id, told.channel_id))
    if told.is_joined is not None and channel is not None and channel.is_private:
        # Who comes and goes while Grapevine is not in it, it is not told.
        places.unlearn_channel(session, workspace_id, told.channel_id)


def _said(session: Session, deps: Deps, workspace_id: str, said: Said) -> Digested:
    addressed = None if said.is_edit else Addressed(said, by_name=False)
    if said.channel_type in _PRIVATE_TALK:
        return Digested(addressed=addressed if said.channel_type != "mpim" else None)
    if not _may_hear(session, workspace_id, said.user_id, said.channel_id):
        return NOTHING
    _note_membership(session, workspace_id, said)
    fresh = note(session, deps, workspace_id, [said])
    asked = any(one.said.is_root and one.heard.is_question for one in fresh)
    return Digested(
        addressed=addressed,
        new_question=(said.channel_id, said.ts) if asked else None,
    )


def _note_membership(session: Session, workspace_id: str, said: Said) -> None:
    """Slack tells us only of channels that we are in, so an event is proof.

    A private channel that was held as public, or as one that we are not in, is asked
    about anew: it was converted, or an export told who was in it once.
    """
    channel = session.get(Channel, (workspace_id, said.channel_id))
    if channel is None:
        return
    is_converted = said.channel_type == "group" and not channel.is_private
    is_newly_heard = not channel.is_joined and float(said.ts) > float(
        channel.version_ts or 0
    )
    is_told_of_old = (
        is_newly_heard
        and channel.is_private
        and places.has_members(session, workspace_id, said.channel_id)
    )
    if is_converted or is_told_of_old:
        places.unlearn_channel(session, workspace_id, said.channel_id)
    elif is_newly_heard:
        channel.is_joined = True


def _may_hear(
    session: Session, workspace_id: str, user_id: str, channel_id: str
) -> bool:
    """Whether what somebody does may be held: not of a bot, nor from elsewhere."""
    person = session.get(Person, (workspace_id, user_id))
    if person is not None and (person.is_bot or person.is_external):
        return False
    wish = session.get(Preference, (workspace_id, user_id))
    if wish is not None and wish.is_opted_out:
        return False
    channel = session.get(Channel, (workspace_id, channel_id))
    return channel is None or not channel.is_external


def forget_workspace(session: Session, deps: Deps, workspace_id: str) -> None:
    """Remove everything held of a workspace that took Grapevine out."""
    # Events first: a process that is digesting one is waited for, and then the
    # workspace is gone for whoever comes later.
    session.execute(delete(Event).where(Event.workspace_id == workspace_id))
    session.execute(delete(Workspace).where(Workspace.id == workspace_id))
    for table in Base.metadata.sorted_tables:
        if "workspace_id" in table.columns and not table.foreign_keys:
            session.execute(delete(table).where(table.c.workspace_id == workspace_id))
    deps.memories.drop(workspace_id)


def forget_departed(session: Session, deps: Deps) -> list[str]:
    """Remove what is held of every workspace that has left.

    Returns:
        Which they were.
    """
    left = installations.to_remove(session)
    for workspace_id in left:
        forget_workspace(session, deps, workspace_id)
    return left
