"""Groups of a graph in which a random walker stays: the map equation.

Two levels, undirected. Source: Rosvall, Axelsson, Bergstrom, "The map equation",
Eur. Phys. J. Special Topics 178 (2009), https://arxiv.org/abs/0906.1405; moves in
the manner of Blondel et al. (2008), repeated on the groups as nodes.
"""

from collections import defaultdict
from dataclasses import dataclass
from math import log2

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

MOST_ROUNDS = 30  # it settles in about ten; a cycle must not run for ever
_GAIN = 1e-10  # bits: smaller gains are rounding


def _plogp(p: float) -> float:
    return p * log2(p) if p > 0 else 0.0


@dataclass(slots=True)
class _Level:
    """Nodes, their links (as shares of all flow), and the group of each."""

    links: list[list[tuple[int, float]]]
    flow: list[float]
    leaving: list[float]
    group: list[int]


class _Walk:
    """Moves nodes between groups while the walk's description grows shorter."""

    def __init__(self, level: _Level) -> None:
        self.level = level
        count = len(level.flow)
        self.flow = [0.0] * count
        self.leaving = [0.0] * count
        for node, group in enumerate(level.group):
            self.flow[group] += level.flow[node]
            for other, weight in level.links[node]:
                if level.group[other] != group:
                    self.leaving[group] += weight
        self.total = sum(self.leaving)

    def settle(self, generator: np.random.Generator) -> bool:
        """Move every node in turn until none gains; say whether any moved."""
        ever = False
        for _ in range(MOST_ROUNDS):
            order = generator.permutation(len(self.level.flow)).tolist()
            moved = sum([self._move(node) for node in order])
            ever = ever or moved > 0
            if not moved:
                break
        return ever

    def _move(self, node: int) -> bool:
        here = self.level.group[node]
        to: dict[int, float] = defaultdict(float)
        for other, weight in self.level.links[node]:
            to[self.level.group[other]] += weight
        if not to or (len(to) == 1 and here in to):
            return False
        best, least = here, -_GAIN
        for there in to:
            if there != here:
                change = self._change(node, here, there, to)
                if change < least:
                    best, least = there, change
        if best == here:
            return False
        self._shift(node, here, best, to)
        return True

    def _after(
        self, node: int, here: int, there: int, to: dict[int, float]
    ) -> tuple[float, float]:
        """What would leave both groups if the node moved."""
        out = self.level.leaving[node]
        return (
            max(self.leaving[here] - out + 2 * to.get(here, 0.0), 0.0),
            max(self.leaving[there] + out - 2 * to.get(there, 0.0), 0.0),
        )

    def _change(self, node: int, here: int, there: int, to: dict[int, float]) -> float:
        """How many bits a step of the walk would take more."""
        left, joined = self._after(node, here, there, to)
        flow = self.level.flow[node]
        was_here, was_there = self.leaving[here], self.leaving[there]
        total = self.total - was_here - was_there + left + joined
        return (
            _plogp(total)
            - _plogp(self.total)
            - 2 * (_plogp(left) + _plogp(joined))
            + 2 * (_plogp(was_here) + _plogp(was_there))
            + _plogp(left + self.flow[here] - flow)
            + _plogp(joined + self.flow[there] + flow)
            - _plogp(was_here + self.flow[here])
            - _plogp(was_there + self.flow[there])
        )

    def _shift(self, node: int, here: int, there: int, to: dict[int, float]) -> None:
        left, joined = self._after(node, here, there, to)
        self.total += left + joined - self.leaving[here] - self.leaving[there]
        self.leaving[here], self.leaving[there] = left, joined
        self.flow[here] -= self.level.flow[node]
        self.flow[there] += self.level.flow[node]
        self.level.group[node] = there


def _level_of(graph: sparse.csr_array, total: float) -> _Level:
    links: list[list[tuple[int, float]]] = []
    flow: list[float] = []
    leaving: list[float] = []
    weights = (graph.data / total).tolist()
    columns = graph.indices.tolist()
    for node, (low, high) in enumerate(
        zip(graph.indptr[:-1].tolist(), graph.indptr[1:].tolist(), strict=True)
    ):
        pairs = list(zip(columns[low:high], weights[low:high], strict=True))
        others = [(other, weight) for other, weight in pairs if other != node]
        links.append(others)
        flow.append(sum(weight for _, weight in pairs))
        leaving.append(sum(weight for _, weight in others))
    return _Level(links, flow, leaving, list(range(len(flow))))


def _gathered(graph: sparse.csr_array, group: NDArray[np.int64]) -> sparse.csr_array:
    """The graph of the groups: links inside become a link to oneself."""
    count = int(group.max()) + 1
    member = sparse.csr_array(
        (np.ones(len(group)), (np.arange(len(group)), group)),
        shape=(len(group), count),
    )
    joined: sparse.csr_array = (member.T @ graph @ member).tocsr()
    return joined


def groups(graph: sparse.csr_array, *, seed: int) -> NDArray[np.int64]:
    """Number the group of each node, groups in the order of their first node.

    Args:
        graph: Symmetric weights, nothing on the diagonal (n x n).
        seed: Fixes the order in which nodes are tried.
    """
    total = float(graph.sum())
    found = np.arange(graph.shape[0])
    if total <= 0:
        return found
    generator = np.random.default_rng(seed)
    coarse = graph
    while True:
        level = _level_of(coarse, total)
        if not _Walk(level).settle(generator):
            return _in_order(found)
        _, dense = np.unique(np.array(level.group), return_inverse=True)
        found = dense[found]
        coarse = _gathered(coarse, dense)


def _in_order(found: NDArray[np.int64]) -> NDArray[np.int64]:
    _, first, inverse = np.unique(found, return_index=True, return_inverse=True)
    rank = np.empty(len(first), np.int64)
    rank[np.argsort(first)] = np.arange(len(first))
    return rank[inverse]
