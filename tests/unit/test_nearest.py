"""The questions closest in meaning, exactly and at size."""

import numpy as np
import pytest

from bot.corpus import Corpus, Fact, Flags, Floats, build
from bot.ranking.nearest import Nearest

DIMENSIONS = 96


def vectors(n: int, seed: int = 1) -> Floats:
    """Unit rows around a few centres, spread as sentence vectors are."""
    chance = np.random.default_rng(seed)
    spread = (np.arange(DIMENSIONS) + 1.0) ** -0.6
    centres = chance.normal(size=(40, DIMENSIONS))
    rows = centres[chance.integers(40, size=n)] + chance.normal(size=(n, DIMENSIONS))
    rows *= spread
    unit: Floats = (rows / np.linalg.norm(rows, axis=1, keepdims=True)).astype("f4")
    return unit


def corpus(rows: Floats, channels: int = 4) -> Corpus:
    return build(
        Fact(f"C{i % channels}", f"{i}.0", None, "U1", float(i), True, vector=row)  # noqa: FBT003
        for i, row in enumerate(rows)
    )


def everything(held: Corpus) -> Flags:
    return np.ones(len(held.channels), np.bool_)


def expected(held: Corpus, vector: Floats, visible: Flags, most: int) -> list[int]:
    seen = np.flatnonzero(visible[held.thread_channel])
    cosine = held.vectors[held.vector_row[held.root[seen]]] @ vector
    order = np.argsort(-cosine, kind="stable")[:most]
    return [int(thread) for thread in seen[order]]


def test_the_closest_are_found_exactly() -> None:
    held = corpus(vectors(500))
    (asked,) = vectors(1, seed=2)

    found = Nearest(held).best(asked, everything(held), 10)

    assert found.thread.tolist() == expected(held, asked, everything(held), 10)
    assert (np.diff(found.cosine) <= 0).all()


@pytest.mark.parametrize("exact", [10_000, 10], ids=["whole", "short vectors first"])
def test_hidden_channels_are_passed_over(exact: int) -> None:
    held = corpus(vectors(500))
    visible = np.array([True, False, True, False])
    (asked,) = vectors(1, seed=2)

    found = Nearest(held, exact=exact).best(asked, visible, 10)

    assert found.thread.tolist() == expected(held, asked, visible, 10)


def test_hidden_rows_do_not_change_the_last_bit() -> None:
    rows = vectors(301)
    held, rest = corpus(rows), corpus(np.concatenate([rows[0::4], rows[2::4]]), 2)
    (asked,) = vectors(1, seed=2)

    mixed = Nearest(held).best(asked, np.array([True, False, True, False]), 10)
    alone = Nearest(rest).best(asked, everything(rest), 10)

    assert mixed.cosine.tolist() == alone.cosine.tolist()


def test_short_vectors_lose_hardly_any_of_the_closest() -> None:
    held = corpus(vectors(20_000))
    nearest, whole = Nearest(held, exact=1), Nearest(held)
    found = 0
    for asked in vectors(50, seed=2):
        close = nearest.best(asked, everything(held), 10).thread.tolist()
        best = whole.best(asked, everything(held), 10).thread.tolist()
        found += len(set(close) & set(best))

    assert found / 500 >= 0.97


def test_nothing_is_found_where_nothing_has_a_vector() -> None:
    held = build([Fact("C1", "1.0", None, "U1", 1.0, is_question=True)])

    found = Nearest(held).best(vectors(1)[0], everything(held), 10)

    assert found.thread.tolist() == []
