"""Topics as they are listed for the person who runs Grapevine."""

from collections import Counter, defaultdict
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.graph.places import people_left_out
from bot.graph.topics import live_topics, questions_by_topic
from bot.graph.wishes import opted_out
from models import Evidence, EvidenceKind, Question


def list_topics(session: Session, workspace_id: str) -> list[dict[str, Any]]:
    """Every live topic with its questions and people, most questions first."""
    questions = questions_by_topic(session, workspace_id)
    people = _people(session, workspace_id)
    last = _last_asked(session, workspace_id)
    rows = [
        {
            "id": topic.id,
            "label": topic.label,
            "aliases": list(topic.aliases),
            "questions": [
                {"channel": channel, "ts": ts}
                for channel, ts in questions.get(topic.id, [])
            ],
            "people": people.get(topic.id, []),
            "channels": sorted({c for c, _ in questions.get(topic.id, [])}),
            "last_asked_at": last.get(topic.id),
        }
        for topic in live_topics(session, workspace_id)
    ]
    return sorted(rows, key=lambda row: (-len(row["questions"]), row["id"]))


def _people(session: Session, workspace_id: str) -> dict[int, list[dict[str, Any]]]:
    rows = session.execute(
        select(Evidence.topic_id, Evidence.user_id, Evidence.kind).where(
            Evidence.workspace_id == workspace_id, Evidence.topic_id.is_not(None)
        )
    )
    left_out = people_left_out(session, workspace_id) | opted_out(session, workspace_id)
    counted: dict[int, dict[str, Counter[str]]] = defaultdict(
        lambda: defaultdict(Counter)
    )
    for topic_id, user_id, kind in rows:
        if topic_id is not None and user_id not in left_out:
            counted[topic_id][user_id][kind] += 1
    return {
        topic_id: [
            {
                "user": user_id,
                "asked": kinds[EvidenceKind.ASKED],
                "answered": kinds[EvidenceKind.ANSWERED] + kinds[EvidenceKind.SHARED],
            }
            for user_id, kinds in sorted(
                people.items(), key=lambda item: (-item[1].total(), item[0])
            )
        ]
        for topic_id, people in counted.items()
    }


def _last_asked(session: Session, workspace_id: str) -> dict[int, str]:
    rows = session.execute(
        select(Question.topic_id, Question.at)
        .where(Question.workspace_id == workspace_id, Question.topic_id.is_not(None))
        .order_by(Question.at)
    )
    return {topic_id: at.isoformat() for topic_id, at in rows if topic_id is not None}
