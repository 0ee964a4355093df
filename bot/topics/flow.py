"""Groups of a graph in which a random walker stays: the map equation.

Two levels, undirected. Source: Rosvall, Axelsson, Bergstrom, "The map equation",
Eur. Phys. J. Special Topics 178 (2009), https://arxiv.org/abs/0906.1405; moves in
the manner of Blondel et al. (2008), repeated on the groups as nodes.
"""

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
        self.of_total = _plogp(self.total)
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
        """Move a node to the group next to it that shortens the code most.

        This is where a pass spends its time, hence no calls within the loop.
        """
        group, leaving, flow, cost = (
            self.level.group,
            self.leaving,
            self.flow,
            self.cost,
        )
        here = group[node]
        to: dict[int, float] = {}
        for other, weight in self.level.links[node]:
            there = group[other]
            to[there] = to.get(there, 0.0) + weight
        if not to or (len(to) == 1 and here in to):
            return False
        out, own = self.level.leaving[node], self.level.flow[node]
        left, total, start = self._without(node, here, to.pop(here, 0.0))
        best, least, most = here, -_GAIN, 0.0
        for there, weight in to.items():
            before = leaving[there]
            joined = before + out - 2 * weight
            if joined < 0:
                joined = 0.0
            all_leaving = total - before + joined
            within = joined + flow[there] + own
            # Each p log p, of which 0 is 0.
            bits = all_leaving * log2(all_leaving) if all_leaving > 0 else 0.0
            if joined > 0:
                bits -= 2 * (joined * log2(joined))
            if within > 0:
                bits += within * log2(within)
            change = start + (bits - cost[there])
            if change < least:
                best, least, most = there, change, joined
        if best == here:
            return False
        self._shift(node, best, left, most)
        return True

    def _without(
        self, node: int, here: int, inside: float
    ) -> tuple[float, float, float]:
        """Take a node out of its group, to which it has links of weight `inside`.

        Returns:
            The flow that leaves the group then; the total that does; bits gained.
        """
        out, flow = self.level.leaving[node], self.level.flow[node]
        left = max(self.leaving[here] - out + 2 * inside, 0.0)
        bits = (
            _plogp(left + self.flow[here] - flow)
            - 2 * _plogp(left)
            - self.cost[here]
            - self.of_total
        )
        return left, self.total - self.leaving[here] + left, bits

    def _shift(self, node: int, there: int, left: float, joined: float) -> None:
        here = self.level.group[node]
        self.total += left + joined - self.leaving[here] - self.leaving[there]
        self.of_total = _plogp(self.total)
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
    count = graph.shape[0]
    node = np.repeat(np.arange(count), np.diff(graph.indptr))
    weight = graph.data / total
    apart = graph.indices != node  # a group's link to itself leaves nothing
    ends = np.cumsum(np.bincount(node[apart], minlength=count)).tolist()
    others = list(
        zip(graph.indices[apart].tolist(), weight[apart].tolist(), strict=True)
    )
    return _Level(
        links=[others[a:b] for a, b in zip([0, *ends], ends, strict=False)],
        flow=np.bincount(node, weight, count).tolist(),
        leaving=np.bincount(node[apart], weight[apart], count).tolist(),
        group=list(range(count)),
    )


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
