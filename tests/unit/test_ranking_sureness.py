"""How far votes move what is shown as asked before."""

import pytest

from bot.ranking.sureness import MOST_DOUBT, MOST_SURER, Word, surer


def words(n: int, *, wrong: int = 0, voter: str = "", pair: str = "") -> list[Word]:
    return [
        Word(voter or f"U{i}", pair or f"p{i}", 2.0, is_same=i >= wrong)
        for i in range(n)
    ]


def test_without_votes_one_is_as_sure_as_elsewhere() -> None:
    assert surer([]) == 0.0


def test_nine_of_ten_right_is_what_was_promised() -> None:
    assert surer(words(30, wrong=3)) == pytest.approx(0.0, abs=0.1)


def test_votes_raise_the_bar_faster_than_they_lower_it() -> None:
    praised, refused = surer(words(3)), surer(words(3, wrong=3))

    assert 0 < praised < 0.2
    assert -0.8 < refused < -0.5


def test_it_never_moves_beyond_its_bounds() -> None:
    assert surer(words(900)) == pytest.approx(MOST_SURER, abs=0.001)
    assert surer(words(900, wrong=900)) == -MOST_DOUBT


@pytest.mark.parametrize("one", [{"voter": "U1"}, {"pair": "p1"}])
def test_all_votes_of_one_person_or_on_one_pair_count_like_three(
    one: dict[str, str],
) -> None:
    assert surer(words(50, wrong=50, **one)) == pytest.approx(
        surer(words(3, wrong=3)), abs=0.001
    )
