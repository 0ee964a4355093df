"""What one pair of eyes may see, indexed: threads, messages and who replied.

An index is built from the visible rows alone. So nothing that is hidden can
show through a count, a frequency or an order.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from bot.corpus import NOBODY, Corpus, Flags, Ints
from bot.text import KIND_BITS, Kind

Doubles = NDArray[np.float64]

DAY_S = 86_400.0

# BM25 as published (Robertson and Zaragoza 2009); shorter documents need less
# correction for length.
K1, B_THREADS, B_MESSAGES = 1.2, 0.75, 0.4
# A channel is one huge document: later repeats must go on counting.
K1_CHANNELS, B_CHANNELS = 5.0, 0.5


def half_life(age_days: Doubles, days: float) -> Doubles:
    """Halve once in so many days; the future counts as now."""
    faded: Doubles = np.exp2(-np.maximum(age_days, 0.0) / days)
    return faded


@dataclass(frozen=True, slots=True)
class Bm25:
    """Documents by term, weighted.

    Attributes:
        weighted: BM25 weight of each term in each document (v x d, CSR).
        idf: Rarity of each term (v).
    """

    weighted: sparse.csr_array
    idf: Doubles

    def score(self, terms: Ints, times: Doubles) -> Doubles:
        """Score every document against a query (d)."""
        if not len(terms):
            return np.zeros(self.weighted.shape[1])
        rows = self.weighted[terms]
        scored: Doubles = np.asarray(rows.T @ times).ravel()
        return scored


def bm25(counts: sparse.csr_array, *, k1: float, b: float) -> Bm25:
    """Weigh documents (d x v counts) by BM25."""
    documents = counts.shape[0]
    lengths = np.asarray(counts.sum(axis=1)).ravel().astype(np.float64)
    mean = lengths.sum() / max(1, np.count_nonzero(lengths))
    frequency = np.bincount(counts.indices, minlength=counts.shape[1])
    idf = np.log1p((documents - frequency + 0.5) / (frequency + 0.5))
    coo = counts.tocoo()
    norm = k1 * (1 - b + b * lengths[coo.row] / max(mean, 1.0))
    values = idf[coo.col] * coo.data * (k1 + 1) / (coo.data + norm)
    weighted = sparse.csr_array((values, (coo.col, coo.row)), shape=counts.shape[::-1])
    return Bm25(weighted, idf)


@dataclass(frozen=True, slots=True)
class Index:
    """Columns over the visible rows of a corpus.

    Attributes:
        corpus: Where the numbers of people, channels and terms come from.
        person, channel, at: Of each visible message (m).
        thread_at: When each thread began (t, seconds); NaN where unseen.
        edges: Who replied in which thread: threads x people, 1 each (CSR).
        edge_*: The same as columns: thread, person, channel, when.
        threads, messages, channels: BM25 over each.
        root_*: Channel, author and time of every visible question.
        days: On how many days each person wrote (p).
    """

    corpus: Corpus
    rows: Ints
    person: Ints
    channel: Ints
    at: Doubles
    thread_at: Doubles
    edges: sparse.csr_array
    edge_person: Ints
    edge_channel: Ints
    edge_at: Doubles
    threads: Bm25
    messages: Bm25
    channels: Bm25
    root_channel: Ints
    root_person: Ints
    root_at: Doubles
    days: Doubles
    has_written: Flags


def build_index(corpus: Corpus, seen: Flags) -> Index:
    """Index the rows that are seen (flags over messages)."""
    rows = np.flatnonzero(seen).astype(np.int32)
    terms = _words_only(corpus)[rows]
    thread, person, channel = (
        corpus.thread[rows],
        corpus.person[rows],
        corpus.channel[rows],
    )
    at = corpus.at[rows]
    n_threads = len(corpus.root_ts)
    by_thread = sparse.csr_array(
        (np.ones(len(rows), np.float32), (thread, np.arange(len(rows)))),
        shape=(n_threads, len(rows)),
    )
    is_root = np.isin(rows, corpus.root)
    asked = is_root & corpus.is_question[rows]
    by_channel = sparse.csr_array(
        (np.ones(asked.sum(), np.float32), (channel[asked], np.flatnonzero(asked))),
        shape=(len(corpus.channels), len(rows)),
    )
    edge_thread, edge_person, edge_at = _edges(corpus, thread, person, at)
    return Index(
        corpus=corpus,
        rows=rows,
        person=person,
        channel=channel,
        at=at,
        thread_at=_began(thread, at, n_threads),
        edges=sparse.csr_array(
            (np.ones(len(edge_thread)), (edge_thread, edge_person)),
            shape=(n_threads, len(corpus.people)),
        ),
        edge_person=edge_person,
        edge_channel=corpus.thread_channel[edge_thread],
        edge_at=edge_at,
        threads=bm25(by_thread @ terms, k1=K1, b=B_THREADS),
        messages=bm25(terms, k1=K1, b=B_MESSAGES),
        channels=bm25(by_channel @ terms, k1=K1_CHANNELS, b=B_CHANNELS),
        root_channel=channel[asked],
        root_person=person[asked],
        root_at=at[asked],
        days=_days(person, at, len(corpus.people)),
        has_written=np.bincount(person, minlength=len(corpus.people)) > 0,
    )


def _words_only(corpus: Corpus) -> sparse.csr_array:
    """Drop pairs, links and names: single stems match best across wordings."""
    kinds = corpus.vocabulary & ((1 << KIND_BITS) - 1)
    keep = np.flatnonzero(kinds != Kind.WORD)
    terms = corpus.terms.copy()
    terms.data = np.where(np.isin(terms.indices, keep), 0.0, terms.data)
    terms.eliminate_zeros()
    return terms


def _began(thread: Ints, at: Doubles, n: int) -> Doubles:
    began = np.full(n, np.nan)
    # Rows are in the order of time: the last write in reverse is the first.
    began[thread[::-1]] = at[::-1]
    return began


def _edges(
    corpus: Corpus, thread: Ints, person: Ints, at: Doubles
) -> tuple[Ints, Ints, Doubles]:
    """Who replied in whose thread, once each, at their first reply."""
    root = corpus.root[thread]
    author = np.where(root == NOBODY, NOBODY, corpus.person[np.maximum(root, 0)])
    replies = np.flatnonzero(author != person)
    if not len(replies):
        return np.empty(0, np.int32), np.empty(0, np.int32), np.empty(0)
    key = thread[replies].astype(np.int64) * len(corpus.people) + person[replies]
    _, first = np.unique(key, return_index=True)
    chosen = replies[first]
    return thread[chosen], person[chosen], at[chosen]


def _days(person: Ints, at: Doubles, n: int) -> Doubles:
    day = (at // DAY_S).astype(np.int64)
    pairs = np.unique(np.stack([person.astype(np.int64), day]), axis=1)
    return np.bincount(pairs[0], minlength=n).astype(np.float64)
