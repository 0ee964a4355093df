"""Which known topic a new question belongs to, between two periodic passes.

The words, the vectors and the topics stay as the last pass left them, so that it
costs milliseconds; a question that fits nowhere waits for the next pass.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from bot.corpus import NOBODY, Corpus, Fact, Floats, Longs
from bot.topics.context import weight_of
from bot.topics.layout import Layout, lay_out, question_rows
from bot.topics.space import (
    PEOPLE_FADE_S,
    PEOPLE_SCALE,
    PEOPLE_WEIGHT,
    Lexicon,
    compose,
    unit,
)
from bot.topics.voting import THRESHOLD, VOTERS, elect


@dataclass(frozen=True, slots=True)
class Neighbourhood:
    """Questions with their topics, ready to vote.

    Attributes:
        layout: The questions (q) where the last pass put them.
        topic: Topic of each, `NOBODY` where it has none (q, int64).
        people: Column of each person in the space.
        weight: How much each person's presence tells (p, float32).
    """

    layout: Layout
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
    layout = lay_out(corpus, questions)
    keys = ((corpus.channels[corpus.channel[q]], corpus.ts[q]) for q in questions)
    asked = np.bincount(corpus.person[questions], minlength=len(corpus.people))
    return Neighbourhood(
        layout=layout,
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
    if not len(known.layout.space):
        return None
    context = [question, *(f for f in around if f.ts != question.ts)]
    alike = _alike(known, question, context)
    best = np.lexsort((np.arange(len(alike)), -alike))[:VOTERS]
    votes = zip(known.topic[best].tolist(), alike[best].tolist(), strict=True)
    return elect(votes, threshold)


def _alike(
    known: Neighbourhood, question: Fact, context: list[Fact]
) -> NDArray[np.float32]:
    space = known.layout.space
    alike = space.vectors @ _placed(known, question, context)
    apart = np.abs(space.at - question.at)
    shared = space.people @ _present(known, question, context)
    shared *= np.exp(-apart / PEOPLE_FADE_S)
    both = alike + PEOPLE_WEIGHT * np.tanh(PEOPLE_SCALE * shared)
    return both.astype(np.float32)


def _placed(
    known: Neighbourhood, question: Fact, context: list[Fact]
) -> NDArray[np.float32]:
    lexicon, persons = known.layout.lexicon, known.layout.persons
    words = lexicon.project(_counts(lexicon, question, context))
    width = known.layout.space.vectors.shape[1] - 3 * words.shape[1]
    meaning = np.zeros((1, width), np.float32)
    if question.vector is not None and len(question.vector) == width:
        meaning[0] = question.vector
    asker = [known.people[p] for p in (question.user_id,) if p in known.people]
    named = _names(question, context) - {question.user_id}
    others = sorted(known.people[p] for p in named if p in known.people)
    company = [unit(unit(persons[p]).sum(axis=0)[None, :]) for p in (asker, others)]
    place: NDArray[np.float32] = compose(words, meaning, *company)[0]
    return place


def _counts(lexicon: Lexicon, question: Fact, context: list[Fact]) -> sparse.csr_array:
    row = np.zeros(len(lexicon.words), np.float32)
    for fact in context:
        weight = weight_of(question, fact)
        if weight <= 0:
            continue
        held, place = lexicon.find(fact.words)
        np.add.at(row, place, weight * fact.counts[held])
    return sparse.csr_array(row[None, :])


def _names(question: Fact, context: list[Fact]) -> set[str]:
    """Who takes part: asker, repliers, those mentioned."""
    thread = (question.channel_id, question.root_ts)
    repliers = {f.user_id for f in context if (f.channel_id, f.root_ts) == thread}
    return repliers | {question.user_id, *question.mentions}


def _present(
    known: Neighbourhood, question: Fact, context: list[Fact]
) -> NDArray[np.float32]:
    present = np.zeros(len(known.weight), np.float32)
    names = _names(question, context)
    held = [known.people[name] for name in names if name in known.people]
    present[held] = known.weight[held]
    return present
