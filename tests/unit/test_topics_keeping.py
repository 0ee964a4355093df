"""What a person decided about a topic, beside what a pass finds."""

import numpy as np
import pytest

from bot.topic_pass import _left, keys_of
from bot.topics import Found, Held
from bot.topics.keeping import keep
from tests.talk import corpus_of, fact


def qs(start: int, stop: int) -> list[int]:
    return list(range(start, stop))


def locked(*numbers: int) -> Held:
    return Held(frozenset(numbers), is_locked=True)


def free(*numbers: int) -> Held:
    return Held(frozenset(numbers))


def test_a_cluster_that_is_a_locked_topic_again_goes_to_it_whole() -> None:
    found = keep({7: locked(*qs(0, 10))}, [qs(2, 14)])

    assert found.claimed == {0: 7}
    assert found.free == {}


def test_two_clusters_of_a_merged_topic_both_go_to_it() -> None:
    found = keep({7: locked(*qs(0, 20))}, [qs(0, 9), qs(9, 25)])

    assert found.claimed == {0: 7, 1: 7}


def test_a_topic_that_grew_past_a_locked_one_stays_with_it() -> None:
    assert keep({7: locked(*qs(0, 6))}, [qs(0, 30)]).claimed == {0: 7}


@pytest.mark.parametrize(
    ("shared", "is_again"),
    [
        pytest.param(5, True, id="half of the topic"),
        pytest.param(4, False, id="less than half"),
    ],
)
def test_half_of_the_smaller_makes_it_the_same_again(
    shared: int, *, is_again: bool
) -> None:
    cluster = [*qs(0, shared), *qs(100, 130)]

    assert (keep({7: locked(*qs(0, 10))}, [cluster]).claimed == {0: 7}) is is_again


def test_a_small_locked_topic_does_not_take_over_a_large_free_one() -> None:
    found = keep({7: locked(*qs(0, 5)), 8: free(*qs(5, 40))}, [qs(0, 40)])

    assert found.claimed == {}
    assert found.free == {0: tuple(range(5, 40))}


def test_of_two_parts_in_one_cluster_each_keeps_its_own() -> None:
    held = {7: locked(*qs(0, 10)), 8: locked(*qs(10, 18))}

    assert keep(held, [qs(0, 20)]).claimed == {0: 7}


def test_what_nobody_decided_about_is_left_alone() -> None:
    found = keep({7: free(*qs(0, 10))}, [qs(0, 10), qs(20, 30)])

    assert found.claimed == {}
    assert found.free == {0: tuple(range(10)), 1: tuple(range(10))}


@pytest.mark.parametrize(
    ("askers", "left"),
    [
        pytest.param("aaaaaabbbb", 0, id="the others' questions are kept elsewhere"),
        pytest.param("aaaabbbbbb", 6, id="two people's are left"),
    ],
)
def test_what_a_kept_topic_leaves_of_a_cluster_is_no_topic_of_one_person(
    askers: str, left: int
) -> None:
    corpus = corpus_of(
        [fact("an oven?", asker, float(i)) for i, asker in enumerate(askers)]
    )
    rows = np.arange(10, dtype=np.int32)
    keys = keys_of(corpus, rows)
    kept = Held(frozenset([*keys[6:], *range(10)]), is_locked=True)
    cluster = Found(rows, strength=1.0, score=1.0)

    found, claimed = _left({7: kept}, corpus, [cluster])

    assert claimed == {}
    assert sum(len(one.rows) for one in found) == left
