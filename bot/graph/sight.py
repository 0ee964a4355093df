"""Which channels somebody may read in Slack: of no others may they be told."""

from sqlalchemy import exists, select
from sqlalchemy.orm import Session

from bot.graph.topics import open_channels
from models import Channel, Membership, Message, Person, Workspace


def readable_channels(
    session: Session, workspace_id: str, user_id: str | None, *, public_only: bool
) -> set[str]:
    """Ids of the channels that somebody may read, but for those that are shared.

    Args:
        session: Only read from.
        workspace_id: Whose.
        user_id: Through whose eyes; None for what every member may read.
        public_only: Leave out private channels, to tell others of it.

    A guest reads no channel but those they are in, the public ones too. Source:
    Slack, "Understand guest roles in Slack". People of other organisations read
    none of ours but shared ones, which are left out.
    """
    public = open_channels(session, workspace_id)
    if user_id is None:
        return public
    person = session.get(Person, (workspace_id, user_id))
    if person is not None and person.is_external:
        return set()
    inside = _inside(session, workspace_id, user_id)
    if person is not None and person.is_guest:
        public &= inside | _spoken_in(session, workspace_id, user_id)
    return public if public_only else public | inside


def _inside(session: Session, workspace_id: str, user_id: str) -> set[str]:
    """Channels that somebody is in, as far as we are told.

    Who leaves a private channel is not told to who is not in it: once Grapevine is
    connected, what an export said of one holds no longer.
    """
    is_live = exists().where(
        Workspace.id == workspace_id, Workspace.bot_user_id.is_not(None)
    )
    rows = session.scalars(
        select(Membership.channel_id)
        .join(
            Channel,
            (Channel.workspace_id == Membership.workspace_id)
            & (Channel.id == Membership.channel_id),
        )
        .where(
            Membership.workspace_id == workspace_id,
            Membership.user_id == user_id,
            Membership.is_member,
            Channel.is_external.is_(False),
            Channel.is_private.is_(False) | Channel.is_joined | ~is_live,
        )
    )
    return set(rows)


def _spoken_in(session: Session, workspace_id: str, user_id: str) -> set[str]:
    """Channels that somebody wrote in and has not left, to our knowledge.

    Who is in a public channel is not asked of Slack; who writes there is.
    """
    left = select(Membership.channel_id).where(
        Membership.workspace_id == workspace_id,
        Membership.user_id == user_id,
        Membership.is_member.is_(False),
    )
    rows = session.scalars(
        select(Message.channel_id)
        .where(
            Message.workspace_id == workspace_id,
            Message.user_id == user_id,
            Message.channel_id.not_in(left),
        )
        .distinct()
    )
    return set(rows)
