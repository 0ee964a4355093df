"""Invented workspaces of any size, as columns: questions with three replies each."""

import numpy as np
from scipy import sparse

from bot.corpus import NOBODY, Corpus, Floats
from bot.text import KIND_BITS, Kind

MESSAGES_A_QUESTION = 4
WORDS_A_MESSAGE = 12
DIMENSIONS = 384
_WORDS = 20_000
_PEOPLE = 2_000
_CHANNELS = 200
_SUBJECTS = 2_000
_BEGIN, _MINUTE = 1_600_000_000, 60
_ROWS_AT_ONCE = 50_000


def workspace(questions: int) -> Corpus:
    """Make a workspace of so many questions, the same one each time."""
    chance = np.random.default_rng(1)
    n = questions * MESSAGES_A_QUESTION
    row = np.arange(n, dtype=np.int32)
    root = np.arange(0, n, MESSAGES_A_QUESTION, dtype=np.int32)
    ts = [f"{_BEGIN + i * _MINUTE}.000000" for i in range(n)]
    # Threads are numbered by channel, then time, as a corpus of facts numbers them.
    channel_of = (np.arange(questions) % _CHANNELS).astype(np.int32)
    order = np.lexsort((root, channel_of))
    number = np.empty(questions, np.int32)
    number[order] = np.arange(questions, dtype=np.int32)
    vector_row = np.full(n, NOBODY, np.int32)
    vector_row[root] = np.arange(questions, dtype=np.int32)
    return Corpus(
        people=tuple(f"U{i:05}" for i in range(_PEOPLE)),
        channels=tuple(f"C{i:04}" for i in range(_CHANNELS)),
        ts=tuple(ts),
        person=chance.integers(_PEOPLE, size=n, dtype=np.int32),
        channel=np.repeat(channel_of, MESSAGES_A_QUESTION),
        thread=np.repeat(number, MESSAGES_A_QUESTION),
        at=_BEGIN + row.astype(np.float64) * _MINUTE,
        is_question=row % MESSAGES_A_QUESTION == 0,
        is_thanks=np.zeros(n, np.bool_),
        root=root[order],
        root_ts=tuple(ts[i] for i in root[order].tolist()),
        thread_channel=channel_of[order],
        vocabulary=(np.arange(_WORDS, dtype=np.int64) << KIND_BITS) | Kind.WORD,
        terms=_terms(n, chance),
        mentions=_nobody(n),
        vectors=vectors(questions, chance),
        vector_row=vector_row,
    )


def _nobody(n: int) -> sparse.csr_array:
    none = np.empty(0, np.int32)
    starts = np.zeros(n + 1, np.int64)
    return sparse.csr_array((none.astype("f4"), none, starts), shape=(n, _PEOPLE))


def _terms(n: int, chance: np.random.Generator) -> sparse.csr_array:
    """Few words are common and most are rare, as in talk (Zipf)."""
    share = 1 / np.arange(1, _WORDS + 1)
    below = np.cumsum(share / share.sum())
    words = np.empty(n * WORDS_A_MESSAGE, np.int32)
    for start in range(0, len(words), _ROWS_AT_ONCE * WORDS_A_MESSAGE):
        part = words[start : start + _ROWS_AT_ONCE * WORDS_A_MESSAGE]
        part[:] = np.searchsorted(below, chance.random(len(part), np.float32))
    starts = np.arange(0, len(words) + 1, WORDS_A_MESSAGE, dtype=np.int64)
    counts = np.ones(len(words), np.float32)
    np.minimum(words, _WORDS - 1, out=words)
    terms = sparse.csr_array((counts, words, starts), shape=(n, _WORDS))
    terms.sum_duplicates()
    return terms


def vectors(n: int, chance: np.random.Generator) -> Floats:
    """Unit rows around subjects, the axes as unequal as sentence vectors' are."""
    spread = ((np.arange(DIMENSIONS) + 8.0) ** -0.5).astype(np.float32)
    centres = chance.standard_normal((_SUBJECTS, DIMENSIONS), np.float32) * spread
    rows = np.empty((n, DIMENSIONS), np.float32)
    for start in range(0, n, _ROWS_AT_ONCE):
        part = rows[start : start + _ROWS_AT_ONCE]
        part[:] = chance.standard_normal(part.shape, np.float32) * spread
        part += centres[chance.integers(_SUBJECTS, size=len(part))]
        part /= np.linalg.norm(part, axis=1, keepdims=True)
    return rows
