import numpy as np
import pytest
from scipy import sparse

from bot.corpus import NOBODY, Floats
from bot.topics.space import Space
from bot.topics.voting import JOINS, THRESHOLD, elect, joined


@pytest.mark.parametrize(
    ("votes", "winner"),
    [
        pytest.param([], None, id="nobody votes"),
        pytest.param([(1, 0.0)], None, id="nobody is alike"),
        pytest.param([(NOBODY, 1.0)], None, id="nobody has a topic"),
        pytest.param([(1, 1.0)] * 2 + [(NOBODY, 1.0)] * 3, 1, id="just enough"),
        pytest.param([(1, 1.0)] * 3 + [(NOBODY, 1.0)] * 5, None, id="just too few"),
        pytest.param([(1, 0.5)] * 3 + [(2, 1.0)], 2, id="one alike beats three"),
        pytest.param([(2, 1.0), (1, 1.0)], 1, id="a tie goes to the first topic"),
        pytest.param([(1, -1.0), (2, 1.0)], 2, id="what is unlike has no vote"),
    ],
)
def test_the_winner_needs_two_fifths_of_all_votes(
    votes: list[tuple[int, float]], winner: int | None
) -> None:
    assert THRESHOLD == 0.4
    assert elect(votes) == winner


def space_of(vectors: Floats) -> Space:
    count = len(vectors)
    return Space(
        questions=np.arange(count, dtype=np.int32),
        vectors=vectors,
        people=sparse.csr_array(np.zeros((count, 1), np.float32)),
        at=np.zeros(count),
    )


def spread_of(*axes: int) -> Space:
    return space_of(np.eye(4, dtype=np.float32)[list(axes)])


def test_what_its_neighbours_agree_on_joins_their_topic() -> None:
    topic = np.array([7, 7, 7, 8, 8, 8, NOBODY, NOBODY])

    told = joined(spread_of(0, 0, 0, 1, 1, 1, 0, 2), topic)

    assert told.tolist() == [7, 7, 7, 8, 8, 8, 7, NOBODY]


@pytest.mark.parametrize(
    ("without", "joins"),
    [
        pytest.param(2, True, id="half of the votes"),
        pytest.param(3, False, id="two fifths, enough only between two passes"),
    ],
)
def test_in_a_pass_neighbours_must_be_surer(without: int, *, joins: bool) -> None:
    assert THRESHOLD < JOINS
    held = [7, 7, *[NOBODY] * without, NOBODY]

    told = joined(spread_of(*[0] * len(held)), np.array(held))

    assert bool(told[-1] == 7) is joins


def test_without_a_topic_there_is_nothing_to_join() -> None:
    nothing = space_of(np.zeros((0, 4), np.float32))

    assert joined(nothing, np.zeros(0, np.int64)).tolist() == []
