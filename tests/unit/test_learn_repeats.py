"""Learning from labelled pairs when two questions are the same."""

import numpy as np
import pytest

from bot.learn_repeats import (
    by_folds,
    by_others,
    interval,
    judge,
    learn,
    report,
    scores,
    surest,
)
from bot.ranking.alike import FEATURES
from bot.ranking.repeats import shipped_weights
from bot.repeat_pairs import FOLDS, Judged


def judged(n: int = 400) -> Judged:
    chance = np.random.default_rng(3)
    same = np.arange(n) % 8 == 0
    rows = chance.normal(size=(n, len(FEATURES))) + 3 * same[:, None]
    return Judged(
        rows,
        same,
        np.ones(n, np.bool_),
        tuple("one" if i % 3 else "two" for i in range(n)),
        np.stack([np.arange(n) % FOLDS, np.arange(n) // 7 % FOLDS], axis=1),
        {"one": 10_000, "two": 5_000},
    )


def test_what_is_learnt_from_some_pairs_holds_for_others() -> None:
    held = judged()

    for score in (by_others(held), by_folds(held)):
        seen = score >= np.sort(score)[-30]
        assert np.isfinite(score).all()
        assert held.same[seen].mean() > 0.9


def test_a_pair_is_judged_by_nothing_of_its_threads_folds() -> None:
    held = judged()
    # Whatever stands in the folds of the first pair must not matter for it.
    near = np.isin(held.folds, held.folds[0]).any(axis=1)
    other = Judged(
        held.rows,
        held.same ^ near,
        held.known,
        held.history,
        held.folds,
        held.asked,
    )

    assert by_folds(held)[0] == by_folds(other)[0]
    assert by_folds(held)[0] != by_folds(judged(390))[0]


def test_the_bar_lets_one_pair_in_a_thousand_questions_through() -> None:
    held = judged()
    weights = learn(held)
    score = scores(held, weights)

    ones, twos = (surest(score, held, name, 1.0) for name in ("one", "two"))

    assert (int(ones.sum()), int(twos.sum())) == (10, 5)
    assert (
        min(score[ones].min(), score[twos].min())
        <= weights.needed
        <= max(score[ones].min(), score[twos].min())
    )


def test_the_report_judges_each_history_by_the_others_and_all_by_folds() -> None:
    told = "\n".join(report(judged()))

    assert "one: 10000 questions" in told
    assert "1.0 in 1,000, by the others, two: 5 of 5 right (0.48 to 1.00)" in told
    assert "3.0 in 1,000, by folds, all:" in told


def test_a_judgement_counts_what_is_shown_and_what_nobody_labelled() -> None:
    held = judged(4)
    held.known[1] = False

    said = judge(held, np.array([True, True, False, False]))

    assert said == ("1 of 2 right (0.01 to 0.99), recall 1.00, 1 of them not labelled")


@pytest.mark.parametrize(
    ("right", "of", "low", "high"),
    [(9, 9, 0.66, 1.0), (14, 14, 0.77, 1.0), (0, 3, 0.0, 0.71), (8, 10, 0.44, 0.97)],
)
def test_an_interval_is_the_exact_one(
    right: int, of: int, low: float, high: float
) -> None:
    assert interval(right, of) == pytest.approx((low, high), abs=0.01)


def test_the_shipped_weights_favour_what_is_closer_and_shares_more() -> None:
    weights = shipped_weights()

    assert set(weights.features) == set(FEATURES)
    assert weights.features["close"] > 0
    assert weights.features["covered"] > 0
