"""Whether the questions of a cluster agree in what they mean."""

import numpy as np

from bot.corpus import Corpus, Flags, Ints
from bot.topics.candidates import Members
from bot.topics.space import meaning_of, unit

# Mean cosine of two questions of a cluster, as seen from the middle of all others.
# Readers of 398 topics found 45 to be of no one subject: three fifths of these lie
# below, and one in twelve and in twenty-five of the others of either history.
AGREES = 0.055

# With fewer others there is no middle to look from.
_LEAST_OTHERS = 50
_LEAST_HELD = 3  # vectors, of a cluster


class Meanings:
    """What questions mean, by their sentence vectors."""

    def __init__(self, corpus: Corpus, questions: Ints) -> None:
        self._meaning = meaning_of(corpus, questions)
        self._held: Flags = np.asarray(self._meaning.any(axis=1))
        self._sum = self._meaning.sum(axis=0, dtype=np.float64)

    def agree(self, members: Members) -> bool:
        """Say whether a cluster is about something; without vectors, that it may be.

        Args:
            members: Places among the questions.
        """
        own = self._meaning[members[self._held[members]]]
        others = int(self._held.sum()) - len(own)
        if len(own) < _LEAST_HELD or others < _LEAST_OTHERS:
            return True
        middle = (self._sum - own.sum(axis=0, dtype=np.float64)) / others
        total = unit(own - middle.astype(np.float32)).sum(axis=0, dtype=np.float64)
        pairs = len(own) * (len(own) - 1)
        return float(total @ total - len(own)) / pairs >= AGREES
