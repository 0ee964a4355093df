from dataclasses import replace

import numpy as np
import pytest

from bot.corpus import Corpus, Floats
from bot.topics import discover
from bot.topics.cohesion import Meanings
from tests.talk import corpus_of, end_of, fact, workspace

_CHANCE = np.random.default_rng(7)
_SUBJECT = _CHANCE.standard_normal(48)


def pointing(share: float) -> Floats:
    """A vector that lies towards one subject by this share."""
    own = (1 - share) * _CHANCE.standard_normal(48) + share * _SUBJECT
    return (own / np.linalg.norm(own)).astype(np.float32)


def asked(*shares: float | None) -> Corpus:
    """A question for each share; None for one without a vector."""
    return corpus_of(
        replace(
            fact(f"why {i}?", "U1", i * 60.0),
            vector=None if share is None else pointing(share),
        )
        for i, share in enumerate(shares)
    )


@pytest.mark.parametrize(
    ("shares", "agrees"),
    [
        pytest.param([0.6] * 8 + [0.0] * 80, True, id="one subject"),
        pytest.param([0.0] * 88, False, id="this and that"),
        pytest.param([0.6] * 2 + [0.0] * 86, False, id="two of them alone agree"),
        pytest.param([None] * 88, True, id="no vectors"),
        pytest.param([None] * 6 + [0.0] * 82, True, id="hardly a vector in it"),
        pytest.param([0.0] * 30, True, id="no others to compare with"),
        pytest.param([0.6] * 8 + [0.6] * 80, False, id="as everything else is"),
    ],
)
def test_a_cluster_is_about_something_if_its_questions_mean_alike(
    shares: list[float | None], *, agrees: bool
) -> None:
    corpus = asked(*shares)
    meanings = Meanings(corpus, np.arange(len(corpus), dtype=np.int32))

    assert meanings.agree(np.arange(8)) is agrees


def test_what_means_this_and_that_is_no_topic() -> None:
    def topics(share: float) -> int:
        held = []
        for text, one in workspace():
            own = share if "oven" in text else 0.0
            held.append(replace(one, vector=pointing(own) if one.is_question else None))
        corpus = corpus_of(held)
        ovens = {one.ts for text, one in workspace() if "oven" in text}
        found = discover(corpus, now=end_of())
        return sum(corpus.ts[row] in ovens for one in found for row in one.rows)

    assert topics(0.6) > 20
    assert topics(0.0) == 0
