"""Show each person who was asked what came of a suggestion, where its buttons were.

Nobody is shown somebody else's no.
"""

from datetime import datetime, timedelta
from enum import StrEnum

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from bot.blocks import communities as shown
from bot.blocks.spoken import Spoken
from bot.outbox import enqueue
from models import Ask, Community, Invitation, Suggestion, SuggestionState, Topic

# "Not now" is a season; asking sooner would be nagging.
ASK_AGAIN_AFTER = timedelta(days=60)


class Reply(StrEnum):
    """What a person may answer."""

    YES = "yes"
    NOT_NOW = "not now"
    NOT_TOPIC = "not topic"


def replace_buttons(
    session: Session, suggestion: Suggestion, ask: Ask, *, now: datetime
) -> None:
    """Put what came of a suggestion in the place of its buttons.

    A message that Slack has not taken yet is replaced when it has: `note_asked`.
    """
    if ask.channel_id is None or ask.ts is None:
        return
    said = what_came_of(session, suggestion, ask)
    outcome = ask.answer or suggestion.state
    if ask.answer in (None, Reply.YES):
        # What was handed over by a checklist may still become a community.
        community = find_community(session, suggestion)
        outcome += f":{community.id}" if community else ""
    enqueue(
        session,
        workspace_id=suggestion.workspace_id,
        key=f"asked:{suggestion.id}:{ask.user_id}:{outcome}",
        method="chat.update",
        arguments={"channel": ask.channel_id, "ts": ask.ts, **said.payload()},
        now=now,
    )


def what_came_of(session: Session, suggestion: Suggestion, ask: Ask) -> Spoken:
    """Say what a person's message becomes once they or others have answered."""
    label = session.get_one(Topic, suggestion.topic_id).label
    if ask.answer is not None:
        return _to_answerer(session, suggestion, ask, label)
    if suggestion.state == SuggestionState.ACCEPTED and suggestion.settled_by:
        return _to_others(session, suggestion, label)
    return shown.expired(label)


def _to_answerer(
    session: Session, suggestion: Suggestion, ask: Ask, label: str
) -> Spoken:
    if ask.answer == Reply.NOT_TOPIC:
        return shown.not_topic(label)
    if ask.answer == Reply.NOT_NOW:
        since = ask.answered_at or suggestion.created_at
        return shown.not_now(label, since + ASK_AGAIN_AFTER)
    if suggestion.existing_channel_id is not None:
        return shown.opened(label, suggestion.existing_channel_id)
    return _to_starter(session, suggestion, label)


def _to_starter(session: Session, suggestion: Suggestion, label: str) -> Spoken:
    community = find_community(session, suggestion)
    if community is None or community.channel_id is None:
        return shown.handed_over(label)
    invited = session.scalar(
        select(func.count())
        .select_from(Invitation)
        .where(Invitation.community_id == community.id)
    )
    return shown.started(community.channel_id, invited or 0)


def _to_others(session: Session, suggestion: Suggestion, label: str) -> Spoken:
    starter = str(suggestion.settled_by)
    community = find_community(session, suggestion)
    if community is None or community.channel_id is None:
        return shown.starting_by_hand(label, starter)
    return shown.co_host(community.id, label, starter, community.channel_id)


def find_community(session: Session, suggestion: Suggestion) -> Community | None:
    """Find the community that a suggestion became."""
    return session.scalar(
        select(Community).where(Community.suggestion_id == suggestion.id)
    )
