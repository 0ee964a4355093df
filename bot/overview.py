"""What a workspace keeps asking about, as anybody in it may see it."""

from dataclasses import dataclass

from sqlalchemy import distinct, func, select
from sqlalchemy.orm import Session

from bot.graph.sight import readable_channels
from models import Question, Topic

# One person who asks often is not a topic of the workplace.
_MIN_PEOPLE = 2


@dataclass(frozen=True, slots=True)
class TopicCounted:
    """A topic with its questions in public channels."""

    topic_id: int
    label: str
    questions: int
    people: int
    channels: int


def most_asked(
    session: Session, workspace_id: str, *, limit: int, user_id: str | None = None
) -> tuple[TopicCounted, ...]:
    """List the topics that most people ask about, public channels alone.

    Args:
        session: Only read from.
        workspace_id: Whose.
        limit: The most topics.
        user_id: Through whose eyes; None for what every member may read.
    """
    readable = readable_channels(session, workspace_id, user_id, public_only=True)
    people = func.count(distinct(Question.asker_id))
    questions = func.count()
    rows = session.execute(
        select(
            Topic.id,
            Topic.label,
            questions,
            people,
            func.count(distinct(Question.channel_id)),
        )
        .select_from(Question)
        .join(Topic, Topic.id == Question.topic_id)
        .where(
            Question.workspace_id == workspace_id,
            Topic.is_hidden.is_(False),
            Topic.retired_at.is_(None),
            Question.channel_id.in_(readable),
        )
        .group_by(Topic.id, Topic.label)
        .having(people >= _MIN_PEOPLE)
        .order_by(people.desc(), questions.desc(), Topic.label)
        .limit(limit)
    )
    return tuple(TopicCounted(*row) for row in rows)
