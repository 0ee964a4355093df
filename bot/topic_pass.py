"""The periodic pass: topics are found, named and kept.

Only questions of public channels make a topic, so that no label can tell of a
private one. Ids that people have seen stay with what they named.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.corpus import Corpus, Ints, build
from bot.curation import copy_wishes
from bot.deps import Deps
from bot.graph import topics
from bot.graph.facts import read_facts
from bot.graph.keys import ThreadKey
from bot.topics.candidate_names import unless_names
from bot.topics.candidates import MIN_QUESTIONS
from bot.topics.discover import Found, discover
from bot.topics.identity import Held, Plan, plan
from bot.topics.keeping import keep
from bot.topics.labels import Naming, name_topics
from bot.topics.recurrence import by_several
from models import (
    Person,
    Topic,
    Workspace,
)


def run_pass(deps: Deps, workspace_id: str) -> int:
    """Find the topics of a workspace anew, and keep those that people know.

    Returns:
        How many topics there are.
    """
    with deps.database.readers() as session:
        revision = session.get_one(Workspace, workspace_id).revision
        corpus = open_corpus(session, deps, workspace_id)
        known = topics.held_topics(session, workspace_id)
        held = _held(session, workspace_id, known)
        surfaces = surfaces_in(session, workspace_id, corpus)
        names = names_in(session, workspace_id)
    if not len(corpus):
        return 0
    now = datetime.fromtimestamp(float(corpus.at[-1]), tz=UTC)
    found, claimed = _left(held, corpus, discover(corpus, now=now))
    keys = [keys_of(corpus, one.rows) for one in found]
    free = [() if i in claimed else key for i, key in enumerate(keys)]
    what = plan(
        {topic: one for topic, one in held.items() if not one.is_locked},
        [frozenset(key) for key in free],
    )
    what = replace(what, keep={**what.keep, **claimed})
    taken = [t.label for t in known if t.is_kept]
    namings = name_topics(
        corpus,
        [one.rows for one in found],
        surfaces=surfaces,
        names=names,
        taken=taken,
    )
    with deps.database.sessions.begin() as session:
        settled = _settle_topics(session, workspace_id, what, found, namings, now=now)
        _assign(session, workspace_id, settled, keys)
        workspace = session.get_one(Workspace, workspace_id)
        workspace.topics_at = now
        workspace.topics_revision = revision
    return len(set(settled.values()))


def open_corpus(
    session: Session,
    deps: Deps,
    workspace_id: str,
    *,
    threads: Collection[ThreadKey] | None = None,
) -> Corpus:
    """Everything that everybody may see, or these threads of it alone."""
    public = topics.open_channels(session, workspace_id)
    facts = read_facts(session, workspace_id, model=deps.memories.model)
    return build(
        fact
        for fact in facts
        if fact.channel_id in public
        and (threads is None or (fact.channel_id, fact.root_ts) in threads)
    )


def _held(
    session: Session, workspace_id: str, known: Sequence[topics.HeldTopic]
) -> dict[int, Held]:
    questions = topics.questions_by_topic(session, workspace_id)
    return {
        t.id: Held(frozenset(questions.get(t.id, ())), is_locked=t.is_kept)
        for t in known
    }


def _left(
    held: Mapping[int, Held], corpus: Corpus, found: Sequence[Found]
) -> tuple[list[Found], dict[int, int]]:
    """Take out of what was found what people have decided about.

    Returns:
        Clusters, and by its place in them the topic that one goes to whole.
    """
    keeping = keep(held, [keys_of(corpus, one.rows) for one in found])
    left: list[Found] = []
    claimed: dict[int, int] = {}
    for place, one in enumerate(found):
        if place in keeping.claimed:
            claimed[len(left)] = keeping.claimed[place]
            left.append(one)
            continue
        rows = one.rows[list(keeping.free[place])]
        if len(rows) >= MIN_QUESTIONS and by_several(corpus, rows):
            left.append(replace(one, rows=rows))
    return left, claimed


def surfaces_in(session: Session, workspace_id: str, corpus: Corpus) -> dict[int, str]:
    """How terms are written that do not mostly name people."""
    return unless_names(
        corpus,
        topics.surfaces(session, workspace_id),
        topics.uses(session, workspace_id),
    )


def names_in(session: Session, workspace_id: str) -> list[str]:
    """Names of people, which no label may contain."""
    rows = session.scalars(
        select(Person.name).where(
            Person.workspace_id == workspace_id, Person.name != ""
        )
    )
    return list(rows)


def keys_of(corpus: Corpus, rows: Ints) -> list[ThreadKey]:
    """The channel and `ts` of rows."""
    return [(corpus.channels[corpus.channel[i]], corpus.ts[i]) for i in rows]


def _settle_topics(  # noqa: PLR0913 - what the pass found, in its parts
    session: Session,
    workspace_id: str,
    what: Plan,
    found: Sequence[Found],
    namings: Sequence[Naming | None],
    *,
    now: datetime,
) -> dict[int, int]:
    """Mint, rename, merge and retire.

    Returns:
        The topic of each cluster, by the cluster's place; without a name that
        may be shown there is no topic.
    """
    ranks = _ranks(found)
    settled: dict[int, int] = {}
    for place, naming in enumerate(namings):
        topic_id = what.keep.get(place)
        if topic_id is None:
            if naming is None:
                continue
            topic_id = topics.mint(session, workspace_id, naming.label, now=now)
        topic = session.get_one(Topic, topic_id)
        if topic.retired_at is not None:
            continue  # merged by a person since the pass began
        if naming is not None and not topic.is_kept:
            if place in what.rename:
                topic.label = naming.label
            _tell(session, workspace_id, topic, naming)
        if topic_id not in settled.values() or ranks[place] < (topic.rank or 0):
            topic.strength = found[place].strength
            topic.rank = ranks[place]
        settled[place] = topic_id
    for topic_id in (*what.retire, *what.merge):
        topic = session.get_one(Topic, topic_id)
        if topic.retired_at is None and not topic.is_kept:
            topic.retired_at = now
            topic.merged_into_id = what.merge.get(topic_id)
    session.flush()
    _hand_wishes_on(session, what, settled)
    return settled


def _hand_wishes_on(session: Session, what: Plan, settled: Mapping[int, int]) -> None:
    """Let what people said of a topic hold for what it went into, or fell into."""
    went = [(session.get_one(Topic, t), into) for t, into in what.merge.items()]
    # But for one that a person decided about since the pass began.
    went = [(topic, into) for topic, into in went if topic.merged_into_id == into]
    went += [
        (session.get_one(Topic, topic_id), settled[place])
        for place, topic_id in what.split_from.items()
        if place in settled
    ]
    for topic, to_id in went:
        copy_wishes(session, topic, session.get_one(Topic, to_id))


def _tell(session: Session, workspace_id: str, topic: Topic, naming: Naming) -> None:
    """Note what else a topic is called, and what tells it.

    A label that is kept keeps its other names: those of another label are not its.
    """
    related = list(naming.related)
    if topic.label == naming.label:
        topics.name_topic(session, workspace_id, topic.id, naming.aliases)
    else:
        related.insert(0, naming.label)
    topic.related = related


def _ranks(found: Sequence[Found]) -> dict[int, int]:
    """The order in which topics are considered for a community, 1 the first."""
    order = sorted(range(len(found)), key=lambda i: (-found[i].score, i))
    return {place: rank for rank, place in enumerate(order, 1)}


def _assign(
    session: Session,
    workspace_id: str,
    settled: Mapping[int, int],
    keys: Sequence[Sequence[ThreadKey]],
) -> None:
    """Give every question that the pass saw the topic that it found, or none.

    What a topic holds that people decided about, it keeps.
    """
    before = topics.questions_by_topic(session, workspace_id)
    kept = {t.id for t in topics.held_topics(session, workspace_id) if t.is_kept}
    stays = {key for t in kept for key in before.get(t, ())}
    topic_of: dict[ThreadKey, int | None] = {
        key: None for questions in before.values() for key in questions
    }
    for place, topic_id in settled.items():
        topic_of |= dict.fromkeys(keys[place], topic_id)
    topic_of = {key: t for key, t in topic_of.items() if key not in stays}
    was = {key: t for t, questions in before.items() for key in questions}
    changed = {k: t for k, t in topic_of.items() if was.get(k) != t}
    topics.assign(session, workspace_id, changed)
