"""A person's own page: what is held about them and why, and their wishes.

Callers own the transaction; every query is of one workspace.
"""

from dataclasses import dataclass
from datetime import date, datetime, time
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from bot.graph.places import touch
from bot.graph.upserts import Row, insert_missing, replace
from bot.links import permalink
from models import (
    Evidence,
    EvidenceKind,
    Message,
    Person,
    Preference,
    Topic,
    TopicChoice,
    TopicPreference,
    Workspace,
)

# More would push the settings off the first screen.
TOPICS_A_PAGE = 15


@dataclass(frozen=True, slots=True)
class HeldTopic:
    """What ties a person to one topic, and what they say to that.

    Attributes:
        topic_id: Which.
        label: The name people know it by.
        asked, answered, thanked, shared: Messages of each kind.
        last_at: When the latest was written.
        link: Where the latest stands.
        choice: The person's word on it, if they gave one.
    """

    topic_id: int
    label: str
    asked: int
    answered: int
    thanked: int
    shared: int
    last_at: datetime
    link: str
    choice: TopicChoice | None = None


@dataclass(frozen=True, slots=True)
class Page:
    """Everything a person's Home tab shows.

    Attributes:
        topics: This page's topics, the latest first.
        offset: How many topics come before them.
        total: How many there are on all pages.
        hidden: How many the person has hidden, whether shown here or not.
        shows_hidden: Whether hidden topics are among them.
        messages: Messages of theirs that are held (without text).
        is_opted_out: Whether they opted out.
        snoozed_until: Until when they are not named, in their own zone; None once
            it has passed.
    """

    topics: tuple[HeldTopic, ...]
    offset: int = 0
    total: int = 0
    hidden: int = 0
    shows_hidden: bool = False
    messages: int = 0
    is_opted_out: bool = False
    snoozed_until: datetime | None = None


def read_page(  # noqa: PLR0913 - which person, when, and which part of the page
    session: Session,
    workspace_id: str,
    user_id: str,
    now: datetime,
    *,
    offset: int = 0,
    shows_hidden: bool = False,
) -> Page:
    """Read a person's page; an empty one if nothing is held."""
    held = _held_topics(session, workspace_id, user_id)
    visible = [t for t in held if shows_hidden or t.choice != TopicChoice.HIDDEN]
    start = _page_start(offset, len(visible))
    wish = session.get(Preference, (workspace_id, user_id))
    until = wish.snoozed_until if wish else None
    return Page(
        topics=tuple(visible[start : start + TOPICS_A_PAGE]),
        offset=start,
        total=len(visible),
        hidden=sum(t.choice == TopicChoice.HIDDEN for t in held),
        shows_hidden=shows_hidden,
        messages=_count_messages(session, workspace_id, user_id),
        is_opted_out=wish.is_opted_out if wish else False,
        snoozed_until=(
            until.astimezone(_zone(session, workspace_id, user_id))
            if until and until > now
            else None
        ),
    )


def _page_start(offset: int, total: int) -> int:
    """Keep an old page's offset within what is there now."""
    last = max(total - 1, 0) // TOPICS_A_PAGE * TOPICS_A_PAGE
    return min(max(offset, 0) // TOPICS_A_PAGE * TOPICS_A_PAGE, last)


def _count_messages(session: Session, workspace_id: str, user_id: str) -> int:
    counted = session.scalar(
        select(func.count())
        .select_from(Message)
        .where(
            Message.workspace_id == workspace_id,
            Message.user_id == user_id,
            Message.is_deleted.is_(False),
        )
    )
    return counted or 0


def _held_topics(
    session: Session, workspace_id: str, user_id: str
) -> tuple[HeldTopic, ...]:
    rows = session.execute(
        select(Topic.id, Topic.label, Evidence)
        .join(Topic, Topic.id == Evidence.topic_id)
        .where(
            Evidence.workspace_id == workspace_id,
            Evidence.user_id == user_id,
            Topic.workspace_id == workspace_id,
            Topic.is_hidden.is_(False),
        )
        .order_by(Evidence.at.desc(), Evidence.channel_id, Evidence.ts)
    )
    labels: dict[int, str] = {}
    proofs: dict[int, list[Evidence]] = {}
    for topic_id, label, evidence in rows:
        labels[topic_id] = label
        proofs.setdefault(topic_id, []).append(evidence)
    workspace = session.get(Workspace, workspace_id)
    domain = workspace.domain if workspace else ""
    choices = _choices(session, workspace_id, user_id)
    return tuple(
        _held(topic_id, labels[topic_id], found, domain, choices.get(topic_id))
        for topic_id, found in proofs.items()
    )


def _held(
    topic_id: int,
    label: str,
    found: list[Evidence],
    domain: str,
    choice: TopicChoice | None,
) -> HeldTopic:
    kinds = [evidence.kind for evidence in found]
    latest = found[0]
    return HeldTopic(
        topic_id=topic_id,
        label=label,
        asked=kinds.count(EvidenceKind.ASKED),
        answered=kinds.count(EvidenceKind.ANSWERED),
        thanked=kinds.count(EvidenceKind.THANKED),
        shared=kinds.count(EvidenceKind.SHARED),
        last_at=latest.at,
        link=permalink(domain, latest.channel_id, latest.ts, root_ts=latest.root_ts),
        choice=choice,
    )


def _choices(
    session: Session, workspace_id: str, user_id: str
) -> dict[int, TopicChoice]:
    rows = session.scalars(
        select(TopicPreference).where(
            TopicPreference.workspace_id == workspace_id,
            TopicPreference.user_id == user_id,
        )
    )
    return {row.topic_id: TopicChoice(row.choice) for row in rows}


def set_topic_choice(
    session: Session,
    workspace_id: str,
    user_id: str,
    *,
    topic_id: int,
    choice: TopicChoice,
) -> bool:
    """Note what a person says of a topic held about them.

    Returns:
        False if the workspace has no such topic (any longer).
    """
    topic = session.get(Topic, topic_id)
    if topic is None or topic.workspace_id != workspace_id:
        return False
    row: Row = {
        "workspace_id": workspace_id,
        "user_id": user_id,
        "topic_id": topic_id,
        "choice": choice,
    }
    replace(session, TopicPreference, [row])
    return True


def clear_topic_choice(
    session: Session, workspace_id: str, user_id: str, *, topic_id: int
) -> None:
    """Take back what a person said of a topic."""
    session.execute(
        delete(TopicPreference).where(
            TopicPreference.workspace_id == workspace_id,
            TopicPreference.user_id == user_id,
            TopicPreference.topic_id == topic_id,
        )
    )


def snooze(
    session: Session, workspace_id: str, user_id: str, *, until: datetime | None
) -> None:
    """Leave a person in peace until an instant; None ends it now."""
    _wish(session, workspace_id, user_id).snoozed_until = until
    session.flush()


def start_of_day(
    session: Session, workspace_id: str, user_id: str, day: date
) -> datetime:
    """When a day begins where a person is; in UTC if that is not known."""
    return datetime.combine(day, time.min, _zone(session, workspace_id, user_id))


def _zone(session: Session, workspace_id: str, user_id: str) -> ZoneInfo:
    person = session.get(Person, (workspace_id, user_id))
    zone = person.zone if person and person.zone else "UTC"
    try:
        return ZoneInfo(zone)
    except (ValueError, ZoneInfoNotFoundError):
        return ZoneInfo("UTC")


def opt_out(session: Session, workspace_id: str, user_id: str) -> None:
    """Stop naming a person and hearing what they write; nobody is told."""
    _wish(session, workspace_id, user_id).is_opted_out = True
    session.flush()
    touch(session, workspace_id)


def opt_in(session: Session, workspace_id: str, user_id: str) -> None:
    """Start again, with what was held before if it was not erased.

    Whoever was erased is asked about when they are next heard of.
    """
    nameless = (Person.workspace_id == workspace_id) & (Person.id == user_id)
    session.execute(delete(Person).where(nameless, Person.name == ""))
    _wish(session, workspace_id, user_id).is_opted_out = False
    session.flush()
    touch(session, workspace_id)


def _wish(session: Session, workspace_id: str, user_id: str) -> Preference:
    row: Row = {
        "workspace_id": workspace_id,
        "user_id": user_id,
        "is_opted_out": False,
        "wants_suggestions": True,
    }
    insert_missing(session, Preference, [row])
    return session.get_one(Preference, (workspace_id, user_id))
