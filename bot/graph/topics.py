"""Topics, their questions and their people."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import bindparam, delete, func, select, tuple_, update
from sqlalchemy.orm import Session

from bot.graph.keys import ThreadKey
from bot.graph.upserts import insert_missing
from bot.topics.wording import preferred
from models import Channel, Evidence, EvidenceKind, Question, Topic, TopicAlias, Word


@dataclass(frozen=True, slots=True)
class HeldTopic:
    """A topic with its names."""

    id: int
    label: str
    aliases: tuple[str, ...]
    related: tuple[str, ...]
    is_locked: bool
    is_hidden: bool
    rank: int | None

    @property
    def is_kept(self) -> bool:
        """Whether a person decided about it, so that a pass takes nothing of it."""
        return self.is_locked or self.is_hidden


@dataclass(frozen=True, slots=True)
class Tie:
    """One piece of evidence, as it is counted and linked."""

    topic_id: int | None
    user_id: str
    kind: EvidenceKind
    channel_id: str
    ts: str
    root_ts: str
    at: datetime


def live_topics(session: Session, workspace_id: str) -> list[HeldTopic]:
    """Topics that people may see, neither retired nor hidden, by id."""
    return [t for t in held_topics(session, workspace_id) if not t.is_hidden]


def held_topics(session: Session, workspace_id: str) -> list[HeldTopic]:
    """Topics that are not retired, the hidden ones too, by id."""
    aliases: dict[int, list[str]] = defaultdict(list)
    for topic_id, alias in session.execute(
        select(TopicAlias.topic_id, TopicAlias.alias)
        .where(TopicAlias.workspace_id == workspace_id)
        .order_by(TopicAlias.topic_id, TopicAlias.alias)
    ):
        aliases[topic_id].append(alias)
    topics = session.scalars(
        select(Topic)
        .where(Topic.workspace_id == workspace_id, Topic.retired_at.is_(None))
        .order_by(Topic.id)
    )
    return [
        HeldTopic(
            id=t.id,
            label=t.label,
            aliases=tuple(aliases[t.id]),
            related=tuple(t.related),
            is_locked=t.is_locked,
            is_hidden=t.is_hidden,
            rank=t.rank,
        )
        for t in topics
    ]


def survivor(session: Session, topic_id: int | None) -> int | None:
    """The topic that one lives on in: itself, or what it was merged into.

    Returns:
        None if nothing of it is left.
    """
    seen: set[int] = set()
    while topic_id is not None and topic_id not in seen:
        seen.add(topic_id)
        topic = session.get(Topic, topic_id)
        if topic is not None and topic.retired_at is None:
            return topic.id
        topic_id = topic.merged_into_id if topic else None
    return None


def questions_by_topic(
    session: Session, workspace_id: str
) -> dict[int, list[ThreadKey]]:
    """The questions of each topic, oldest first."""
    rows = session.execute(
        select(Question.topic_id, Question.channel_id, Question.ts)
        .where(Question.workspace_id == workspace_id, Question.topic_id.is_not(None))
        .order_by(Question.at, Question.channel_id, Question.ts)
    )
    found: dict[int, list[ThreadKey]] = defaultdict(list)
    for topic_id, channel_id, ts in rows:
        if topic_id is not None:
            found[topic_id].append((channel_id, ts))
    return found


def topics_asked_in(
    session: Session,
    workspace_id: str,
    topic_ids: Collection[int],
    channels: Collection[str],
) -> set[int]:
    """Those of some topics that have a question in these channels."""
    if not topic_ids:
        return set()
    rows = session.scalars(
        select(Question.topic_id)
        .where(
            Question.workspace_id == workspace_id,
            Question.topic_id.in_(list(topic_ids)),
            Question.channel_id.in_(list(channels)),
        )
        .distinct()
    )
    return {topic_id for topic_id in rows if topic_id is not None}


def assign(
    session: Session, workspace_id: str, topic_of: Mapping[ThreadKey, int | None]
) -> None:
    """Give questions their topic, and their evidence with them."""
    rows = [
        {"workspace": workspace_id, "channel": channel_id, "root": ts, "topic": topic}
        for (channel_id, ts), topic in topic_of.items()
    ]
    for model, root in ((Question, Question.ts), (Evidence, Evidence.root_ts)):
        statement = (
            update(model)
            .where(
                model.workspace_id == bindparam("workspace"),
                model.channel_id == bindparam("channel"),
                root == bindparam("root"),
            )
            .values(topic_id=bindparam("topic"))
        )
        if rows:
            session.connection().execute(statement, rows)
    session.expire_all()


def mint(session: Session, workspace_id: str, label: str, *, now: datetime) -> int:
    """Make a topic; its id is never used for another."""
    topic = Topic(workspace_id=workspace_id, label=label, created_at=now)
    session.add(topic)
    session.flush()
    return topic.id


def name_topic(
    session: Session, workspace_id: str, topic_id: int, aliases: Iterable[str]
) -> None:
    """Give a topic its aliases, in place of those it had."""
    session.execute(
        delete(TopicAlias).where(
            TopicAlias.workspace_id == workspace_id, TopicAlias.topic_id == topic_id
        )
    )
    rows = [
        {"workspace_id": workspace_id, "topic_id": topic_id, "alias": alias[:80]}
        for alias in dict.fromkeys(aliases)
    ]
    insert_missing(session, TopicAlias, rows)


def surfaces(session: Session, workspace_id: str) -> dict[int, str]:
    """How terms are written, of those ways that two people or more wrote."""
    rows = session.execute(
        select(Word.hash, Word.surface, Word.uses)
        .where(Word.workspace_id == workspace_id, Word.surface.is_not(None))
        .order_by(Word.surface)
    )
    ways: dict[int, list[tuple[str, int]]] = defaultdict(list)
    for word, surface, uses in rows:
        if surface:
            ways[word].append((surface, uses))
    return {word: preferred(some) for word, some in ways.items()}


def uses(session: Session, workspace_id: str) -> dict[int, int]:
    """In how many messages terms were written, but for naming people."""
    rows = session.execute(
        select(Word.hash, func.sum(Word.uses))
        .where(Word.workspace_id == workspace_id)
        .group_by(Word.hash)
    )
    return {word: int(n) for word, n in rows}


def ties_of_topic(
    session: Session, workspace_id: str, topic_id: int, channels: Collection[str]
) -> list[Tie]:
    """Evidence under a topic, from these channels alone."""
    return _ties(
        session,
        Evidence.workspace_id == workspace_id,
        Evidence.topic_id == topic_id,
        Evidence.channel_id.in_(list(channels)),
    )


def ties_of_threads(
    session: Session, workspace_id: str, threads: Collection[ThreadKey]
) -> list[Tie]:
    """Evidence from these threads alone."""
    if not threads:
        return []
    return _ties(
        session,
        Evidence.workspace_id == workspace_id,
        tuple_(Evidence.channel_id, Evidence.root_ts).in_(list(threads)),
    )


def _ties(session: Session, *where: object) -> list[Tie]:
    rows = session.execute(
        select(
            Evidence.topic_id,
            Evidence.user_id,
            Evidence.kind,
            Evidence.channel_id,
            Evidence.ts,
            Evidence.root_ts,
            Evidence.at,
        )
        .where(*where)  # type: ignore[arg-type]
        .order_by(Evidence.at, Evidence.ts)
    )
    return [Tie(t, u, EvidenceKind(k), c, ts, r, at) for t, u, k, c, ts, r, at in rows]


def open_channels(session: Session, workspace_id: str) -> set[str]:
    """Ids of the channels whose evidence anybody may see."""
    rows = session.scalars(
        select(Channel.id).where(
            Channel.workspace_id == workspace_id,
            Channel.is_private.is_(False),
            Channel.is_external.is_(False),
        )
    )
    return set(rows)
