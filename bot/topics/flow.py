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
    """Nodes, their links (as shares of all flow), and the group of each.

    Every node starts as a group of its own.
    """

    links: list[list[tuple[int, float]]]
    flow: list[float]
    leaving: list[float]
    group: list[int]


class _Walk:
    """Moves nodes between groups while the walk's description grows shorter."""

    def __init__(self, level: _Level) -> None:
        self.level = level
        self.flow = list(level.flow)
        self.leaving = list(level.leaving)
        self.total = sum(self.leaving)
        self.cost = [self._cost(group) for group in range(len(self.flow))]

    def settle(self, generator: np.random.Generator) -> bool:
        """Move nodes until none gains; say whether any moved.

        After the first round only nodes beside one that moved are looked at again.
        """
        restless = list(range(len(self.level.flow)))
        moved_any = False
        for _ in range(MOST_ROUNDS):
            order = generator.permutation(restless).tolist()
            moved = [node for node in order if self._move(node)]
            if not moved:
                break
            moved_any = True
            links = self.level.links
            restless = sorted({other for node in moved for other, _ in links[node]})
        return moved_any

    def _move(self, node: int) -> bool:
        """Move a node to the group next to it that shortens the code most."""
        here = self.level.group[node]
        to: dict[int, float] = defaultdict(float)
        for other, weight in self.level.links[node]:
            to[self.level.group[other]] += weight
        if not to or (len(to) == 1 and here in to):
            return False
        best, least, joined = here, -_GAIN, 0.0
        left, start = self._without(node, here, to)
        for there, weight in to.items():
            if there != here:
                change, leaving = self._change(node, there, weight, start)
                if change < least:
                    best, least, joined = there, change, leaving
        if best == here:
            return False
        self._shift(node, best, left, joined)
        return True

    def _without(
        self, node: int, here: int, to: dict[int, float]
    ) -> tuple[float, tuple[float, float]]:
        """What leaves the group without the node, and what that changes.

        Returns:
            The flow that leaves; the total flow then, and the bits gained.
        """
        out, flow = self.level.leaving[node], self.level.flow[node]
        left = max(self.leaving[here] - out + 2 * to.get(here, 0.0), 0.0)
        bits = (
            _plogp(left + self.flow[here] - flow)
            - 2 * _plogp(left)
            - self.cost[here]
            - _plogp(self.total)
        )
        return left, (self.total - self.leaving[here] + left, bits)

    def _change(
        self, node: int, there: int, weight: float, start: tuple[float, float]
    ) -> tuple[float, float]:
        """How many bits a step would take more, and what leaves the group then."""
        joined = self.leaving[there] + self.level.leaving[node] - 2 * weight
        joined = max(joined, 0.0)
        total = max(start[0] - self.leaving[there] + joined, 0.0)
        within = joined + self.flow[there] + self.level.flow[node]
        bits = _plogp(total) - 2 * _plogp(joined) + _plogp(within) - self.cost[there]
        return start[1] + bits, joined

    def _shift(self, node: int, there: int, left: float, joined: float) -> None:
        here = self.level.group[node]
        self.total += left + joined - self.leaving[here] - self.leaving[there]
        self.leaving[here], self.leaving[there] = left, joined
        self.flow[here] -= self.level.flow[node]
        self.flow[there] += self.level.flow[node]
        self.level.group[node] = there
        for group in (here, there):
            self.cost[group] = self._cost(group)

    def _cost(self, group: int) -> float:
        """The part of the description's length that is a group's own."""
        leaving = self.leaving[group]
        return _plogp(leaving + self.flow[group]) - 2 * _plogp(leaving)


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
