"""How alike two questions are, feature by feature."""

import numpy as np
import pytest

from bot.corpus import Fact, Floats
from bot.ranking.alike import CLOSE, Pairs, Scale, measure
from bot.ranking.index import build as lay_out
from bot.ranking.view import look
from bot.text import terms
from tests.talk import HASH, corpus_of, fact

AXIS = "Does the plotting library support a logarithmic axis on charts?"
ANSWER = "Since last week it does, by the scale keyword."
UNIT: Floats = np.array([1.0, 0.0], np.float32)


def hashed(text: str) -> tuple[int, ...]:
    return tuple(HASH(t.kind, t.key) for t in terms(text))


def features(
    text: str, *, cosine: float = 0.9, said: tuple[str, ...] = (ANSWER,), by: str = "U2"
) -> dict[str, float] | None:
    """Compare a new question with an earlier one that was answered."""
    asked = fact(AXIS, "U1", 0, vector=UNIT)
    held: list[Fact] = [asked]
    held += [fact(t, by, 10.0 + i, thread_ts=asked.ts) for i, t in enumerate(said)]
    held += [
        fact(f"Who waters the plants, part {i}?", "U3", 100.0 + i) for i in range(9)
    ]
    index = lay_out(corpus_of(held))
    scale, pairs = measure(look(index, None)), Pairs(index)
    (thread,) = np.flatnonzero(np.array(index.corpus.root_ts) == asked.ts)
    return pairs.features(scale, pairs.new(scale, hashed(text)), int(thread), cosine)


def test_what_is_not_close_or_shares_too_few_words_does_not_count() -> None:
    mean, deviation = 0.1, 0.11  # of a workspace too small to measure

    assert features(AXIS, cosine=mean + (CLOSE - 0.01) * deviation) is None
    assert features(AXIS, cosine=mean + (CLOSE + 0.01) * deviation) is not None
    assert features("Is this supported?") is None


def test_the_same_words_are_covered_whole_and_nothing_is_missing() -> None:
    found = features(AXIS)

    assert found is not None
    assert found["covered"] == found["telling"] == pytest.approx(1.0)
    assert found["missing"] == found["taken_up"] == 0.0


@pytest.mark.parametrize("word", ["plants", "quaternion"])
def test_what_only_the_new_question_has_is_missing(word: str) -> None:
    found, same = features(f"{AXIS} And {word}?"), features(AXIS)

    assert found is not None
    assert same is not None
    assert found["missing"] > 0.0
    assert found["covered"] < same["covered"]


def test_a_word_nobody_has_used_is_the_rarest() -> None:
    unheard, heard = features(f"{AXIS} quaternion"), features(f"{AXIS} plants")

    assert unheard is not None
    assert heard is not None
    assert unheard["missing"] > heard["missing"]


def test_a_word_that_only_the_answers_have_is_taken_up() -> None:
    found = features(f"{AXIS} keyword")

    assert found is not None
    assert found["taken_up"] > 0.0
    assert found["taken_up"] == found["missing"]


def test_common_words_make_less_of_a_difference_to_what_is_telling() -> None:
    found = features(f"{AXIS} And who waters the plants?")

    assert found is not None
    assert found["covered"] < found["telling"] < 1.0


def test_the_longer_the_replies_the_more_was_replied() -> None:
    short, long = features(AXIS), features(AXIS, said=(ANSWER, "Also on the dials."))

    assert short is not None
    assert long is not None
    assert long["replies"] > short["replies"] > 0.0


def test_a_term_weighs_less_the_more_threads_hold_it() -> None:
    frequency = np.array([0.0, 1.0, 5.0, 10.0])
    scale = Scale(frequency, np.array([True, True, True, False]), 10.0, 0.1, 0.11)

    weight = scale.rarity(np.arange(4, dtype=np.int32))

    assert weight[0] == pytest.approx(1.0)
    assert weight[0] > weight[1] > weight[2] > weight[3] == 0.0
    # The new question is one more thread, and the only one with this word.
    assert scale.once < weight[0]


def test_a_word_that_both_questions_have_is_not_taken_up() -> None:
    found = features(AXIS, said=("A logarithmic axis is planned.",))

    assert found is not None
    assert found["taken_up"] == 0.0


def test_only_what_others_wrote_is_an_answer() -> None:
    text = f"{AXIS} keyword"
    others, own = features(text), features(text, by="U1")

    assert others is not None
    assert own is not None
    assert others["taken_up"] > own["taken_up"] == 0.0
    assert own["replies"] == 0.0
