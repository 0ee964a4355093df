"""The questions of a workspace, each at its place."""

from dataclasses import dataclass

import numpy as np

from bot.corpus import Corpus, Floats, Ints
from bot.topics.context import gather
from bot.topics.profiles import profile
from bot.topics.space import (
    Lexicon,
    Space,
    compose,
    learn_lexicon,
    meaning_of,
    scaled_people,
)

# A pass compares every question with every other: 20,000 take half a minute on
# one core. Older ones keep the topic they have.
NEWEST = 20_000


def question_rows(corpus: Corpus, *, until: float, newest: int = NEWEST) -> Ints:
    """Rows of the questions that open a thread, the newest ones.

    Args:
        corpus: Everything heard.
        until: Seconds since 1970; what was asked later is left out.
        newest: How many at most.
    """
    opens = corpus.root[corpus.thread] == np.arange(len(corpus))
    asked = corpus.is_question & opens & (corpus.at <= until)
    return np.flatnonzero(asked).astype(np.int32)[-newest:]


@dataclass(frozen=True, slots=True)
class Layout:
    """Questions at their places, and what is needed to place another one.

    Attributes:
        lexicon: The words that count.
        space: The questions.
        told: The same by what is said alone, without anybody's history.
        persons: What each person talks about (p x d).
    """

    lexicon: Lexicon
    space: Space
    told: Space
    persons: Floats


def lay_out(corpus: Corpus, questions: Ints) -> Layout:
    """Place questions by their words, their meaning and their people."""
    lexicon, words = learn_lexicon(corpus, gather(corpus, questions))
    known = profile(corpus, lexicon, questions)
    meaning = meaning_of(corpus, questions)
    space = Space(
        questions=questions,
        vectors=compose(words, meaning, known.asker, known.others),
        people=scaled_people(corpus, questions),
        at=corpus.at[questions],
    )
    nobody = np.zeros((len(questions), 0), np.float32)
    told = space.moved(compose(words, meaning, nobody, nobody))
    return Layout(lexicon, space, told, known.persons)
