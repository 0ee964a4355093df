"""The periodic pass: which questions recur, and which belong together."""

from dataclasses import dataclass, replace
from datetime import datetime

import numpy as np

from bot.corpus import NOBODY, Corpus, Ints
from bot.topics.candidates import (
    MIN_QUESTIONS,
    Cluster,
    Members,
    cut,
    describe,
    distinct,
    persistences,
    ranks,
)
from bot.topics.cohesion import Meanings
from bot.topics.layout import NEWEST, Layout, lay_out, question_rows
from bot.topics.recurrence import by_several, recurs
from bot.topics.space import Space
from bot.topics.voting import joined

# What is left of a cluster after better ones took their part is a topic still if it
# is so much of it. From .5 to .4 a fortieth more questions have a topic, as right.
_LEFT_SHARE = 0.4

# Of what recurs, clusters clearly above the average (0) come first as they are; of
# the others, those to show whose questions are most alike are purer.
_CLEARLY = 1.0


@dataclass(frozen=True, slots=True)
class Options:
    """What a pass looks at.

    Attributes:
        newest: How many questions at most, the newest.
    """

    newest: int = NEWEST


@dataclass(frozen=True, slots=True)
class Found:
    """A topic without a name.

    Attributes:
        rows: Its questions, rows of the corpus, ascending.
        strength: How central they are to it (0 to 1).
        score: How much of a topic it is; comparable within one pass only.
    """

    rows: Ints
    strength: float
    score: float


@dataclass(frozen=True, slots=True)
class Survey:
    """What a pass found, and the space it found it in."""

    found: list[Found]
    layout: Layout


def survey(corpus: Corpus, *, now: datetime, options: Options | None = None) -> Survey:
    """Find the topics of a workspace, best first, each question in one at most."""
    newest = (options or Options()).newest
    questions = question_rows(corpus, until=now.timestamp(), newest=newest)
    layout = lay_out(corpus, questions)
    return Survey(_find(corpus, layout), layout)


def discover(
    corpus: Corpus, *, now: datetime, options: Options | None = None
) -> list[Found]:
    """Find the topics of a workspace, best first, each question in one at most."""
    return survey(corpus, now=now, options=options).found


def _find(corpus: Corpus, layout: Layout) -> list[Found]:
    space = layout.space
    partitions = cut(space, layout.told, corpus.person[space.questions])
    recurring: list[Cluster] = []
    shown: list[Cluster] = []
    found_again = persistences(partitions, len(space))
    for partition, persistence in zip(partitions, found_again, strict=True):
        described = describe(partition, persistence)
        recurring += [
            c for c in described if _recurs(corpus, space, c.members, c.people)
        ]
        if partition.is_shown:
            shown += described
    ranked = _ranked(recurring, len(space))
    apart = _disjoint(corpus, space, [*ranked, *_after(shown, ranked)])
    return _found(corpus, space, apart)


def _ranked(clusters: list[Cluster], total: int) -> list[tuple[Cluster, float]]:
    score = ranks(clusters)
    chosen = distinct(clusters, score, total)
    return [(clusters[i], float(score[i])) for i in chosen if score[i] > _CLEARLY]


def _after(
    clusters: list[Cluster], ranked: list[tuple[Cluster, float]]
) -> list[tuple[Cluster, float]]:
    """The clusters to show stand after those that are ranked.

    Of all resolutions those come first whose questions are most alike: a subject is
    taken as narrow as people speak of it, and what is left of a wider one must still
    be a good part of it.
    """
    least = min((s for _, s in ranked), default=_CLEARLY)
    order = sorted(clusters, key=lambda c: -c.likeness)
    top = max((c.likeness for c in clusters), default=0.0)
    return [(c, least - (top - c.likeness)) for c in order]


def _recurs(corpus: Corpus, space: Space, members: Members, people: int) -> bool:
    return recurs(corpus, space.questions[members], people)


def _disjoint(
    corpus: Corpus, space: Space, ordered: list[tuple[Cluster, float]]
) -> list[tuple[Cluster, float]]:
    """Give each question to the first cluster that holds it and is a subject.

    What one person alone asks, or what means this and that, is left to the clusters
    after it.
    """
    meanings = Meanings(corpus, space.questions)
    taken = np.zeros(len(space), np.bool_)
    apart = []
    for cluster, score in ordered:
        members = cluster.members[~taken[cluster.members]]
        if len(members) < max(MIN_QUESTIONS, _LEFT_SHARE * len(cluster.members)):
            continue
        if not by_several(corpus, space.questions[members]):
            continue
        if not meanings.agree(members):
            continue
        taken[members] = True
        apart.append((replace(cluster, members=members), score))
    return apart


def _found(
    corpus: Corpus, space: Space, apart: list[tuple[Cluster, float]]
) -> list[Found]:
    """Add to clusters what their neighbours say is theirs.

    Not where it would make a topic one person's alone.
    """
    topic = np.full(len(space), NOBODY, np.int64)
    for number, (cluster, _) in enumerate(apart):
        topic[cluster.members] = number
    topic = joined(space, topic)
    found = []
    for number, (cluster, score) in enumerate(apart):
        members = np.flatnonzero(topic == number)
        if not by_several(corpus, space.questions[members]):
            members = cluster.members
        rows = space.questions[members]
        found.append(Found(rows=rows, strength=cluster.strength, score=score))
    return found
