"""How alike two questions are: the features by which a repeated one is known.

A word weighs its rarity: 1 where no thread holds it, towards 0 where all do. Of a new
question and an earlier one:

- `close`: how close they are in meaning, in standard deviations above what two
  random questions of this workspace are: where everybody talks of one thing,
  questions must be closer to count as the same.
- `covered`: twice the weight of the words, names and identifiers that they share, by
  that of all they have (0 to 1).
- `telling`: the same with the squares of the weights. It counts against a pair: one
  rare word in common makes the same subject, many words the same question.
- `missing`: the rarest word that only the new question has.
- `taken_up`: the rarest word of the new question that only the answers have.
- `replies`: how much was replied, as the logarithm of the different terms: in a long
  exchange some word is taken up by chance.

Only pairs that are `CLOSE` and share words of weight `ENOUGH` count at all: without
them "is this a known issue?" would be the same as itself, whatever the issue.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from bot.corpus import NOBODY, Corpus, Flags, Floats, Ints, Longs
from bot.ranking.index import Index
from bot.ranking.postings import Doubles
from bot.ranking.view import View
from bot.text import KIND_BITS, Kind, kind_of

FEATURES = ("close", "covered", "telling", "missing", "taken_up", "replies")
CLOSE = 4.5
ENOUGH = 0.8

_COUNTED = (Kind.WORD, Kind.NAME, Kind.CODE, Kind.REPOSITORY)
# How close random questions are (cosine), where a workspace has too few to measure:
# between two communities measured (.06 and .14, both with a deviation near .11).
_MEAN, _DEVIATION = 0.1, 0.11
_FEWEST, _SAMPLE = 64, 512


@dataclass(frozen=True, slots=True)
class Scale:
    """What is usual in what one asker may see.

    Attributes:
        frequency: How many threads hold each term (v).
        counts: Whether a term counts (v): pairs repeat words, and hosts say where
            a link leads.
        threads: How many threads there are.
        mean, deviation: Of the cosine of two random questions.
    """

    frequency: Doubles
    counts: Flags
    threads: float
    mean: float
    deviation: float

    def rarity(self, term: Ints, *, more: int = 0) -> Doubles:
        """Weigh terms, 0 to 1; `more` threads hold each of them than were heard."""
        n, frequency = self.threads + more, self.frequency[term] + more
        return _rarity(n, frequency) * self.counts[term]

    @property
    def once(self) -> float:
        """What a term weighs that the new question is the first to hold."""
        return float(_rarity(self.threads + 1, np.ones(1))[0])


@dataclass(frozen=True, slots=True)
class Sought:
    """A question's terms: those heard before, what each weighs, how many others."""

    term: Ints
    weight: Doubles
    unheard: int = 0


class Pairs:
    """Compares questions with the earlier threads of one corpus."""

    def __init__(self, index: Index) -> None:
        self._index = index
        self._order = np.argsort(index.corpus.thread, kind="stable")
        threads = np.arange(len(index.corpus.root) + 1)
        self._start = np.searchsorted(index.corpus.thread[self._order], threads)

    def new(self, scale: Scale, words: Sequence[int]) -> Sought:
        """Look a new question's terms up; it is one more thread that holds them."""
        corpus, hashes = self._index.corpus, np.unique(np.array(words, np.int64))
        term = corpus.find_terms(hashes.tolist())
        known = np.isin(hashes, corpus.vocabulary[term])
        unheard = sum(kind_of(int(h)) in _COUNTED for h in hashes[~known])
        return Sought(term, scale.rarity(term, more=1), unheard)

    def heard(self, scale: Scale, row: int) -> Sought:
        """Take the terms of a message of the corpus, for a question."""
        term = _terms(self._index.corpus, row)
        return Sought(term, scale.rarity(term))

    def features(
        self, scale: Scale, sought: Sought, thread: int, cosine: float
    ) -> dict[str, float] | None:
        """Give the features (names as above) of a question and an earlier thread's.

        Returns:
            None if they are not close, or do not share enough words.
        """
        close = (cosine - scale.mean) / scale.deviation
        if close < CLOSE:
            return None
        told = _terms(self._index.corpus, int(self._index.corpus.root[thread]))
        both, mine, theirs = np.intersect1d(
            sought.term, told, assume_unique=True, return_indices=True
        )
        shared = sought.weight[mine]
        if shared[self._index.is_word[both]].sum() < ENOUGH:
            return None
        earlier = scale.rarity(told)
        earlier[theirs] = shared
        new = np.append(sought.weight, [scale.once] * sought.unheard)
        replied = self._replied(thread)
        answered = np.isin(sought.term, replied)
        answered[mine] = False
        return {
            "close": close,
            "covered": _share(shared, new, earlier),
            "telling": _share(shared**2, new**2, earlier**2),
            "missing": float(np.delete(new, mine).max(initial=0.0)),
            "taken_up": float(sought.weight[answered].max(initial=0.0)),
            "replies": float(np.log1p(len(replied))),
        }

    def _replied(self, thread: int) -> Ints:
        """Give the terms of what others than its asker wrote."""
        corpus = self._index.corpus
        rows: Longs = self._order[self._start[thread] : self._start[thread + 1]]
        asker = corpus.person[corpus.root[thread]]
        said = [_terms(corpus, r) for r in rows.tolist() if corpus.person[r] != asker]
        return np.unique(np.concatenate(said)) if said else np.empty(0, np.int32)


def measure(view: View) -> Scale:
    """Measure what is usual in what can be seen."""
    mean, deviation = _spread(_sample(view))
    kind = view.index.corpus.vocabulary & (2**KIND_BITS - 1)
    threads = view.units(view.index.threads).count
    counts = np.isin(kind, _COUNTED)
    return Scale(_frequency(view), counts, threads, mean, deviation)


def _terms(corpus: Corpus, row: int) -> Ints:
    """Give the terms of a message, ascending."""
    terms = corpus.terms
    held: Ints = terms.indices[terms.indptr[row] : terms.indptr[row + 1]]
    return held


def _frequency(view: View) -> Doubles:
    return view.frequency(view.index.threads, slice(None)).astype(np.float64)


def _rarity(n: float, frequency: Doubles) -> Doubles:
    rarity = np.log1p((n - frequency + 0.5) / (frequency + 0.5))
    return np.asarray(rarity / np.log1p((n + 0.5) / 0.5))


def _sample(view: View) -> Floats:
    corpus = view.index.corpus
    seen = view.visible[corpus.thread_channel] & (corpus.root != NOBODY)
    row = corpus.vector_row[corpus.root[seen]]
    row = row[row != NOBODY]
    step = max(1, len(row) // _SAMPLE)
    sample: Floats = corpus.vectors[row[::step]]
    return sample


def _spread(vectors: Floats) -> tuple[float, float]:
    if len(vectors) < _FEWEST:
        return _MEAN, _DEVIATION
    alike = (vectors @ vectors.T)[np.triu_indices(len(vectors), 1)]
    return float(alike.mean()), max(float(alike.std()), 1e-6)


def _share(shared: Doubles, *wholes: Doubles) -> float:
    """Tell which share of two wholes what they share is, counted in both."""
    return float(2 * shared.sum() / max(sum(w.sum() for w in wholes), 1e-9))
