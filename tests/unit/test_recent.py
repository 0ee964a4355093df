"""What was asked for last is kept, and no more than that."""

import itertools

import pytest

from bot.ranking.recent import Recent


def test_a_value_is_made_once_while_it_is_held() -> None:
    count = itertools.count(1)
    recent: Recent[str, int] = Recent(2)

    assert [recent.get(key, lambda: next(count)) for key in "abab"] == [1, 2, 1, 2]


def test_the_one_not_asked_for_the_longest_goes_first() -> None:
    recent: Recent[str, str] = Recent(2)
    for key in "aba":
        recent.get(key, lambda: "first")
    recent.get("c", lambda: "first")

    assert [recent.get(key, lambda: "again") for key in "acb"] == [
        "first",
        "first",
        "again",
    ]


def test_nothing_is_kept_of_what_could_not_be_made() -> None:
    recent: Recent[str, float] = Recent(2)
    with pytest.raises(ZeroDivisionError):
        recent.get("a", lambda: 1 / 0)

    assert recent.get("a", lambda: 2.0) == 2.0
