"""How well threads, messages and channels match a question's terms: BM25."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from bot.corpus import Flags, Ints, Longs
from bot.ranking.index import Index
from bot.ranking.postings import Doubles, Postings, tally
from bot.ranking.view import View
from bot.text import Kind, kind_of

# Repeating a word in the question makes it count more, up to the third time.
_MOST_REPEATS = 3
# A long question of common words can touch millions of postings; its rarest
# terms decide, and a bound on the rest keeps every answer quick.
MAX_POSTINGS = 300_000


@dataclass(frozen=True, slots=True)
class Wanted:
    """A question's terms.

    Attributes:
        term: Numbers of the known ones, each once (q).
        weight: √min(occurrences, 3) (q).
        unknown: Sum of the weights of words that occur nowhere.
    """

    term: Ints
    weight: Doubles
    unknown: float


@dataclass(frozen=True, slots=True)
class Hits:
    """The visible postings of a question's terms in one sort of unit.

    Attributes:
        units, sought: What was looked through, and for what.
        which: Place in `sought` of each posting (h).
        unit, count: The postings (h).
        rarity: Inverse document frequency of each wanted term (q).
    """

    units: Postings
    sought: Wanted
    which: Longs
    unit: Ints
    count: Doubles
    rarity: Doubles


@dataclass(frozen=True, slots=True)
class Matched:
    """Units that match a question, ascending, and how well (above 0)."""

    unit: Longs
    score: Doubles

    def best(self, most: int) -> "Matched":
        """Keep the best, with all ties of the last of them.

        With the ties, because which of them came first must not decide.
        """
        if len(self.unit) <= most:
            return self
        cut = len(self.unit) - most
        return self.where(self.score >= np.partition(self.score, cut)[cut])

    def where(self, kept: Flags) -> "Matched":
        """Keep some."""
        return Matched(self.unit[kept], self.score[kept])


def wanted(index: Index, words: Sequence[int]) -> Wanted:
    """Look a question's terms up."""
    hashes, times = np.unique(np.array(words, np.int64), return_counts=True)
    weight = np.sqrt(np.minimum(times, _MOST_REPEATS))
    terms = index.corpus.find_terms(hashes.tolist())
    # Both ascend, so the known ones of `hashes` are exactly those in `terms`.
    known = np.isin(hashes, index.corpus.vocabulary[terms])
    is_word = np.array([kind_of(int(h)) is Kind.WORD for h in hashes], np.bool_)
    return Wanted(terms, weight[known], float(weight[~known & is_word].sum()))


def find(view: View, units: Postings, sought: Wanted, most: int = MAX_POSTINGS) -> Hits:
    """Collect at most so many visible postings of the terms, the rarest first."""
    frequency = view.frequency(units, sought.term)
    which, place = _places(units, sought.term, _rarest(frequency, most))
    unit = units.unit[place]
    if view.hides:
        seen = view.visible[units.channel[unit]]
        which, place, unit = which[seen], place[seen], unit[seen]
    n = view.units(units).count
    return Hits(
        units=units,
        sought=sought,
        which=which,
        unit=unit,
        count=units.count[place].astype(np.float64),
        rarity=np.log1p((n - frequency + 0.5) / (frequency + 0.5)),
    )


def _places(units: Postings, terms: Ints, kept: Flags) -> tuple[Longs, Longs]:
    """Find the postings of the kept terms, and whose each is."""
    start = units.start[terms]
    count = (units.start[terms + 1] - start) * kept
    which = np.repeat(np.arange(len(terms)), count)
    before = np.cumsum(count) - count
    return which, np.arange(len(which)) + np.repeat(start - before, count)


def _rarest(frequency: Longs, most: int) -> Flags:
    order = np.argsort(frequency, kind="stable")
    kept = np.zeros(len(frequency), np.bool_)
    kept[order] = np.cumsum(frequency[order]) <= most
    return kept


def bm25(view: View, hits: Hits) -> Matched:
    """Score the units that can be seen and share a term with the question."""
    units, sought = hits.units, hits.sought
    relative = units.length[hits.unit] / view.units(units).mean_length
    damping = units.k1 * (1 - units.b + units.b * relative)
    gain = sought.weight * view.index.kind[sought.term] * hits.rarity
    part = gain[hits.which] * hits.count * (units.k1 + 1) / (hits.count + damping)
    scores = tally(hits.unit, part, len(units.length))
    matched = np.flatnonzero(scores > 0)
    return Matched(matched, scores[matched])


def coverage(view: View, hits: Hits) -> Doubles:
    """Tell what share of the question's words each unit holds (0 to 1).

    A word counts by its rarity. Words nobody ever used count too, at their
    rarest: so an unheard-of subject is like nothing, however common the words
    around it.
    """
    units, sought = hits.units, hits.sought
    telling = sought.weight * view.index.is_word[sought.term] * hits.rarity
    rarest = np.log1p((view.units(units).count + 0.5) / 0.5)
    whole = telling.sum() + sought.unknown * rarest
    shared = tally(hits.unit, telling[hits.which], len(units.length))
    return np.asarray(shared / whole) if whole > 0 else shared
