"""Which terms set a topic's questions apart from all others, with what surrounds them.

A question alone seldom names its subject: its thread and its asker's messages nearby
do, and it is by these that topics are found (`bot.topics.context`).

By the likelihood ratio. Source: Dunning, "Accurate Methods for the Statistics of
Surprise and Coincidence", Computational Linguistics 19(1), 1993.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from bot.corpus import NOBODY, Corpus, Floats, Ints
from bot.topics.context import gather
from bot.topics.space import ALWAYS_ALLOWED, first_said

# Messages that weigh less for a question, of an hour away and more, tell its subject
# but seldom its name.
NEAR = 0.35

MIN_QUESTIONS = 3
MIN_SHARE = 0.06
MIN_PEOPLE = 3
# For a topic of few people, what two questions have in common will do, if two are a
# good part of it.
FEW_QUESTIONS = 2
FEW_SHARE = 0.2
# What an eighth of all questions say is what the workspace is about: it tells none of
# its topics.
BROAD_SHARE = 0.125
MOST_TERMS = 60  # best of a topic; a name is among the first few


_Counts = NDArray[np.number]


@dataclass(frozen=True, slots=True)
class Telling:
    """Terms of one topic, the most telling first.

    Attributes:
        terms: Term numbers of the corpus.
        z: How surely each is commoner here, in deviations.
        share: Around what share of the topic's questions it occurs.
        own: What share of them say it themselves.
        is_broad: Whether a good part of all questions say it.
    """

    terms: Ints
    z: Floats
    share: Floats
    own: Floats
    is_broad: NDArray[np.bool_]


def contrast(corpus: Corpus, groups: Sequence[Ints]) -> Iterator[tuple[Telling, ...]]:
    """Compare what surrounds the questions of each topic with all others.

    Yields:
        Terms of a topic: what many say there, then, for a topic of few people,
        what two questions have in common.
    """
    around = _around(corpus, groups)
    held: sparse.csr_array = (around @ corpus.terms).tocsr()
    held.data[:] = 1
    first = first_said(corpus)
    everywhere = np.asarray(held.sum(axis=0)).ravel()
    questions = _questions(corpus, groups)
    said = _count(corpus, questions)
    broad = said > max(ALWAYS_ALLOWED, BROAD_SHARE * len(questions))
    place = np.full(len(corpus), NOBODY, np.int64)
    place[questions] = np.arange(len(questions))
    for rows in groups:
        own = place[rows]
        inside = np.bincount(held[own].indices, minlength=held.shape[1])
        many = inside >= max(MIN_QUESTIONS, MIN_SHARE * len(own))
        few = inside >= max(FEW_QUESTIONS, FEW_SHARE * len(own))
        common = np.flatnonzero(many)
        people = _people(corpus, np.unique(around[own].indices), common)
        shared = common[people >= MIN_PEOPLE]
        # Most words of a workspace never stand near a topic.
        heard = np.flatnonzero(many | few)
        z = np.zeros(len(inside))
        z[heard] = _apart(inside[heard], everywhere[heard], len(own), held.shape[0])
        shares = inside / max(len(own), 1), _count(corpus, rows) / max(len(own), 1)
        yield tuple(
            _telling(first, terms, z, shares, broad)
            for terms in (shared, np.flatnonzero(many & few), np.flatnonzero(few))
        )


def _questions(corpus: Corpus, groups: Sequence[Ints]) -> Ints:
    """Every question that opens a thread, and whatever else is in a group."""
    opens = corpus.root[corpus.thread] == np.arange(len(corpus))
    opening = np.flatnonzero(corpus.is_question & opens)
    return np.unique(np.concatenate([opening, *groups])).astype(np.int32)


def _count(corpus: Corpus, rows: Ints) -> NDArray[np.intp]:
    """How many of these messages say each term (v)."""
    return np.bincount(corpus.terms[rows].indices, minlength=len(corpus.vocabulary))


def _around(corpus: Corpus, groups: Sequence[Ints]) -> sparse.csr_array:
    """Which messages surround each question (q x n, CSR of ones)."""
    around = gather(corpus, _questions(corpus, groups))
    around.data = (around.data >= NEAR).astype(np.float32)
    around.eliminate_zeros()
    return around


def _telling(
    first: NDArray[np.integer],
    terms: NDArray[np.integer],
    z: NDArray[np.float64],
    shares: tuple[NDArray[np.float64], NDArray[np.float64]],
    broad: NDArray[np.bool_],
) -> Telling:
    order = np.lexsort((first[terms], -z[terms]))[:MOST_TERMS]
    best = terms[order][z[terms[order]] > 0]
    return Telling(
        terms=best.astype(np.int32),
        z=z[best].astype(np.float32),
        share=shares[0][best].astype(np.float32),
        own=shares[1][best].astype(np.float32),
        is_broad=broad[best],
    )


def _people(
    corpus: Corpus, rows: NDArray[np.integer], terms: NDArray[np.integer]
) -> Ints:
    """How many people used each term in these messages."""
    said = corpus.terms[rows].tocoo()
    place = np.full(len(corpus.vocabulary), NOBODY, np.int64)
    place[terms] = np.arange(len(terms))
    held = place[said.col] != NOBODY
    person = corpus.person[rows][said.row[held]].astype(np.int64)
    pairs = np.unique(place[said.col[held]] * 2**31 + person)
    people: Ints = np.bincount(pairs >> 31, minlength=len(terms)).astype(np.int32)
    return people


def _apart(
    inside: _Counts, everywhere: _Counts, own: int, total: int
) -> NDArray[np.float64]:
    """How surely a term belongs to a topic: the signed root of G².

    A z-scored log-odds ratio punishes just the words that stand nowhere else,
    since their variance outside is unknown; the likelihood ratio does not
    (Dunning 1993, "Accurate Methods for the Statistics of Surprise").
    """
    a, b = inside.astype(np.float64), (everywhere - inside).astype(np.float64)
    c, d = own - a, max(total - own, 1) - b
    held = a + b
    g = np.zeros(len(a))
    for seen, row, column in (
        (a, held, own),
        (b, held, total - own),
        (c, total - held, own),
        (d, total - held, total - own),
    ):
        expected = np.maximum(row * column / max(total, 1), 1e-12)
        positive = np.maximum(seen, 1e-12)
        g += np.where(seen > 0, seen * np.log(positive / expected), 0.0)
    above = np.sign(a * max(total - own, 1) - b * own)
    z: NDArray[np.float64] = above * np.sqrt(np.maximum(2 * g, 0.0))
    return z
