"""Which terms set a topic's threads apart from all other threads.

By the likelihood ratio. Source: Dunning, "Accurate Methods for the Statistics of
Surprise and Coincidence", Computational Linguistics 19(1), 1993.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from bot.corpus import NOBODY, Corpus, Floats, Ints

MIN_THREADS = 3
MIN_THREAD_SHARE = 0.06
MIN_PEOPLE = 3
FEW_THREADS = 2
MOST_TERMS = 60  # best of a topic; a name is among the first few


_Counts = NDArray[np.number]


@dataclass(frozen=True, slots=True)
class Telling:
    """Terms of one topic, the most telling first.

    Attributes:
        terms: Term numbers of the corpus.
        z: How surely each is commoner here, in deviations.
        share: In what share of the topic's threads it occurs.
    """

    terms: Ints
    z: Floats
    share: Floats


def contrast(corpus: Corpus, groups: Sequence[Ints]) -> Iterator[tuple[Telling, ...]]:
    """Compare the threads of each topic with all threads.

    Yields:
        Terms of a topic: what many say there, then, for a topic of few people,
        what two threads have in common.
    """
    threads = _thread_terms(corpus)
    everywhere = np.asarray(threads.sum(axis=0)).ravel()
    for rows in groups:
        own = corpus.thread[rows]
        inside = np.bincount(threads[own].indices, minlength=threads.shape[1])
        least = max(MIN_THREADS, MIN_THREAD_SHARE * len(own))
        common = np.flatnonzero(inside >= least)
        rarer = np.flatnonzero(inside >= FEW_THREADS)
        said = common[_people(corpus, own, common) >= MIN_PEOPLE]
        z = _apart(inside, everywhere, len(own), threads.shape[0])
        yield tuple(
            _telling(corpus, terms, z, inside / max(len(own), 1))
            for terms in (said, common, rarer)
        )


def _thread_terms(corpus: Corpus) -> sparse.csr_array:
    """Whether each thread holds each term (t x v, CSR of ones)."""
    total = len(corpus.root)
    member = sparse.csr_array(
        (
            np.ones(len(corpus), np.float32),
            (corpus.thread, np.arange(len(corpus))),
        ),
        shape=(total, len(corpus)),
    )
    held: sparse.csr_array = (member @ corpus.terms).tocsr()
    held.data[:] = 1
    return held


def _telling(
    corpus: Corpus,
    terms: NDArray[np.integer],
    z: NDArray[np.float64],
    share: NDArray[np.float64],
) -> Telling:
    order = np.lexsort((corpus.vocabulary[terms], -z[terms]))[:MOST_TERMS]
    best = terms[order][z[terms[order]] > 0]
    return Telling(
        terms=best.astype(np.int32),
        z=z[best].astype(np.float32),
        share=share[best].astype(np.float32),
    )


def _people(corpus: Corpus, own: Ints, terms: NDArray[np.integer]) -> Ints:
    """How many people used each term in these threads."""
    here = np.zeros(len(corpus.root), np.bool_)
    here[own] = True
    rows = np.flatnonzero(here[corpus.thread])
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
