"""Put a topic with momentum to the people who carry it: rarely, and once."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.asks import ASK_KEY
from bot.blocks import communities as shown
from bot.blocks.spoken import Spoken
from bot.conversations import channel_url, public_ones
from bot.outbox import enqueue
from bot.outcomes import Reply
from bot.quiet import may_be_told, note_told
from models import (
    Ask,
    Community,
    CommunityState,
    Membership,
    Message,
    Suggestion,
    SuggestionState,
    Topic,
    TopicPreference,
)

# Two or three hold a community better than one (Kraut and Fiore, 2014); more
# would each wait for the others.
MOST_ASKED = 3


@dataclass(frozen=True, slots=True)
class Proposal:
    """A topic to put to the people who carry it.

    Attributes:
        workspace_id, topic_id, label: Which topic, under which name.
        gates: As the verdict has them: name, value, needed, met, says.
        hosts: Whom to ask, best first.
        existing_channel_id: Set if a channel is its place already.
    """

    workspace_id: str
    topic_id: int
    label: str
    gates: Sequence[Mapping[str, Any]]
    hosts: tuple[str, ...]
    existing_channel_id: str | None = None


def suggest(session: Session, proposal: Proposal, *, now: datetime) -> bool:
    """Put a topic to its people, unless that was settled or would be too much.

    Returns:
        False if nothing was sent: a suggestion is open or was settled, or
        nobody may be asked now.
    """
    # The lock keeps two processes from suggesting the same topic at once.
    topic = session.get(Topic, proposal.topic_id, with_for_update=True)
    if topic is None or topic.is_hidden or topic.retired_at is not None:
        return False
    if topic.workspace_id != proposal.workspace_id or _is_settled(session, topic, now):
        return False
    asked = _whom(session, proposal, now)
    if not asked:
        return False
    suggestion = Suggestion(
        workspace_id=proposal.workspace_id,
        topic_id=proposal.topic_id,
        existing_channel_id=proposal.existing_channel_id,
        gates=[dict(gate) for gate in proposal.gates],
        created_at=now,
    )
    session.add(suggestion)
    session.flush()
    for user_id in asked:
        _ask(session, suggestion, user_id, proposal.label, len(asked) - 1, now=now)
    return True


def _is_settled(session: Session, topic: Topic, now: datetime) -> bool:
    """Whether a topic was put to people and need not be again."""
    alive = select(Community.id).where(
        Community.topic_id == topic.id, Community.state != CommunityState.RETIRED
    )
    if session.scalar(alive) is not None:
        return True
    earlier = session.scalars(select(Suggestion).where(Suggestion.topic_id == topic.id))
    return any(
        one.state in (SuggestionState.OPEN, SuggestionState.NOT_TOPIC)
        or (one.ask_again_at is not None and one.ask_again_at > now)
        for one in earlier
    )


def _whom(session: Session, proposal: Proposal, now: datetime) -> list[str]:
    left_out = _left_out(session, proposal)
    hosts = [user_id for user_id in proposal.hosts if user_id not in left_out]
    free = may_be_told(session, proposal.workspace_id, hosts, now=now, guests_too=False)
    return free[:MOST_ASKED]


def _left_out(session: Session, proposal: Proposal) -> set[str]:
    """Who said no to the topic before, or is in its channel already.

    Who is in a public channel is known of those who came since Grapevine did; whoever
    writes there is in it too.
    """
    workspace_id, topic_id = proposal.workspace_id, proposal.topic_id
    refused = (
        select(Ask.user_id)
        .join(Suggestion, Ask.suggestion_id == Suggestion.id)
        .where(Suggestion.topic_id == topic_id, Ask.answer == Reply.NOT_TOPIC)
    )
    of_theirs = select(TopicPreference.user_id).where(
        TopicPreference.workspace_id == workspace_id,
        TopicPreference.topic_id == topic_id,
    )
    members = select(Membership.user_id).where(
        Membership.workspace_id == workspace_id,
        Membership.channel_id == proposal.existing_channel_id,
        Membership.is_member,
    )
    writers = select(Message.user_id).where(
        Message.workspace_id == workspace_id,
        Message.channel_id == proposal.existing_channel_id,
        Message.user_id.in_(proposal.hosts),
    )
    return set(session.scalars(refused.union(of_theirs, members, writers)))


def _ask(  # noqa: PLR0913 - what one message says
    session: Session,
    suggestion: Suggestion,
    user_id: str,
    label: str,
    others: int,
    *,
    now: datetime,
) -> None:
    workspace_id = suggestion.workspace_id
    session.add(
        Ask(
            workspace_id=workspace_id,
            suggestion_id=suggestion.id,
            user_id=user_id,
        )
    )
    enqueue(
        session,
        workspace_id=workspace_id,
        key=f"{ASK_KEY}{suggestion.id}:{user_id}",
        method="chat.postMessage",
        arguments={
            "channel": user_id,
            **_question(session, suggestion, label, others).payload(),
        },
        now=now,
    )
    note_told(session, workspace_id, user_id, now=now)


def _question(
    session: Session, suggestion: Suggestion, label: str, others: int
) -> Spoken:
    workspace_id, channel_id = suggestion.workspace_id, suggestion.existing_channel_id
    if channel_id is not None:
        url = channel_url(workspace_id, channel_id)
        return shown.existing(
            suggestion.id, label, suggestion.gates, channel_id, url=url
        )
    public = public_ones(session, workspace_id, suggestion.topic_id)
    return shown.suggestion(
        suggestion.id, label, suggestion.gates, public, others=others
    )
