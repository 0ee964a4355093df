"""Split a topic into the parts that the periodic pass sees in it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

import numpy as np
from sqlalchemy.orm import Session

from bot.corpus import Corpus, Ints
from bot.curation import Curator, copy_wishes, find_topic, note
from bot.deps import Deps
from bot.errors import BadInputError
from bot.graph import topics
from bot.graph.keys import ThreadKey
from bot.topic_names import refuse_taken
from bot.topic_pass import keys_of, names_in, open_corpus, surfaces_in
from bot.topics.candidates import MIN_QUESTIONS
from bot.topics.discover import discover
from bot.topics.labels import name_topics
from models import Act, Topic


@dataclass(frozen=True, slots=True)
class Part:
    """What would become a topic of its own.

    Attributes:
        label, aliases: How the pass would call it.
        questions: What it would take along.
    """

    label: str
    aliases: tuple[str, ...]
    questions: tuple[ThreadKey, ...]


@dataclass(frozen=True, slots=True)
class Preview:
    """What a split would do.

    Attributes:
        label: The topic's name, which it keeps.
        stays: How many questions would stay with it.
        parts: What would leave it, the largest first.
    """

    topic_id: int
    label: str
    stays: int
    parts: tuple[Part, ...]


def preview(deps: Deps, workspace_id: str, topic_id: int) -> Preview:
    """Say into what a topic would be split; nothing is changed.

    Raises:
        BadInputError: The pass sees but one thing in it.
        NotFoundError: There is no such topic.
    """
    with deps.database.readers() as session:
        label = find_topic(session, workspace_id, topic_id, to_change=False).label
        own = topics.questions_by_topic(session, workspace_id).get(topic_id, [])
        corpus = open_corpus(session, deps, workspace_id)
        alone = open_corpus(session, deps, workspace_id, threads=frozenset(own))
        known = topics.held_topics(session, workspace_id)
        surfaces = surfaces_in(session, workspace_id, corpus)
        names = names_in(session, workspace_id)
    groups = _groups(corpus, alone, own)
    namings = name_topics(
        corpus,
        groups,
        surfaces=surfaces,
        names=names,
        taken=[one.label for one in known],
    )
    parts = [
        Part(naming.label, naming.aliases, tuple(keys_of(corpus, group)))
        # The largest keeps the topic's id and name.
        for group, naming in list(zip(groups, namings, strict=True))[1:]
        if naming is not None
    ]
    if not parts:
        raise BadInputError(
            f"topic {topic_id} ({label}) cannot be split: the pass sees one thing in "
            "its questions, or nothing else in them that two people call by a name"
        )
    gone = sum(len(part.questions) for part in parts)
    return Preview(topic_id, label, len(own) - gone, tuple(parts))


def _groups(corpus: Corpus, alone: Corpus, own: Sequence[ThreadKey]) -> list[Ints]:
    """The topic's questions by what they are about, rows, the largest group first.

    First as the pass sees the whole workspace, where they are several things to it;
    else as it sees these conversations alone.
    """
    row_of = {
        key: i
        for i, key in enumerate(keys_of(corpus, np.arange(len(corpus), dtype=np.int32)))
    }
    rows = np.array(sorted(row_of[key] for key in own if key in row_of), np.int32)
    if not len(rows):
        return []
    for seen in (corpus, alone):
        now = datetime.fromtimestamp(float(seen.at[-1]), tz=UTC)
        found = (keys_of(seen, one.rows) for one in discover(seen, now=now))
        held = (np.intersect1d([row_of[key] for key in keys], rows) for keys in found)
        groups = [group for group in held if len(group) >= MIN_QUESTIONS]
        if len(groups) > 1:
            return sorted(groups, key=lambda group: (-len(group), int(group[0])))
    return []


def split(session: Session, curator: Curator, planned: Preview) -> list[int]:
    """Do what a preview said; every part is kept from the pass afterwards.

    Questions that went elsewhere since stay there.

    Returns:
        The new topics' ids, as many as there are parts.

    Raises:
        BadInputError: Another topic has taken the name of a part since.
        NotFoundError: The topic is gone.
    """
    topic = find_topic(session, curator.workspace_id, planned.topic_id)
    held = topics.questions_by_topic(session, curator.workspace_id)
    own = set(held.get(topic.id, ()))
    made = []
    for part in planned.parts:
        refuse_taken(part.label, 0, topics.held_topics(session, topic.workspace_id))
        new_id = topics.mint(session, topic.workspace_id, part.label, now=curator.now)
        topics.name_topic(session, topic.workspace_id, new_id, part.aliases)
        moved = {key: new_id for key in part.questions if key in own}
        topics.assign(session, topic.workspace_id, moved)
        new = session.get_one(Topic, new_id)
        new.is_locked, new.is_hidden = True, topic.is_hidden
        copy_wishes(session, topic, new)
        note(session, curator, topic, Act.SPLIT, other=new)
        made.append(new_id)
    topic.is_locked = True
    return made
