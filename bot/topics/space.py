"""Questions as vectors: what is said around them, what they mean, who takes part."""

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from bot.corpus import NOBODY, Corpus, Floats, Ints, Longs

Places = NDArray[np.integer]

DIMENSIONS = 128  # 64 and 256 find fewer true neighbours

# A term of fewer messages or people is noise or private; one of more is chatter.
MIN_MESSAGES = 4
MIN_PEOPLE = 3
MAX_MESSAGE_SHARE = 0.08
MIN_QUESTIONS = 3
MAX_QUESTION_SHARE = 0.15
# In a small workspace one subject is a good share of the talk: so many are never
# "too many".
ALWAYS_ALLOWED = 50

# Against the words around a question: its sentence vector, and the histories of
# those who ask and answer.
MEANING_WEIGHT = 1.0
ASKER_WEIGHT = 0.4
OTHERS_WEIGHT = 0.4
# Shared people near in time. Up to .3 topics grow purer, also where a burst counts
# once; at .4 and more it is bursts that become topics.
PEOPLE_WEIGHT = 0.3
PEOPLE_FADE_S = 7 * 86400.0
PEOPLE_SCALE = 2.0

_OVERSAMPLING = 32
_POWER_ITERATIONS = 4
_SEED = 20201  # any fixed number: the same messages give the same topics


@dataclass(frozen=True, slots=True)
class Lexicon:
    """The words that tell topics apart, frozen so that new questions fit in.

    Attributes:
        words: Term hashes, in the order in which they were first said (v, int64).
        idf: Weight of each (v, float32).
        components: What each adds to a vector (v x d, float32).
        ascending: Places of the words, by hash (v).
    """

    words: Longs
    idf: Floats
    components: Floats
    ascending: NDArray[np.intp]

    def find(self, hashes: Longs) -> tuple[NDArray[np.bool_], NDArray[np.intp]]:
        """Say which terms are known, and the places of those."""
        if not len(self.words):
            return np.zeros(len(hashes), np.bool_), np.zeros(0, np.intp)
        place = np.searchsorted(self.words, hashes, sorter=self.ascending)
        place = self.ascending[np.minimum(place, len(self.words) - 1)]
        known = self.words[place] == hashes
        return known, place[known]

    def project(self, counts: sparse.csr_array) -> Floats:
        """Turn weighted counts (r x v) into unit vectors (r x d)."""
        return unit((_weighted(counts, self.idf) @ self.components).astype(np.float32))


@dataclass(frozen=True, slots=True)
class Space:
    """Questions by what they say, mean, and who takes part.

    Attributes:
        questions: Rows of the corpus (q, int32).
        vectors: Unit vectors (q x d, float32).
        people: Asker, repliers and those mentioned, scaled so that a product of
            two rows is the weight of the people they share (q x p, CSR float32).
        at: When each was asked, seconds (q, float64).
    """

    questions: Ints
    vectors: Floats
    people: sparse.csr_array
    at: NDArray[np.float64]

    def __len__(self) -> int:
        return len(self.questions)

    def similar(self, rows: slice) -> Floats:
        """How alike each of some questions is to every question."""
        alike: Floats = self.vectors[rows] @ self.vectors.T
        # Most questions share nobody: only the pairs that do are looked at.
        shared = (self.people[rows] @ self.people.T).tocoo()
        apart = np.abs(self.at[rows][shared.row] - self.at[shared.col])
        near = shared.data * np.exp(-apart / PEOPLE_FADE_S)
        alike[shared.row, shared.col] += PEOPLE_WEIGHT * np.tanh(PEOPLE_SCALE * near)
        return alike

    @property
    def presence(self) -> NDArray[np.int64]:
        """In how many questions each person takes part (p)."""
        return np.bincount(self.people.indices, minlength=self.people.shape[1])

    def moved(self, vectors: Floats) -> "Space":
        """The same questions at other places."""
        return replace(self, vectors=vectors)


def unit(rows: Floats) -> Floats:
    """Scale rows to length one; an empty row stays empty."""
    length = np.linalg.norm(rows, axis=1, keepdims=True)
    scaled: Floats = (rows / np.maximum(length, 1e-9)).astype(np.float32)
    return scaled


def telling_terms(corpus: Corpus) -> NDArray[np.bool_]:
    """Mark the terms that several people used, and not everybody."""
    messages = np.bincount(corpus.terms.indices, minlength=len(corpus.vocabulary))
    most = max(ALWAYS_ALLOWED, MAX_MESSAGE_SHARE * len(corpus))
    said = people_by_term(corpus)
    marked: NDArray[np.bool_] = (
        (messages >= MIN_MESSAGES) & (messages <= most) & (said >= MIN_PEOPLE)
    )
    return marked


def people_by_term(corpus: Corpus) -> NDArray[np.int64]:
    """Count the people who used each term (v)."""
    person = np.repeat(corpus.person, np.diff(corpus.terms.indptr)).astype(np.int64)
    pairs = np.unique(corpus.terms.indices.astype(np.int64) * 2**31 + person)
    return np.bincount(pairs >> 31, minlength=len(corpus.vocabulary))


def first_said(corpus: Corpus) -> NDArray[np.int64]:
    """Number the terms in the order in which they were first said (v).

    Hashes have a key of the workspace: an order that is theirs would make topics
    differ between two workspaces in which the very same was said.
    """
    place = np.zeros(len(corpus.vocabulary), np.int64)
    said = corpus.terms.indices[::-1]
    place[said] = np.arange(len(said))[::-1]  # of several, the last one stays
    return place


def learn_lexicon(corpus: Corpus, around: sparse.csr_array) -> tuple[Lexicon, Floats]:
    """Learn which words tell questions apart, and where each question stands.

    Args:
        corpus: Everything heard (n messages).
        around: How much each message says of each question (q x n).
    """
    held = np.flatnonzero(telling_terms(corpus))
    held = held[np.argsort(first_said(corpus)[held])]
    counts = (around @ corpus.terms[:, held]).tocsr()
    total = counts.shape[0]
    found = np.bincount(counts.indices, minlength=len(held))
    most = max(ALWAYS_ALLOWED, MAX_QUESTION_SHARE * total)
    kept = np.flatnonzero((found >= MIN_QUESTIONS) & (found <= most))
    idf = np.log((total + 1) / (found[kept] + 1)).astype(np.float32)
    weighted = _weighted(counts[:, kept], idf)
    components = _components(weighted)
    words = corpus.vocabulary[held[kept]]
    lexicon = Lexicon(words, idf, components, np.argsort(words))
    return lexicon, unit((weighted @ components).astype(np.float32))


def _weighted(counts: sparse.csr_array, idf: Floats) -> sparse.csr_array:
    weighted: sparse.csr_array = counts.astype(np.float32)
    weighted.sort_indices()  # sums are rounded in this order
    weighted.data = np.log1p(weighted.data) * idf[weighted.indices]
    row = np.repeat(np.arange(weighted.shape[0]), np.diff(weighted.indptr))
    length = np.sqrt(
        np.bincount(row, weighted.data.astype(float) ** 2, weighted.shape[0])
    )
    weighted.data /= np.maximum(length, 1e-9)[row]
    return weighted


def _components(weighted: sparse.csr_array) -> Floats:
    """Right singular vectors (v x d) by randomised subspace iteration.

    Source: Halko, Martinsson, Tropp, "Finding structure with randomness" (2011),
    algorithm 4.4.
    """
    rank = min(DIMENSIONS, *weighted.shape)
    width = min(rank + _OVERSAMPLING, *weighted.shape)
    if rank == 0:
        return np.zeros((weighted.shape[1], 0), np.float32)
    start = np.random.default_rng(_SEED).standard_normal((weighted.shape[1], width))
    basis = start.astype(np.float32)
    transposed = weighted.T.tocsr()
    for _ in range(_POWER_ITERATIONS):
        left, _ = np.linalg.qr(weighted @ basis)
        basis = transposed @ left
    # The small side tells the directions: no factorisation of v x d is needed.
    value, turn = np.linalg.eigh(basis.T.astype(np.float64) @ basis)
    value, turn = value[::-1][:rank], turn[:, ::-1][:, :rank]
    components: Floats = basis @ (turn / np.sqrt(np.maximum(value, 1e-12))).astype(
        np.float32
    )
    return components


def meaning_of(corpus: Corpus, questions: Ints) -> Floats:
    """Sentence vectors, zeros where none is held (q x d; d is 0 without any)."""
    row = corpus.vector_row[questions]
    if corpus.vectors.size == 0:
        return np.zeros((len(questions), 0), np.float32)
    held: Floats = np.where(
        (row == NOBODY)[:, None], 0, corpus.vectors[np.maximum(row, 0)]
    ).astype(np.float32)
    return held


def compose(words: Floats, meaning: Floats, asker: Floats, others: Floats) -> Floats:
    """Put side by side what is said, what it means, and who says it."""
    return unit(
        np.hstack(
            [
                words,
                meaning * np.float32(np.sqrt(MEANING_WEIGHT)),
                asker * np.float32(np.sqrt(ASKER_WEIGHT)),
                others * np.float32(np.sqrt(OTHERS_WEIGHT)),
            ]
        )
    )


def taking_part(corpus: Corpus, questions: Ints) -> sparse.csr_array:
    """Who takes part in each question (q x p, CSR of ones)."""
    place = np.full(len(corpus.root), NOBODY, np.int64)
    place[corpus.thread[questions]] = np.arange(len(questions))
    spoken = np.flatnonzero(place[corpus.thread] != NOBODY)
    row, column = place[corpus.thread[spoken]], corpus.person[spoken]
    said = sparse.csr_array(
        (np.ones(len(row), np.float32), (row, column)),
        shape=(len(questions), len(corpus.people)),
    )
    both: sparse.csr_array = (said + corpus.mentions[questions]).tocsr()
    both.data[:] = 1
    return both


def scaled_people(corpus: Corpus, questions: Ints) -> sparse.csr_array:
    """Weigh those who take part: people who are everywhere tell little."""
    part = taking_part(corpus, questions)
    asked = np.bincount(corpus.person[questions], minlength=len(corpus.people))
    part.data = (1 / np.sqrt(np.log(2 + asked)))[part.indices].astype(np.float32)
    return part
