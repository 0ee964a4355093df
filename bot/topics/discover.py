"""The periodic pass: which questions recur, and which belong together."""

from dataclasses import dataclass
from datetime import datetime

import numpy as np

from bot.corpus import Corpus, Ints
from bot.topics.candidates import (
    MIN_QUESTIONS,
    Cluster,
    Members,
    distinct,
    find_clusters,
    ranks,
)
from bot.topics.context import gather
from bot.topics.neighbours import smoothed
from bot.topics.recurrence import recurs
from bot.topics.space import (
    Lexicon,
    Space,
    learn_lexicon,
    scaled_people,
    with_meaning,
)

# A pass compares every question with every other: 20,000 take half a minute on
# one core. Older ones keep the topic they have.
NEWEST = 20_000

# What is left of a cluster after better ones took their part is a topic still
# if it is most of it.
_LEFT_SHARE = 0.5


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
        persistence: How surely it is found again at other resolutions (0 to 1).
        score: How much of a topic it is; comparable within one pass only.
        recurs: Whether it comes back in time and from several people.
    """

    rows: Ints
    strength: float
    persistence: float
    score: float
    recurs: bool


@dataclass(frozen=True, slots=True)
class Survey:
    """What a pass found, and the space it found it in."""

    found: list[Found]
    lexicon: Lexicon
    space: Space


def question_rows(corpus: Corpus, *, until: float, newest: int = NEWEST) -> Ints:
    """Rows of the questions that open a thread, the newest ones.

    Args:
        corpus: Everything heard.
        until: Seconds since 1970; what was asked later is left out.
        newest: How many at most.
    """
    opens = corpus.root[corpus.thread] == np.arange(len(corpus))
    asked = corpus.is_question & opens & (corpus.at <= until)
    return np.flatnonzero(asked).astype(np.int32)[-newest:]


def lay_out(corpus: Corpus, questions: Ints) -> tuple[Lexicon, Space]:
    """Place questions by their words, their meaning and their people."""
    lexicon, words = learn_lexicon(corpus, gather(corpus, questions))
    return lexicon, Space(
        questions=questions,
        vectors=with_meaning(words, corpus, questions),
        people=scaled_people(corpus, questions),
        at=corpus.at[questions],
    )


def survey(corpus: Corpus, *, now: datetime, options: Options | None = None) -> Survey:
    """Find the topics of a workspace, best first, each question in one at most."""
    newest = (options or Options()).newest
    questions = question_rows(corpus, until=now.timestamp(), newest=newest)
    lexicon, space = lay_out(corpus, questions)
    return Survey(_find(corpus, space), lexicon, space)


def discover(
    corpus: Corpus, *, now: datetime, options: Options | None = None
) -> list[Found]:
    """Find the topics of a workspace, best first, each question in one at most."""
    return survey(corpus, now=now, options=options).found


def _find(corpus: Corpus, space: Space) -> list[Found]:
    partitions = find_clusters(smoothed(space)) if len(space) >= MIN_QUESTIONS else []
    recurring = [c for p in partitions for c in p if _recurs(corpus, space, c.members)]
    score = ranks(recurring)
    chosen = distinct(recurring, score, len(space))
    shown = partitions[0] if partitions else []
    best = [(recurring[i], float(score[i])) for i in chosen]
    least = min((s for _, s in best), default=0.0)
    rest = ranks(shown)
    order = np.argsort(-rest, kind="stable")
    spread = float(rest.max() - rest.min()) + 1 if len(rest) else 1.0
    others = [
        (shown[i], least - 1 - float(rest.max() - rest[i]) / spread) for i in order
    ]
    return _disjoint(corpus, space, [*best, *others])


def _recurs(corpus: Corpus, space: Space, members: Members) -> bool:
    return recurs(corpus, space.questions[members], space.people[members])


def _disjoint(
    corpus: Corpus, space: Space, ordered: list[tuple[Cluster, float]]
) -> list[Found]:
    """Give each question to the first cluster that holds it."""
    taken = np.zeros(len(space), np.bool_)
    found = []
    for cluster, score in ordered:
        members = cluster.members[~taken[cluster.members]]
        if len(members) < max(MIN_QUESTIONS, _LEFT_SHARE * len(cluster.members)):
            continue
        taken[members] = True
        rows = space.questions[members]
        found.append(
            Found(
                rows=rows,
                strength=cluster.strength,
                persistence=cluster.persistence,
                score=score,
                recurs=_recurs(corpus, space, members),
            )
        )
    return found
