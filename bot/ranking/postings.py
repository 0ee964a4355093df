"""Which messages, threads and channels hold a term: the index turned around."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from bot.corpus import Corpus, Flags, Floats, Ints, Longs

Doubles = NDArray[np.float64]


def tally(place: Ints | Longs, amount: Doubles | Flags, size: int) -> Doubles:
    """Sum amounts by place (an array of `size`)."""
    sums: Doubles = np.bincount(place, amount, size).astype(np.float64, copy=False)
    return sums


@dataclass(frozen=True, slots=True)
class Postings:
    """Which units (messages, threads or channels) hold a term, and how often.

    Attributes:
        start: Where each term's postings begin (v + 1).
        unit, count: The postings, term after term.
        length: Terms in each unit.
        channel: Each unit's channel.
        count_in, written_in, length_in: By channel: units, those with any term,
            and their terms (c).
        holding_in: Units that hold each term, by channel (v x c, CSR).
        b, k1: BM25's parameters for units of this sort.
    """

    start: Longs
    unit: Ints
    count: Floats
    length: Doubles
    channel: Ints
    count_in: Doubles
    written_in: Doubles
    length_in: Doubles
    holding_in: sparse.csr_array
    b: float
    k1: float


@dataclass(frozen=True, slots=True)
class _Units:
    """What messages are grouped into: group of each, channel of each group."""

    of_message: Ints | Longs
    channel: Ints
    channels: int
    b: float
    k1: float


class Inverter:
    """Turns messages by terms into terms by whatever messages are grouped into."""

    def __init__(self, corpus: Corpus, kind: Doubles) -> None:
        self._corpus = corpus
        self._c = len(corpus.channels)
        counted = corpus.terms @ sparse.diags_array((kind > 0).astype(np.float32))
        self._terms = sparse.csr_array(counted)
        self._terms.eliminate_zeros()

    def by_message(self) -> Postings:
        """Count each message by itself."""
        corpus = self._corpus
        units = _Units(np.arange(len(corpus)), corpus.channel, self._c, b=0.4, k1=1.2)
        return self._invert(units)

    def by_thread(self) -> Postings:
        """Count a thread's messages together."""
        corpus = self._corpus
        units = _Units(corpus.thread, corpus.thread_channel, self._c, b=0.75, k1=1.2)
        return self._invert(units)

    def by_channel(self, rows: Flags | None = None) -> Postings:
        """Count a channel's messages together (all, or those flagged)."""
        corpus = self._corpus
        numbers = np.arange(self._c, dtype=np.int32)
        # A channel must hold a word many times before it has said enough.
        units = _Units(corpus.channel, numbers, self._c, b=0.5, k1=5.0)
        return self._invert(units, rows)

    def _invert(self, units: _Units, rows: Flags | None = None) -> Postings:
        group, channel = units.of_message, units.channel
        kept = np.arange(len(group)) if rows is None else np.flatnonzero(rows)
        into = sparse.csr_array(
            (np.ones(len(kept), np.float32), (group[kept], kept)),
            shape=(len(channel), len(group)),
        )
        grouped = sparse.csr_array(into @ self._terms)
        # A thread or channel counts as soon as it holds a message at all.
        held = np.bincount(group[kept], minlength=len(channel)) > 0
        return _lay_out(grouped, held, units)


def _lay_out(grouped: sparse.csr_array, held: Flags, units: _Units) -> Postings:
    inverted = sparse.csc_array(grouped)
    inverted.sort_indices()
    length = np.asarray(grouped.sum(axis=1), np.float64).ravel()

    def by_channel(x: Flags | Doubles) -> Doubles:
        return tally(units.channel, x, units.channels)

    return Postings(
        start=inverted.indptr.astype(np.int64),
        unit=inverted.indices.astype(np.int32),
        count=inverted.data.astype(np.float32),
        length=length,
        channel=units.channel,
        count_in=by_channel(held),
        written_in=by_channel(length > 0),
        length_in=by_channel(length),
        holding_in=_holding(grouped, units),
        b=units.b,
        k1=units.k1,
    )


def _holding(grouped: sparse.csr_array, units: _Units) -> sparse.csr_array:
    n = len(units.channel)
    ones = np.ones(n, np.int32)
    into = sparse.csr_array((ones, (units.channel, np.arange(n))), (units.channels, n))
    held = np.ones(grouped.nnz, np.int32)
    holds = sparse.csr_array((held, grouped.indices, grouped.indptr), grouped.shape)
    return sparse.csr_array((into @ holds).T)
