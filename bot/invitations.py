"""Invite people to a community, one by one; each joins by saying so, or does not."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from bot.asks import Took
from bot.blocks import communities as shown
from bot.outbox import NO_ANSWER, enqueue
from bot.quiet import may_be_told, note_not_told, note_told
from models import (
    Community,
    CommunityState,
    Invitation,
    InvitationState,
    Post,
    Topic,
)

INVITE_KEY = "invite:"
JOIN_KEY = "join:"

# Somebody who had an unasked message this week is invited the next. After this
# long the invitation would speak of a start that is past.
INVITED_WITHIN = timedelta(days=30)


def plan_invitations(
    session: Session, community: Community, user_ids: Iterable[str]
) -> None:
    """Note whom the starter would like there; nothing is sent yet."""
    for user_id in dict.fromkeys(user_ids):
        if user_id != community.started_by:
            session.add(_invitation(community, user_id))
    session.flush()


def _invitation(community: Community, user_id: str) -> Invitation:
    return Invitation(
        workspace_id=community.workspace_id,
        community_id=community.id,
        user_id=user_id,
        state=InvitationState.SENT,
    )


def invite_host(session: Session, community: Community, user_id: str) -> None:
    """Invite somebody to hold the community too; their question turns into it."""
    key = (community.workspace_id, community.id, user_id)
    invitation = session.get(Invitation, key)
    if invitation is None:
        invitation = _invitation(community, user_id)
        session.add(invitation)
    invitation.is_host = True
    session.flush()


def send_invitations(
    session: Session, *, now: datetime, community_id: int | None = None
) -> int:
    """Send the invitations of those who may get an unasked message now.

    Args:
        session: The transaction.
        now: The present.
        community_id: Of which community; all of them if None.

    Returns:
        How many were sent.
    """
    waiting = (
        select(Invitation, Community)
        .join(Community, Invitation.community_id == Community.id)
        .where(
            Invitation.state == InvitationState.SENT,
            Invitation.ts.is_(None),
            # A host's is in the place of the question they were asked.
            Invitation.is_host.is_(False),
            Community.state.in_((CommunityState.CREATED, CommunityState.OPEN)),
            Community.created_at > now - INVITED_WITHIN,
        )
        .order_by(Invitation.community_id, Invitation.user_id)
        .with_for_update(skip_locked=True, of=Invitation)
    )
    if community_id is not None:
        waiting = waiting.where(Invitation.community_id == community_id)
    rows = session.execute(waiting).all()
    return sum(_send(session, community, one, now) for one, community in rows)


def _send(
    session: Session, community: Community, invitation: Invitation, now: datetime
) -> bool:
    workspace_id, user_id = invitation.workspace_id, invitation.user_id
    if not may_be_told(session, workspace_id, [user_id], now=now):
        return False
    label = session.get_one(Topic, community.topic_id).label
    said = shown.invitation(
        community.id,
        label,
        community.started_by,
        str(community.channel_id),
        community.purpose,
    )
    is_new = enqueue(
        session,
        workspace_id=workspace_id,
        key=f"{INVITE_KEY}{community.id}:{user_id}",
        method="chat.postMessage",
        arguments={"channel": user_id, **said.payload()},
        now=now,
    )
    if not is_new:  # Slack refused it before
        return False
    note_told(session, workspace_id, user_id, now=now)
    return True


def answer_invitation(  # noqa: PLR0913 - a click has so many parts
    session: Session,
    *,
    workspace_id: str,
    community_id: int,
    user_id: str,
    accepts: bool,
    place: tuple[str, str],
    now: datetime,
) -> Took:
    """Take a person's answer to their invitation, once.

    Args:
        session: The transaction.
        workspace_id: Whose.
        community_id: Which.
        user_id: Who answers.
        accepts: Whether they join; only this person is then added.
        place: Channel and `ts` of the message with the buttons.
        now: The present.
    """
    key = (workspace_id, community_id, user_id)
    invitation = session.get(Invitation, key, with_for_update=True)
    community = session.get(Community, community_id)
    if invitation is None or community is None or community.channel_id is None:
        return Took.NOT_YOURS
    if invitation.state != InvitationState.SENT:
        return Took.ANSWERED
    if community.state == CommunityState.RETIRED:
        return Took.SETTLED
    state = InvitationState.ACCEPTED if accepts else InvitationState.DECLINED
    invitation.state, invitation.answered_at = state, now
    invitation.channel_id, invitation.ts = place
    if accepts:
        _add(session, invitation, community.channel_id, now=now)
    _replace_buttons(session, invitation, community.channel_id, now=now)
    session.flush()
    return Took.TAKEN


def _add(
    session: Session, invitation: Invitation, channel_id: str, *, now: datetime
) -> None:
    enqueue(
        session,
        workspace_id=invitation.workspace_id,
        key=f"{JOIN_KEY}{invitation.community_id}:{invitation.user_id}",
        method="conversations.invite",
        arguments={"channel": channel_id, "users": invitation.user_id},
        now=now,
    )


def _replace_buttons(
    session: Session, invitation: Invitation, channel_id: str, *, now: datetime
) -> None:
    said = (
        shown.joined(channel_id, is_host=invitation.is_host)
        if invitation.state == InvitationState.ACCEPTED
        else shown.declined(channel_id)
    )
    place = {"channel": invitation.channel_id, "ts": invitation.ts}
    enqueue(
        session,
        workspace_id=invitation.workspace_id,
        key=f"invited:{invitation.community_id}:{invitation.user_id}",
        method="chat.update",
        arguments={**place, **said.payload()},
        now=now,
    )


def note_invited(
    session: Session, workspace_id: str, key: str, place: tuple[str, str]
) -> None:
    """Note where Slack put an invitation: its channel (a DM's id) and `ts`."""
    community_id, user_id = key.removeprefix(INVITE_KEY).split(":")
    invitation = session.get(Invitation, (workspace_id, int(community_id), user_id))
    if invitation is not None:
        invitation.channel_id, invitation.ts = place
        session.flush()


def note_not_invited(session: Session, workspace_id: str, key: str, code: str) -> None:
    """Give a person's week back whom Slack would not give an invitation to.

    One that Slack never answered is free to be sent again: see `send_invitations`.
    """
    _, user_id = key.removeprefix(INVITE_KEY).split(":")
    note_not_told(session, workspace_id, user_id)
    if code == NO_ANSWER:
        session.execute(
            delete(Post).where(Post.workspace_id == workspace_id, Post.key == key)
        )


def note_not_added(
    session: Session, workspace_id: str, key: str, code: str, *, now: datetime
) -> None:
    """Tell somebody who wants in, but whom Slack did not let be added, what to do."""
    community_id, user_id = key.removeprefix(JOIN_KEY).split(":")
    community = session.get(Community, int(community_id))
    if code == "already_in_channel" or community is None or not community.channel_id:
        return
    enqueue(
        session,
        workspace_id=workspace_id,
        key=f"not-added:{community_id}:{user_id}",
        method="chat.postMessage",
        arguments={
            "channel": user_id,
            **shown.not_added(community.channel_id).payload(),
        },
        now=now,
    )
