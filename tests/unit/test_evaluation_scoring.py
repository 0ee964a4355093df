"""Figures of an evaluation, by hand."""

import pytest

from bot.evaluation.scoring import (
    Compared,
    Detection,
    Ranking,
    Speed,
    first_right,
    gain,
    interval,
)
from bot.evaluation.topic_scores import Hidden, Truth, purity, score

PEOPLE = [f"U{n}" for n in range(12)]


@pytest.mark.parametrize(
    ("ranked", "right", "place"),
    [
        pytest.param(PEOPLE, {"U0"}, 0, id="the first"),
        pytest.param(PEOPLE, {"U9", "U4"}, 4, id="the better of two"),
        pytest.param(PEOPLE, {"U9"}, 9, id="the tenth still counts"),
        pytest.param(PEOPLE, {"U10"}, None, id="the eleventh does not"),
        pytest.param([], {"U0"}, None, id="nobody was named"),
    ],
)
def test_a_question_counts_by_its_first_right_person(
    ranked: list[str], right: set[str], place: int | None
) -> None:
    assert first_right(ranked, right) == place


def test_a_perfect_ranking_scores_one() -> None:
    perfect = Ranking("perfect", (0,) * 40)

    assert perfect.mrr == 1
    assert [perfect.hit(k) for k in (1, 3, 5)] == [1, 1, 1]
    assert interval(perfect.reciprocal).as_json() == [1, 1]


def test_a_reversed_ranking_of_four_scores_a_quarter() -> None:
    backwards = Ranking("backwards", (3,) * 40)

    assert backwards.mrr == 0.25
    assert [backwards.hit(k) for k in (1, 3, 5)] == [0, 0, 1]


def test_a_question_without_a_right_person_counts_as_nothing() -> None:
    ranking = Ranking("half", (0, None, 1, None))

    assert ranking.mrr == pytest.approx((1 + 0.5) / 4)
    assert ranking.hit(1) == 0.25


def test_part_of_the_questions_can_be_looked_at_apart() -> None:
    ranking = Ranking("some", (0, None, 1)).only([True, False, True])

    assert ranking.places == (0, 1)


def test_an_interval_holds_the_mean_and_narrows_with_more_questions() -> None:
    few = Ranking("few", (0, 1, None, 2) * 5)
    many = Ranking("many", few.places * 20)

    wide, narrow = interval(few.reciprocal), interval(many.reciprocal)

    assert wide.low < few.mrr < wide.high
    assert narrow.high - narrow.low < (wide.high - wide.low) / 3


def test_the_same_questions_give_the_same_interval() -> None:
    ranking = Ranking("same", (0, 3, None, 1) * 9)

    assert interval(ranking.reciprocal) == interval(ranking.reciprocal)


def test_a_gain_is_taken_question_by_question() -> None:
    one, other = Ranking("one", (0, 1) * 30), Ranking("other", (1, 3) * 30)

    found = gain(one, other)

    assert 0.25 <= found.low <= 0.375 <= found.high <= 0.5


def test_the_best_baseline_is_never_ours() -> None:
    ours, poor, good = (
        Ranking("Grapevine", (0, 0)),
        Ranking("poor", (None, None)),
        Ranking("good", (1, 1)),
    )

    compared = Compared((ours, poor, good))

    assert compared.best_baseline is good
    assert compared.as_json()["gain"] == 0.5


def test_detection_is_counted_as_the_books_have_it() -> None:
    said = (True, True, True, False, False)
    true = (True, True, False, True, False)

    detection = Detection("some", said, true)

    assert detection.precision == pytest.approx(2 / 3)
    assert detection.recall == pytest.approx(2 / 3)
    assert detection.f1 == pytest.approx(2 / 3)
    assert detection.f1_interval().low < 2 / 3 < detection.f1_interval().high


def test_purity_leaves_out_topics_of_four() -> None:
    found = purity([["a"] * 4 + ["b"], ["a"] * 4, ["c"] * 6])

    assert found.questions == 11
    assert found.share == pytest.approx(10 / 11)


def _topic(pool: str, *numbers: int, **more: object) -> dict[str, object]:
    questions = [{"channel": pool, "ts": f"{n}.0"} for n in numbers]
    return {"questions": questions, "topic": "Ovens", "hosts": [], **more}


def _hidden(channels: str) -> Hidden:
    """Questions 0, 1, … of pool P, whose true channels are these letters."""
    of = {("P", f"{n}.0"): channel for n, channel in enumerate(channels)}
    bursts = {key: f"U{key[1]} 1" for key in of}
    return Hidden(of, bursts)


def test_a_suggestion_finds_the_channel_that_half_of_it_comes_from() -> None:
    truth = Truth(frozenset({"a", "b"}), {"a": {"UANA", "UBEN"}})
    suggested = [
        _topic("P", 0, 1, 2, 3, 4, 5, hosts=["UANA", "UCAT"]),  # a a a b b c
        _topic("P", 3, 4, 5, 6, 7, hosts=["UBEN"]),  # b b c d e: none by half
        _topic("P", 0, 1, 2, 3, hosts=["UANA"]),  # four tell nothing
    ]

    scores = score([], suggested, _hidden("aaabbcde"), truth, Speed(0, 0, 0))

    assert (scores.suggestions, scores.on_one) == (3, 1)
    assert scores.found == {"a": "Ovens"}
    assert (scores.hosts, scores.active) == (2, 1)
    assert scores.as_json()["communities"]["missed"] == ["b"]


def test_a_burst_of_one_person_on_one_day_counts_once() -> None:
    hidden = _hidden("aaaaabbbbb")
    same = dict.fromkeys([("P", f"{n}.0") for n in range(1, 5)], "UANA 1")
    hidden = Hidden(hidden.channel_of, dict(hidden.burst_of) | same)

    scores = score(
        [_topic("P", *range(10))],
        [],
        hidden,
        Truth(frozenset(), {}),
        Speed(0, 0, 0),
    )

    assert (scores.purity.share, scores.purity.questions) == (0.5, 10)
    assert scores.once.questions == 7
    assert scores.once.share == pytest.approx(5 / 7)


def test_chance_is_as_pure_as_questions_dealt_at_random() -> None:
    topics = [_topic("P", *range(10)), _topic("P", *range(10, 20))]

    scores = score(
        topics, [], _hidden("a" * 10 + "b" * 10), Truth(frozenset(), {}), Speed(0, 0, 0)
    )

    assert scores.purity.share == 1
    assert 0.5 <= scores.by_chance < 0.8
