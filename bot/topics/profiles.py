"""What people talk about: a question is known by the company it keeps.

Whoever asks and whoever answers has a history. The words of all they wrote, but
for this very thread, raise the share of questions in topics of one true channel
from .63 to .66, and more where a burst counts once: unlike times, words of other
weeks cannot come from the same conversation.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from bot.corpus import NOBODY, Corpus, Floats, Ints
from bot.topics.space import Lexicon, taking_part, unit

_CHUNK = 20_000  # messages at once: 20,000 x 128 floats are 10 MB


@dataclass(frozen=True, slots=True)
class Profiles:
    """What the people of some questions talk about elsewhere.

    Attributes:
        persons: Sum of the vectors of all a person's messages (p x d).
        asker: Direction of the asker's, without the question's thread (q x d).
        others: The same for everybody else who takes part (q x d).
    """

    persons: Floats
    asker: Floats
    others: Floats


@dataclass(frozen=True, slots=True)
class _Pairs:
    """Each person in each question: numbers of both, and of a message's pair."""

    question: NDArray[np.int64]
    person: NDArray[np.int64]
    of_message: NDArray[np.int64]


def profile(corpus: Corpus, lexicon: Lexicon, questions: Ints) -> Profiles:
    """Describe the people of each question by what else they write."""
    pairs = _pairs(corpus, questions)
    persons, here = _summed(corpus, lexicon, pairs)
    elsewhere = unit(persons[pairs.person] - here)
    is_asker = corpus.person[questions][pairs.question] == pairs.person
    return Profiles(
        persons=persons,
        asker=_gathered(elsewhere, pairs.question, is_asker, len(questions)),
        others=_gathered(elsewhere, pairs.question, ~is_asker, len(questions)),
    )


def _pairs(corpus: Corpus, questions: Ints) -> _Pairs:
    part = taking_part(corpus, questions)
    part.sort_indices()
    question = np.repeat(np.arange(len(questions)), np.diff(part.indptr))
    person = part.indices.astype(np.int64)
    place = np.full(len(corpus.root), NOBODY, np.int64)
    place[corpus.thread[questions]] = np.arange(len(questions))
    width = len(corpus.people)
    wanted = place[corpus.thread] * width + corpus.person
    keys = question * width + person
    found = np.minimum(np.searchsorted(keys, wanted), max(len(keys) - 1, 0))
    held = (place[corpus.thread] != NOBODY) & (len(keys) > 0)
    return _Pairs(question, person, np.where(held, found, NOBODY))


def _summed(corpus: Corpus, lexicon: Lexicon, pairs: _Pairs) -> tuple[Floats, Floats]:
    """Sum the vectors of messages by person, and by pair within its thread."""
    column = np.searchsorted(corpus.vocabulary, lexicon.words)
    width = lexicon.components.shape[1]
    persons = np.zeros((len(corpus.people), width), np.float32)
    here = np.zeros((len(pairs.person), width), np.float32)
    for start in range(0, len(corpus), _CHUNK):
        rows = slice(start, start + _CHUNK)
        said = lexicon.project(corpus.terms[rows][:, column].tocsr())
        persons += _group(corpus.person[rows], len(persons)) @ said
        pair = pairs.of_message[rows]
        inside = np.flatnonzero(pair != NOBODY)
        here += _group(pair[inside], len(here)) @ said[inside]
    return persons, here


def _group(number: NDArray[np.integer], count: int) -> sparse.csr_array:
    """A matrix that sums rows by their number (count x rows)."""
    ones = np.ones(len(number), np.float32)
    return sparse.csr_array(
        (ones, (number, np.arange(len(number)))), shape=(count, len(number))
    )


def _gathered(
    rows: Floats,
    question: NDArray[np.int64],
    kept: NDArray[np.bool_],
    count: int,
) -> Floats:
    summed: Floats = _group(question[kept], count) @ rows[kept]
    return unit(summed)
