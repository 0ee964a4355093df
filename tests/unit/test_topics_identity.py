import pytest

from bot.topics import Held, plan


def qs(*numbers: int) -> frozenset[int]:
    return frozenset(numbers)


def many(start: int, stop: int) -> frozenset[int]:
    return frozenset(range(start, stop))


def test_a_topic_that_grew_keeps_its_id() -> None:
    made = plan({7: Held(many(0, 10))}, [many(0, 14)])

    assert made.keep == {0: 7}
    assert (made.mint, made.merge, made.retire, made.rename) == (
        (),
        {},
        (),
        frozenset(),
    )


def test_a_new_cluster_becomes_a_new_topic() -> None:
    made = plan({7: Held(many(0, 10))}, [many(0, 10), many(20, 30)])

    assert made.mint == (1,)
    assert made.split_from == {}


def test_a_topic_without_questions_left_is_retired() -> None:
    made = plan({7: Held(many(0, 10)), 8: Held(many(50, 60))}, [many(0, 10)])

    assert made.retire == (8,)


def test_two_topics_in_one_cluster_merge_into_the_nearer_one() -> None:
    made = plan({7: Held(many(0, 10)), 8: Held(many(10, 16))}, [many(0, 16)])

    assert made.keep == {0: 7}
    assert made.merge == {8: 7}
    assert made.retire == ()


def test_a_topic_that_falls_in_two_keeps_its_id_for_the_larger_part() -> None:
    made = plan({7: Held(many(0, 20))}, [many(0, 8), many(8, 20)])

    assert made.keep == {1: 7}
    assert made.mint == (0,)
    assert made.split_from == {0: 7}


def test_a_topic_that_a_person_named_comes_first() -> None:
    held = {7: Held(many(0, 10)), 8: Held(many(10, 16), is_locked=True)}

    made = plan(held, [many(0, 16)])

    assert made.keep == {0: 8}
    assert made.merge == {7: 8}


def test_a_topic_that_a_person_named_is_neither_merged_nor_retired() -> None:
    held = {7: Held(many(0, 10)), 8: Held(many(50, 60), is_locked=True)}

    made = plan(held, [many(0, 10)])

    assert (made.stay, made.retire, made.merge) == ((8,), (), {})


@pytest.mark.parametrize(
    ("cluster", "renamed"),
    [
        pytest.param(many(0, 20), False, id="half is what it was"),
        pytest.param(many(0, 21), True, id="more than half is new"),
    ],
)
def test_a_name_stays_while_half_of_what_it_names_does(
    cluster: frozenset[int], *, renamed: bool
) -> None:
    assert (0 in plan({7: Held(many(0, 10))}, [cluster]).rename) is renamed


def test_a_name_that_a_person_gave_always_stays() -> None:
    made = plan({7: Held(many(0, 10), is_locked=True)}, [many(0, 40)])

    assert made.keep == {0: 7}
    assert made.rename == frozenset()


@pytest.mark.parametrize(
    ("shared", "kept"),
    [
        pytest.param(5, True, id="half of the smaller one"),
        pytest.param(4, False, id="less than half"),
    ],
)
def test_a_cluster_needs_enough_in_common_to_be_the_same_topic(
    shared: int, *, kept: bool
) -> None:
    cluster = many(10 - shared, 40)

    assert (plan({7: Held(many(0, 10))}, [cluster]).keep == {0: 7}) is kept


def test_an_id_is_given_once() -> None:
    made = plan({7: Held(many(0, 10))}, [qs(*range(5)), qs(*range(5, 10))])

    assert list(made.keep.values()) == [7]


def test_the_order_of_clusters_does_not_decide() -> None:
    held = {7: Held(many(0, 10)), 8: Held(many(10, 20))}

    made = plan(held, [many(10, 21), many(0, 9)])

    assert made.keep == {0: 8, 1: 7}


def test_nothing_held_and_nothing_found_is_no_work() -> None:
    made = plan({}, [])

    assert (made.keep, made.mint, made.retire, made.stay) == ({}, (), (), ())


def test_an_empty_topic_that_nobody_named_is_retired() -> None:
    assert plan({7: Held(frozenset())}, [many(0, 5)]).retire == (7,)
