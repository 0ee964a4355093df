"""Four simple ways to say who knows, to be compared with.

Votes of the threads most like the question by BM25 (k1 1.2, b .75) are the plain
form of expert finding: K. Balog and others, "Expertise Retrieval" (2012), the
document-first models. The other three count answers.
"""

import math
import re
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from bot.evaluation.history import Asked, plain

EVERYWHERE = "baseline: most answers, everywhere"
THIS_CHANNEL = "baseline: most answers, this channel"
BM25 = "baseline: BM25 votes"
BM25_CHANNEL = "baseline: BM25 votes + this channel"

NAMES = (EVERYWHERE, THIS_CHANNEL, BM25, BM25_CHANNEL)
# Those that do not ask where a question was asked.
WITHOUT_CHANNEL = (EVERYWHERE, BM25)

_WORD = re.compile(r"[a-z][a-z0-9_+#.-]+")
_VOTERS = 100
_K1, _B = 1.2, 0.75
# Breaks ties, and fills the list up, by answers everywhere.
_FILL = 1e-3

Votes = Mapping[str, float]
_Counts = tuple[NDArray[np.int64], NDArray[np.float64]]


class Baselines:
    """What can be counted in a history."""

    def __init__(self, past: Sequence[Asked]) -> None:
        self._everywhere: Counter[str] = Counter()
        self._here: dict[str, Counter[str]] = defaultdict(Counter)
        for asked in past:
            self._everywhere.update(asked.answers.keys())
            self._here[asked.channel_id].update(asked.answers.keys())
        self._threads = _Threads(past)

    def answers_of(self, user_id: str) -> int:
        """How many questions somebody answered."""
        return self._everywhere[user_id]

    def rank(self, asked: Asked) -> dict[str, list[str]]:
        """Rank people for a question by each baseline, best first, not the asker."""
        here = self._here.get(asked.channel_id, Counter())
        votes = self._threads.votes(asked.text)
        ranked: dict[str, Votes] = {
            EVERYWHERE: self._everywhere,
            THIS_CHANNEL: _mixed(here, self._everywhere, _FILL),
            BM25: _mixed(votes, self._everywhere, _FILL),
            BM25_CHANNEL: _mixed(_mixed(votes, here, 1), self._everywhere, _FILL),
        }
        return {name: _best_first(v, asked.asker_id) for name, v in ranked.items()}


def _best_first(votes: Votes, asker_id: str) -> list[str]:
    """Order by votes; stable, so that ties stay in the order of first answers."""
    ordered = sorted(votes, key=lambda user: -votes[user])
    return [user for user in ordered if user != asker_id]


def _mixed(one: Votes, other: Votes, weight: float) -> dict[str, float]:
    """Add two counts, each over its largest."""
    mixed: dict[str, float] = {}
    for votes, share in ((one, 1.0), (other, weight)):
        top = max(votes.values(), default=1) or 1
        for user, n in votes.items():
            mixed[user] = mixed.get(user, 0.0) + share * n / top
    return mixed


def _words(mrkdwn: str) -> list[str]:
    return _WORD.findall(plain(mrkdwn).lower())


class _Threads:
    """Past threads by their words: the question's and its answers'."""

    def __init__(self, past: Sequence[Asked]) -> None:
        self._answerers = [tuple(asked.answers) for asked in past]
        postings: dict[str, list[tuple[int, int]]] = defaultdict(list)
        lengths = []
        for place, asked in enumerate(past):
            replies = (text for texts in asked.answers.values() for text in texts)
            words = [w for text in (asked.text, *replies) for w in _words(text)]
            for word, n in Counter(words).items():
                postings[word].append((place, n))
            lengths.append(len(words))
        self._postings: dict[str, _Counts] = {
            word: (
                np.array([place for place, _ in held], np.int64),
                np.array([n for _, n in held], np.float64),
            )
            for word, held in postings.items()
        }
        mean = sum(lengths) / max(len(lengths), 1)
        self._norm = _K1 * (1 - _B + _B * np.array(lengths, float) / max(mean, 1e-12))

    def votes(self, mrkdwn: str) -> dict[str, float]:
        """What the hundred threads most like a text vote for their answerers."""
        scores = np.zeros(len(self._answerers))
        for word in dict.fromkeys(_words(mrkdwn)):
            if word in self._postings:
                places, n = self._postings[word]
                worth = self._rarity(len(places)) * n * (_K1 + 1)
                scores[places] += worth / (n + self._norm[places])
        votes: dict[str, float] = {}
        for place in np.argsort(-scores, kind="stable")[:_VOTERS].tolist():
            for user in self._answerers[place] if scores[place] > 0 else ():
                votes[user] = votes.get(user, 0.0) + float(scores[place])
        return votes

    def _rarity(self, held: int) -> float:
        return math.log(1 + (len(self._answerers) - held + 0.5) / (held + 0.5))
