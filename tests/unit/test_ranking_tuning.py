"""A workspace's votes move the ranking's weights, a little and for nobody's gain."""

import pytest

from bot.ranking.tuning import BOUND, Judged, contrast, tune

NAMES = ("topic", "here", "days")
LIKES_TOPIC = {"topic": 1.0, "here": -0.5, "days": 0.0}


def votes(
    n: int, *, helpful: bool = True, voter: str = "", about: str = ""
) -> list[Judged]:
    """As many votes, of different people on different people unless told otherwise."""
    return [
        Judged(voter or f"V{i}", about or f"P{i}", helpful, LIKES_TOPIC)
        for i in range(n)
    ]


def test_without_votes_the_weights_stay_as_shipped() -> None:
    assert tune([], NAMES) == {"topic": 1.0, "here": 1.0, "days": 1.0}


@pytest.mark.parametrize("helpful", [True, False])
def test_votes_move_what_spoke_for_those_they_are_about(helpful: bool) -> None:  # noqa: FBT001 - a case
    factors = tune(votes(10, helpful=helpful), NAMES)

    assert (factors["topic"] > 1.0) is helpful
    assert (factors["here"] < 1.0) is helpful
    assert factors["days"] == 1.0


def test_more_votes_move_further_and_never_beyond_the_bound() -> None:
    moved = [tune(votes(n), NAMES)["topic"] for n in (1, 10, 1_000)]

    assert moved == sorted(moved)
    assert moved[0] < 1.03
    assert moved[2] == pytest.approx(1.0 + BOUND)
    assert all(1 - BOUND <= f <= 1 + BOUND for f in tune(votes(1_000), NAMES).values())


def test_many_votes_of_or_on_one_person_count_like_three() -> None:
    three = tune(votes(3), NAMES)["topic"]

    for many in (votes(300, voter="U1"), votes(300, about="U1")):
        assert tune(many, NAMES)["topic"] == pytest.approx(three, abs=0.001)


def test_praise_of_oneself_does_not_count_and_saying_not_me_does() -> None:
    praise = votes(3, voter="U1", about="U1")
    not_me = votes(3, helpful=False, voter="U1", about="U1")

    assert tune(praise, NAMES)["topic"] == 1.0
    assert tune(not_me, NAMES)["topic"] < 1.0


def test_one_extreme_value_counts_like_a_strong_one() -> None:
    def of(x: float) -> float:
        return tune([Judged("V", "P", False, {"topic": x})], NAMES)["topic"]  # noqa: FBT003 - a vote

    assert of(1e9) == of(3.0) < of(1.0)


def test_a_contrast_is_with_the_average_of_the_others() -> None:
    own, others = {"topic": 2.0}, [{"topic": 1.0}, {"topic": 0.0}]

    assert contrast(own, others) == {"topic": 1.5}
    assert contrast(own, []) == {"topic": 0.0}
