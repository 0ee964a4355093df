"""Learning from labelled pairs when two questions are the same."""

import numpy as np
import pytest

from bot.learn_repeats import Pairs, bar, judge, learn, report, scores, shown
from bot.ranking.repeats import FEATURES, shipped_weights


def pairs(n: int = 200) -> Pairs:
    chance = np.random.default_rng(3)
    same = np.arange(n) % 2 == 0
    rows = chance.normal(size=(n, len(FEATURES))) + 3 * same[:, None]
    history = tuple("one" if i % 3 else "two" for i in range(n))
    return Pairs(rows, same, history, np.arange(n) % 5)


def test_what_is_learnt_from_some_pairs_holds_for_others() -> None:
    first, second = pairs().where(np.arange(200) < 100), pairs()

    seen = shown(second, first)

    assert second.same[seen].mean() > 0.9
    assert seen.sum() > 50


def test_pairs_that_share_too_few_words_are_never_shown() -> None:
    held = pairs()
    held.rows[0] = np.nan

    assert not shown(held, pairs())[0]
    assert np.isfinite(scores(pairs(), learn(held))).all()


@pytest.mark.parametrize(
    ("same", "kept"),
    [
        ([True] * 9 + [False] * 3, 10),
        ([True, True, True, False], 3),
        ([False, True, True, True], 0),
        ([True, True, False, False], 0),
    ],
    ids=["nine of ten", "three are enough", "the surest is wrong", "two are luck"],
)
def test_the_bar_keeps_nine_of_ten_right(same: list[bool], kept: int) -> None:
    score = -np.arange(len(same), dtype=np.float64)

    found = bar(score, np.array(same))

    assert int((score >= found).sum()) == kept


def test_the_report_judges_each_history_by_the_others() -> None:
    told = list(report(pairs()))

    assert [line.split(":")[0] for line in told] == [
        "one, by the others",
        "two, by the others",
        "all, each fifth by the other four",
    ]


def test_a_judgement_counts_what_is_shown() -> None:
    held = pairs(4)

    said = judge(held, np.array([True, True, False, False]))

    assert said == "4 pairs, 2 the same: 1 of 2 shown are right, recall 0.50"


def test_the_shipped_weights_favour_what_is_closer() -> None:
    weights = shipped_weights()

    assert set(weights.features) == set(FEATURES)
    assert all(weight > 0 for weight in weights.features.values())
