"""How well a name fits a topic's questions: what a reader of them would say.

Learnt from a reader's marks of 830 names of 100 topics, each beside twelve of the
topic's questions, in the first halves of two communities' histories; a logistic
regression, so that a value is the logarithm of the odds that the name is apt.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from math import log

import numpy as np
from scipy import sparse

from bot.corpus import NOBODY, Corpus, Floats, Ints
from bot.topics.candidate_names import Candidate
from bot.topics.contrast import asked
from bot.topics.space import unit
from bot.vectors.engine import Engine

# Names beyond the first so many of a topic, as words alone have them, are not embedded:
# none of them was chosen in either history.
MOST_READ = 12

# Of a share, one in fifty is as good as none.
_LEAST_SHARE = 0.02


@dataclass(frozen=True, slots=True)
class Weights:
    """What each feature of a name counts, in logarithms of odds.

    Attributes:
        bias: Of an ordinary word that everybody says and that has nothing else.
        share: Of the logarithm of the share of questions around which it is said.
        own: Of the logarithm of the share that say it themselves.
        name: Of being a name rather than an ordinary word.
        tells: Of the logarithm of how much it tells, as a part of the most telling.
        meaning: Of the cosine between its sentence vector and the topic's; of ordinary
            words alone, since no model knows what people call their tools.
        company: Of the cosine between the mean of all questions that say it and
            the topic's.
    """

    bias: float
    share: float
    own: float
    name: float
    tells: float = 0.0
    meaning: float = 0.0
    company: float = 0.0


BY_WORDS = Weights(bias=1.35, share=0.37, own=0.99, name=0.50, tells=0.61)
BY_MEANING = Weights(
    bias=-1.16, share=0.85, own=0.55, name=1.39, meaning=4.17, company=1.83
)


def rate(
    corpus: Corpus,
    groups: Sequence[Ints],
    told: Sequence[Sequence[Candidate]],
    engine: Engine | None,
) -> list[list[Candidate]]:
    """Say of each name how apt it is; the most apt first.

    Args:
        corpus: Everything heard.
        groups: Questions of each topic, rows of the corpus.
        told: Names that each could have.
        engine: What embeds names; without one, or for a topic whose questions have
            no vectors, words decide.
    """
    by_words = [_ordered([_by_words(name, names) for name in names]) for names in told]
    if engine is None or not len(corpus.vectors):
        return by_words
    read = [names[:MOST_READ] for names in by_words]
    directions = _Directions(corpus, groups)
    texts = sorted({name.text for names in read for name in names})
    vectors = dict(zip(texts, engine.embed(texts), strict=True))
    terms = sorted({name.term for names in read for name in names})
    company = dict(zip(terms, directions.of_terms(terms), strict=True))
    rated = []
    for group, names in enumerate(read):
        towards = directions.topics[group]
        if not towards.any():
            rated.append(by_words[group])
            continue
        likeness = [
            (float(vectors[name.text] @ towards), float(company[name.term] @ towards))
            for name in names
        ]
        rated.append(
            _ordered(
                [
                    replace(name, apt=_by_meaning(name, meaning, beside))
                    for name, (meaning, beside) in zip(names, likeness, strict=True)
                ]
            )
        )
    return rated


def _ordered(names: list[Candidate]) -> list[Candidate]:
    return sorted(names, key=lambda name: (-name.apt, name.text))


def _by_words(name: Candidate, names: Sequence[Candidate]) -> Candidate:
    most = max(other.score for other in names)
    own = BY_WORDS.tells * log(name.score / most)
    return replace(name, apt=own + _by_itself(name, BY_WORDS))


def _by_meaning(name: Candidate, meaning: float, company: float) -> float:
    own = 0.0 if name.is_name else BY_MEANING.meaning * meaning
    return own + BY_MEANING.company * company + _by_itself(name, BY_MEANING)


def _by_itself(name: Candidate, weights: Weights) -> float:
    return (
        weights.bias
        + weights.share * log(max(name.share, _LEAST_SHARE))
        + weights.own * log(max(name.own, _LEAST_SHARE))
        + weights.name * name.is_name
    )


class _Directions:
    """In which direction from the middle of all questions things lie (unit rows).

    Attributes:
        topics: Each topic (g x d); zeros where none of its questions has a vector.
    """

    def __init__(self, corpus: Corpus, groups: Sequence[Ints]) -> None:
        questions = asked(corpus, groups)
        rows = corpus.vector_row[questions]
        self._corpus = corpus
        self._questions = questions[rows != NOBODY]
        self._vectors = corpus.vectors[rows[rows != NOBODY]]
        self._middle = self._vectors.mean(axis=0)
        place = np.full(len(corpus), NOBODY, np.int64)
        place[self._questions] = np.arange(len(self._questions))
        held = [place[group][place[group] != NOBODY] for group in groups]
        start = np.cumsum([0, *(len(own) for own in held)])
        ones = np.ones(start[-1], np.float32)
        shape = len(groups), len(self._questions)
        self.topics = self._means(
            sparse.csr_array((ones, np.concatenate(held), start), shape=shape)
        )

    def of_terms(self, terms: Sequence[int]) -> Floats:
        """Where the questions that say each term lie (k x d)."""
        said = self._corpus.terms[self._questions][:, terms].T.tocsr()
        said.data = np.ones_like(said.data)
        return self._means(said)

    def _means(self, held: sparse.csr_array) -> Floats:
        many: Floats = np.asarray(held.sum(axis=1), np.float32)
        sums: Floats = held @ self._vectors
        return unit(sums - many[:, None] * self._middle)
