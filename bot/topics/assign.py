"""Which known topic a new question belongs to, between two periodic passes.

The words, the vectors and the topics stay as the last pass left them, so that it
costs milliseconds; a question that fits nowhere waits for the next pass.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from bot.corpus import NOBODY, Corpus, Fact, Floats, Longs
from bot.topics.context import weight_of
from bot.topics.discover import lay_out, question_rows
from bot.topics.space import (
    DENSE_WEIGHT,
    PEOPLE_FADE_S,
    PEOPLE_SCALE,
    Lexicon,
    Space,
    unit,
)

VOTERS = 15
# Share of all votes the winner needs. Measured: at .5 three in five land where
# the topic's majority comes from, and half of all questions wait.
THRESHOLD = 0.5
# Twice the weight of the pass: nothing is smoothed here.
PEOPLE_WEIGHT = 0.8


@dataclass(frozen=True, slots=True)
class Neighbourhood:
    """Questions with their topics, ready to vote.

    Attributes:
        lexicon: Words as the last pass weighed them.
        space: The questions (q).
        topic: Topic of each, `NOBODY` where it has none (q, int64).
        people: Column of each person in the space.
        weight: How much each person's presence tells (p, float32).
    """

    lexicon: Lexicon
    space: Space
    topic: Longs
    people: Mapping[str, int]
    weight: Floats


def remember(
    corpus: Corpus, topic_of: Mapping[tuple[str, str], int], *, now: float
) -> Neighbourhood:
    """Prepare the questions of a workspace to vote.

    Args:
        corpus: Everything heard.
        topic_of: Topic of a question by (channel id, ts).
        now: Seconds since 1970; later questions do not vote.
    """
    questions = question_rows(corpus, until=now)
    lexicon, space = lay_out(corpus, questions)
    keys = ((corpus.channels[corpus.channel[q]], corpus.ts[q]) for q in questions)
    asked = np.bincount(corpus.person[questions], minlength=len(corpus.people))
    return Neighbourhood(
        lexicon=lexicon,
        space=space,
        topic=np.array([topic_of.get(k, NOBODY) for k in keys], np.int64),
        people={name: i for i, name in enumerate(corpus.people)},
        weight=(1 / np.sqrt(np.log(2 + asked))).astype(np.float32),
    )


def assign(
    known: Neighbourhood,
    question: Fact,
    around: Iterable[Fact] = (),
    *,
    threshold: float = THRESHOLD,
) -> int | None:
    """Find the topic of a new question, or None when it fits none well enough.

    Args:
        known: From `remember`.
        question: The question.
        around: Messages within three hours, and its thread: what is irrelevant
            counts for nothing.
        threshold: Share of its neighbours' votes the topic needs (0 to 1).
    """
    if not len(known.space):
        return None
    context = [question, *(f for f in around if f.ts != question.ts)]
    alike = _alike(known, question, context)
    best = np.lexsort((np.arange(len(alike)), -alike))[:VOTERS]
    votes: dict[int, float] = defaultdict(float)
    for place in best.tolist():
        votes[int(known.topic[place])] += max(float(alike[place]), 0.0) ** 2
    total = sum(votes.values())
    votes.pop(NOBODY, None)
    winner = max(votes, key=lambda t: (votes[t], -t), default=None)
    if winner is None or votes[winner] < threshold * total or total <= 0:
        return None
    return winner


def _alike(
    known: Neighbourhood, question: Fact, context: list[Fact]
) -> NDArray[np.float32]:
    words = known.lexicon.project(_counts(known.lexicon, question, context))
    dense = known.space.vectors.shape[1] - words.shape[1]
    vector = words
    if dense:
        meaning = np.zeros(dense, np.float32)
        if question.vector is not None and len(question.vector) == dense:
            meaning = question.vector * np.float32(np.sqrt(DENSE_WEIGHT))
        vector = unit(np.hstack([words, meaning[None, :]]))
    alike = known.space.vectors @ vector[0]
    apart = np.abs(known.space.at - question.at)
    shared = known.space.people @ _present(known, question, context)
    shared *= np.exp(-apart / PEOPLE_FADE_S)
    both: NDArray[np.float32] = alike + PEOPLE_WEIGHT * np.tanh(PEOPLE_SCALE * shared)
    return both


def _counts(lexicon: Lexicon, question: Fact, context: list[Fact]) -> sparse.csr_array:
    row = np.zeros(len(lexicon.words), np.float32)
    for fact in context:
        weight = weight_of(question, fact)
        if weight <= 0 or not len(lexicon.words) or not len(fact.words):
            continue
        place = np.searchsorted(lexicon.words, fact.words)
        place = np.minimum(place, len(lexicon.words) - 1)
        held = lexicon.words[place] == fact.words
        np.add.at(row, place[held], weight * fact.counts[held])
    return sparse.csr_array(row[None, :])


def _present(
    known: Neighbourhood, question: Fact, context: list[Fact]
) -> NDArray[np.float32]:
    thread = (question.channel_id, question.root_ts)
    names = {question.user_id, *question.mentions} | {
        f.user_id for f in context if (f.channel_id, f.root_ts) == thread
    }
    present = np.zeros(len(known.weight), np.float32)
    held = [known.people[name] for name in names if name in known.people]
    present[held] = known.weight[held]
    return present
