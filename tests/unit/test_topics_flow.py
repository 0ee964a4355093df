from collections.abc import Iterable
from itertools import combinations

import numpy as np
import pytest
from scipy import sparse

from bot.topics import flow


def graph(size: int, edges: list[tuple[int, int]]) -> sparse.csr_array:
    rows, columns = zip(*edges, strict=True) if edges else ((), ())
    half = sparse.csr_array((np.ones(len(edges)), (rows, columns)), shape=(size, size))
    return (half + half.T).tocsr()


def ring(nodes: Iterable[int]) -> list[tuple[int, int]]:
    return list(combinations(nodes, 2))


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_two_cliques_with_one_bridge_are_two_groups(seed: int) -> None:
    found = flow.groups(
        graph(8, [*ring(range(4)), *ring(range(4, 8)), (3, 4)]), seed=seed
    )

    assert found.tolist() == [0, 0, 0, 0, 1, 1, 1, 1]


def test_a_chain_of_cliques_is_as_many_groups_as_cliques() -> None:
    edges = [e for k in range(6) for e in ring(range(5 * k, 5 * k + 5))]
    edges += [(5 * k + 4, 5 * k + 5) for k in range(5)]

    found = flow.groups(graph(30, edges), seed=1)

    assert found.tolist() == [k for k in range(6) for _ in range(5)]


def test_one_clique_is_one_group() -> None:
    assert set(flow.groups(graph(6, ring(range(6))), seed=1).tolist()) == {0}


def test_nodes_without_links_stay_alone() -> None:
    assert flow.groups(graph(3, []), seed=1).tolist() == [0, 1, 2]


def test_the_same_seed_gives_the_same_groups() -> None:
    random = np.random.default_rng(3)
    edges = [
        tuple(e) for e in random.integers(0, 60, (200, 2)).tolist() if e[0] != e[1]
    ]
    whole = graph(60, edges)

    assert flow.groups(whole, seed=7).tolist() == flow.groups(whole, seed=7).tolist()
