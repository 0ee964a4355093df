"""The conversations a community would grow from, and who has them.

Public channels only: what is said here is shown to people whatever they are in.
"""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session

from bot.blocks.reasons import MAX_LINKS, Conversation
from bot.links import permalink
from bot.quiet import reachable
from models import Channel, Evidence, Question, TopicPreference, Workspace

# Enough to begin with, few enough to write to each.
MOST_PREFILLED = 15


@dataclass(frozen=True, slots=True)
class Thread:
    """Where one of a topic's questions was asked."""

    channel_id: str
    ts: str
    at: datetime


def recent_threads(
    session: Session, workspace_id: str, topic_id: int, *, joined_only: bool = False
) -> list[Thread]:
    """List a topic's latest public questions, newest first, a few at most.

    Args:
        session: Only read from.
        workspace_id: Whose.
        topic_id: Of which topic.
        joined_only: Only where Grapevine itself is and so can write.
    """
    asked = (
        select(Question.channel_id, Question.ts, Question.at)
        .join(Channel, _lies_in(Question))
        .where(Question.workspace_id == workspace_id, Question.topic_id == topic_id)
        .order_by(Question.at.desc(), Question.channel_id, Question.ts)
        .limit(MAX_LINKS)
    )
    if joined_only:
        asked = asked.where(Channel.is_joined)
    return [Thread(*row) for row in session.execute(asked)]


def _lies_in(of: type[Question] | type[Evidence]) -> ColumnElement[bool]:
    """Tie rows to their channel, where that is one anybody may read."""
    return (
        (Channel.workspace_id == of.workspace_id)
        & (Channel.id == of.channel_id)
        & Channel.is_private.is_(False)
        & Channel.is_external.is_(False)
        & Channel.is_archived.is_(False)
    )


def public_ones(
    session: Session, workspace_id: str, topic_id: int
) -> list[Conversation]:
    """List a topic's latest public questions as links, newest first."""
    domain = session.get_one(Workspace, workspace_id).domain
    return [
        Conversation(one.channel_id, one.at, permalink(domain, one.channel_id, one.ts))
        for one in recent_threads(session, workspace_id, topic_id)
    ]


def people_of(
    session: Session, workspace_id: str, topic_id: int, *, besides: str, now: datetime
) -> list[str]:
    """List who asked or answered most in public, and may be invited."""
    chosen = select(TopicPreference.user_id).where(
        TopicPreference.workspace_id == workspace_id,
        TopicPreference.topic_id == topic_id,
    )
    busiest = (
        select(Evidence.user_id)
        .join(Channel, _lies_in(Evidence))
        .where(
            Evidence.workspace_id == workspace_id,
            Evidence.topic_id == topic_id,
            Evidence.user_id != besides,
            Evidence.user_id.not_in(chosen),
        )
        .group_by(Evidence.user_id)
        .order_by(func.count().desc(), Evidence.user_id)
    )
    found = reachable(session, workspace_id, session.scalars(busiest), now=now)
    return found[:MOST_PREFILLED]


def channel_url(workspace_id: str, channel_id: str) -> str:
    """Give the address that opens a channel in Slack's own client.

    Source: Slack, "Deep linking into Slack": app_redirect.
    """
    return f"https://slack.com/app_redirect?team={workspace_id}&channel={channel_id}"
