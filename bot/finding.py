"""Answer "who knows about X?": people and places, each with the evidence.

What the asker may not see in Slack is left out before anything is counted, so
that neither a name nor a number can tell of it.
"""

import re
from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

import numpy as np
from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.answers import Outcome, Place, TopicShown, WhoKnows
from bot.asked_before import find_asked_before
from bot.ballots import digest
from bot.corpus import Corpus, Flags
from bot.deps import Deps
from bot.graph import places, topics
from bot.graph.keys import ThreadKey
from bot.graph.sight import readable_channels
from bot.graph.topics import HeldTopic, Tie
from bot.hearing import to_embed
from bot.knowers import name_people
from bot.memory import Memory
from bot.ranking import Query, Ranked
from bot.text import mentioned, terms
from bot.topics.names import find_topics
from models import Channel, Community, Preference, TopicPreference

# How many earlier threads count as being about the same thing when no topic
# has the name that was asked for.
LIKE_THREADS = 30

# Enough people to find some with evidence among; the ranking puts those who
# are merely around in between.
_CANDIDATES = 40

_MOST_PLACES = 3
_MOST_RELATED = 3

_ASKS = re.compile(
    r"""(?:^|[\s,.!?;:>])(?:
        (?:does\s+)?(?:who|any(?:one|body)|some(?:one|body))(?:\s+(?:here|else))?
            \s+(?:knows?|who\s+knows?|understands?|has\s+experience)
      | who(?:\s+(?:can|could|should|do|would)\s+(?:i|we)\s+(?:ask|talk\s+to|turn\s+to))
      | who(?:'s|\s+is)\s+(?:the\s+(?:expert|person)|good|an?\s+expert)
      | who\s+(?:can|could)\s+help(?:\s+(?:me|us))?
    )\b
    (?:\s+(?:much|anything|something|a\s+(?:bit|lot)|stuff))?
    (?:\s+(?:about|of|with|on|how|in|for|at))*
    (?P<subject>[^?\n]{0,300})""",
    re.IGNORECASE | re.VERBOSE,
)
_TRIM = " \t?!.,;:\"'`*_~<>()[]"


@dataclass(frozen=True, slots=True)
class Asked:
    """A question to Grapevine.

    Attributes:
        workspace_id: Where.
        text: What it is about, as mrkdwn.
        asker_id: Through whose eyes; None for what everybody may see.
        channel_id: Where it was asked, a hint to what is meant.
        now: Recency is judged at this moment (aware).
        limit: The most people to name.
        public_only: Leave out what only the asker may see, to be shared.
        thread_ts: The thread it is asked in, which is no earlier one.
    """

    workspace_id: str
    text: str
    asker_id: str | None
    channel_id: str | None
    now: datetime
    limit: int = 3
    public_only: bool = False
    thread_ts: str | None = None


@dataclass(frozen=True, slots=True)
class _View:
    """What one asker may see of one workspace."""

    asked: Asked
    memory: Memory
    channels: dict[str, Channel]
    open_ids: set[str]
    left_out: set[str]
    query: Query

    @property
    def visible(self) -> Flags:
        return _flags(self.memory.corpus.channels, self.open_ids)

    @property
    def eligible(self) -> Flags:
        return ~_flags(self.memory.corpus.people, self.left_out)


def subject_of(mrkdwn: str, *, addressed: bool = False) -> str | None:
    """What a "who knows about X?" is about.

    Args:
        mrkdwn: A message.
        addressed: Whether it was said to Grapevine, so that a bare subject
            will do.

    Returns:
        The subject; "" if it asks without one; None if it asks no such thing.
    """
    text = re.sub(r"<@[A-Z0-9]+(?:\|[^>]*)?>", " ", mrkdwn).strip()
    found = _ASKS.search(text)
    # "Anybody know how…?" is asked of the channel: unless it was said to
    # Grapevine, only the plain "who" is its business.
    if found and (addressed or found[0].strip(" \t,.!?;:>")[:3].lower() == "who"):
        return found["subject"].strip(_TRIM)
    return text.strip(_TRIM) if addressed else None


def find_who_knows(deps: Deps, asked: Asked) -> WhoKnows:
    """Find people and places for a subject."""
    subject = asked.text.strip(_TRIM)
    if not subject or not any(terms(subject)):
        return WhoKnows(subject, Outcome.EMPTY, None, (), ())
    with deps.database.readers() as session:
        view = look(session, deps, asked)
        ranked = rank(view, limit=_CANDIDATES)
        found = _answer(session, view, subject, ranked)
        before = find_asked_before(session, view.memory, view.query, view.visible)
        others = tuple(one for one in before if one.ts != asked.thread_ts)
        if others and found.outcome == Outcome.UNKNOWN:
            found = replace(found, outcome=Outcome.NO_PEOPLE)
        return replace(found, asked_before=others, question=digest(view.query.words))


def look(session: Session, deps: Deps, asked: Asked) -> _View:
    """Gather what the asker may see and who may be named."""
    workspace_id = asked.workspace_id
    channels = places.channels_of(session, workspace_id)
    open_ids = readable_channels(
        session, workspace_id, asked.asker_id, public_only=asked.public_only
    )
    memory = deps.memories.of(session, workspace_id)
    return _View(
        asked=asked,
        memory=memory,
        channels=channels,
        open_ids=open_ids,
        left_out=places.people_left_out(session, workspace_id)
        | _unwilling(session, workspace_id, asked.now),
        query=_query(deps, asked, memory),
    )


def rank(view: _View, *, limit: int) -> list[Ranked]:
    """Rank the people who may be named, best first."""
    asked = view.asked
    ranked = view.memory.ranker.rank(
        view.query, visible=view.visible, eligible=view.eligible, limit=limit
    )
    return [one for one in ranked if one.user_id != asked.asker_id]


def _query(deps: Deps, asked: Asked, memory: Memory) -> Query:
    hasher, engine = memory.hasher, deps.memories.engine
    vector = engine.embed([to_embed(asked.text)])[0] if engine else None
    return Query(
        words=tuple(hasher(t.kind, t.key) for t in terms(asked.text)),
        now=asked.now.timestamp(),
        channel_id=asked.channel_id,
        asker_id=asked.asker_id,
        mentions=mentioned(asked.text),
        vector=vector,
    )


def _flags(ids: Sequence[str], chosen: Collection[str]) -> Flags:
    return np.array([i in chosen for i in ids], np.bool_)


def _unwilling(session: Session, workspace_id: str, now: datetime) -> set[str]:
    rows = session.scalars(
        select(Preference.user_id).where(
            Preference.workspace_id == workspace_id,
            Preference.is_opted_out | (Preference.snoozed_until > now),
        )
    )
    return set(rows)


def _answer(
    session: Session, view: _View, subject: str, ranked: list[Ranked]
) -> WhoKnows:
    matches = _matches(session, view, subject)
    topic = matches[0] if matches else None
    ties = _ties(session, view, topic)
    declined = _declined(session, view, topic)
    named = name_people(ranked, ties, declined, view.memory.factors)
    people = named[: view.asked.limit]
    where = _places(session, view, topic, ties)
    shown = _shown(topic) if topic else None
    if people:
        outcome = Outcome.FOUND
    elif topic or where:
        outcome = Outcome.NO_PEOPLE
    else:
        outcome = Outcome.UNKNOWN
    related = () if outcome == Outcome.FOUND else tuple(_shown(t) for t in matches[1:])
    return WhoKnows(subject, outcome, shown, people, where, related[:_MOST_RELATED])


def _shown(topic: HeldTopic) -> TopicShown:
    return TopicShown(topic.id, topic.label, topic.aliases)


def _matches(session: Session, view: _View, subject: str) -> list[HeldTopic]:
    """Topics of that name, those alone of which the asker may see questions."""
    workspace_id = view.asked.workspace_id
    held = {topic.id: topic for topic in topics.live_topics(session, workspace_id)}
    names = {t.id: (t.label, *t.aliases, *t.related) for t in held.values()}
    found = find_topics(subject, names)
    seen = topics.topics_asked_in(session, workspace_id, found, view.open_ids)
    return [held[i] for i in found if i in seen]


def _ties(session: Session, view: _View, topic: HeldTopic | None) -> list[Tie]:
    """Evidence about the subject: the topic's own and that of threads like it."""
    workspace_id = view.asked.workspace_id
    found: dict[tuple[str, str, str, str], Tie] = {}
    like = _like_threads(view)
    for tie in topics.ties_of_threads(session, workspace_id, like):
        found[tie.channel_id, tie.ts, tie.user_id, tie.kind] = tie
    if topic is not None:
        own = topics.ties_of_topic(session, workspace_id, topic.id, view.open_ids)
        for tie in own:
            found[tie.channel_id, tie.ts, tie.user_id, tie.kind] = tie
    return [tie for tie in found.values() if tie.at <= view.asked.now]


def _like_threads(view: _View) -> list[ThreadKey]:
    corpus: Corpus = view.memory.corpus
    like = view.memory.ranker.threads_like(
        view.query, visible=view.visible, limit=LIKE_THREADS
    )
    return [
        (corpus.channels[corpus.thread_channel[thread]], corpus.root_ts[thread])
        for thread, _ in like
    ]


def _declined(session: Session, view: _View, topic: HeldTopic | None) -> set[str]:
    """Who asked not to be named under the topic."""
    if topic is None:
        return set()
    rows = session.scalars(
        select(TopicPreference.user_id).where(
            TopicPreference.workspace_id == view.asked.workspace_id,
            TopicPreference.topic_id == topic.id,
        )
    )
    return set(rows)


def _places(
    session: Session, view: _View, topic: HeldTopic | None, ties: list[Tie]
) -> tuple[Place, ...]:
    """Communities first, then the channels with the most conversations."""
    threads = {(tie.channel_id, tie.root_ts) for tie in ties}
    counted = Counter(channel_id for channel_id, _ in threads)
    found = [
        Place(c, view.channels[c].name, "the community for it")
        for c in _communities(session, view, topic)
    ]
    known = {place.channel_id for place in found}
    for channel_id, n in sorted(counted.items(), key=lambda item: (-item[1], item[0])):
        channel = view.channels.get(channel_id)
        if channel is None or channel.is_archived or channel_id in known:
            continue
        of = "conversation" if n == 1 else "conversations"
        found.append(Place(channel_id, channel.name, f"{n} {of} about it"))
    return tuple(found[:_MOST_PLACES])


def _communities(session: Session, view: _View, topic: HeldTopic | None) -> list[str]:
    if topic is None:
        return []
    rows = session.scalars(
        select(Community.channel_id).where(
            Community.workspace_id == view.asked.workspace_id,
            Community.topic_id == topic.id,
            Community.retired_at.is_(None),
        )
    )
    return [c for c in rows if c and c in view.open_ids and c in view.channels]
