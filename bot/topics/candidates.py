"""Clusters at several resolutions, judged, ranked and made distinct."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from bot.corpus import Floats
from bot.topics import flow
from bot.topics.neighbours import mutual, nearest, union
from bot.topics.space import Space

# Three resolutions and two orders of trying: what only one of them finds is an
# accident of that one. The middle one is shown.
RESOLUTIONS = (10, 8, 13)
SEEDS = (1, 2)
CORE_NEIGHBOURS = 15
CORE_SHARE = 0.4  # of its links inside: .25 keeps a fifth more questions, less pure
MIN_QUESTIONS = 5  # fewer say nothing about a topic
# Two clusters that share a third of the smaller one are about the same thing.
MAX_OVERLAP = 0.35

Members = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Cluster:
    """Questions of one subject, as places in a space.

    Attributes:
        members: Places, ascending.
        strength: Mean share of a member's links that stay inside (0 to 1).
        likeness: How alike its members are, on average.
        persistence: Mean likeness (Jaccard) to the other partitions' best match.
        returning: Share of its people who take part in two questions or more.
        focus: How much of its people's questions it holds.
    """

    members: Members
    strength: float
    likeness: float
    persistence: float
    returning: float
    focus: float


def find_clusters(space: Space) -> list[list[Cluster]]:
    """Cluster questions at every resolution, the one to show first."""
    if len(space) < MIN_QUESTIONS:
        return []
    places, alike = nearest(space, CORE_NEIGHBOURS)
    links = union(places, alike, CORE_NEIGHBOURS)
    partitions = [
        _cores(flow.groups(mutual(places, alike, count), seed=seed), links)
        for count in RESOLUTIONS
        for seed in SEEDS
    ]
    overlaps = _Overlaps(partitions, len(space))
    return [
        [_described(space, links, m, overlaps.persistence(i, m)) for m in partition]
        for i, partition in enumerate(partitions)
    ]


def _cores(group: NDArray[np.int64], links: sparse.csr_array) -> list[Members]:
    """Keep the members of each group whose links stay enough inside it."""
    inside = _share_inside(group, links)
    kept = inside >= CORE_SHARE
    order = np.argsort(group[kept], kind="stable")
    members = np.flatnonzero(kept)[order]
    cuts = np.flatnonzero(np.diff(group[members])) + 1
    return [m for m in np.split(members, cuts) if len(m) >= MIN_QUESTIONS]


def _share_inside(group: NDArray[np.int64], links: sparse.csr_array) -> Floats:
    row = np.repeat(np.arange(len(group)), np.diff(links.indptr))
    same = group[row] == group[links.indices]
    total = np.bincount(row, links.data, len(group))
    inside = np.bincount(row, links.data * same, len(group))
    share: Floats = (inside / np.maximum(total, 1e-12)).astype(np.float32)
    return share


class _Overlaps:
    """Finds a cluster again in the other partitions."""

    def __init__(self, partitions: Sequence[Sequence[Members]], total: int) -> None:
        self._sizes = [[len(m) for m in partition] for partition in partitions]
        self._labels = []
        for partition in partitions:
            label = np.full(total, -1, np.int64)
            for number, members in enumerate(partition):
                label[members] = number
            self._labels.append(label)

    def persistence(self, own: int, members: Members) -> float:
        """Mean over the other partitions of the best Jaccard likeness."""
        best = []
        for i, (label, sizes) in enumerate(zip(self._labels, self._sizes, strict=True)):
            if i == own:
                continue
            found, common = np.unique(label[members], return_counts=True)
            best.append(
                max(
                    (
                        both / (len(members) + sizes[number] - both)
                        for number, both in zip(found, common, strict=True)
                        if number >= 0
                    ),
                    default=0.0,
                )
            )
        return float(np.mean(best)) if best else 0.0


def _described(
    space: Space, links: sparse.csr_array, members: Members, persistence: float
) -> Cluster:
    alike = space.between(members, members)
    count = len(members)
    likeness = (alike.sum() - np.trace(alike)) / max(count * (count - 1), 1)
    own = links[members]
    inside = np.isin(own.indices, members)
    strength = own.data[inside].sum() / max(own.data.sum(), 1e-12)
    there = np.bincount(space.people[members].indices, minlength=space.people.shape[1])
    everywhere = space.presence
    who = np.flatnonzero(there)
    focus = (there[who] ** 2 / everywhere[who]).sum() / max(there.sum(), 1)
    return Cluster(
        members=members,
        strength=float(strength),
        likeness=float(likeness),
        persistence=persistence,
        returning=float((there[who] >= 2).mean()) if len(who) else 0.0,  # noqa: PLR2004
        focus=float(focus),
    )


def ranks(clusters: Sequence[Cluster]) -> Floats:
    """Score clusters against one another; higher is more of a topic."""
    columns = np.array(
        [
            [c.likeness, c.strength, c.returning, c.focus, c.persistence]
            for c in clusters
        ]
    )
    if not len(columns):
        return np.zeros(0, np.float32)
    weight = np.array([1, 1, 1, 1, 2])
    score: Floats = (standard(columns) * weight).sum(axis=1).astype(np.float32)
    return score


def standard(columns: NDArray[np.float64]) -> NDArray[np.float64]:
    """Centre columns and scale them to deviation one; a constant one becomes 0."""
    spread = columns.std(axis=0)
    scaled: NDArray[np.float64] = (columns - columns.mean(axis=0)) / np.where(
        spread > 0, spread, 1
    )
    return scaled


def distinct(clusters: Sequence[Cluster], score: Floats, total: int) -> list[int]:
    """Choose clusters best first, leaving out those that repeat a chosen one.

    Args:
        clusters: To choose from.
        score: Of each.
        total: How many questions there are.
    """
    order = sorted(
        range(len(clusters)), key=lambda i: (-score[i], clusters[i].members.tolist())
    )
    owner = np.full(total, -1, np.int64)
    size: dict[int, int] = {}
    chosen: list[int] = []
    for i in order:
        members = clusters[i].members
        found, common = np.unique(owner[members], return_counts=True)
        repeats = any(
            both >= MAX_OVERLAP * min(size[number], len(members))
            for number, both in zip(found.tolist(), common.tolist(), strict=True)
            if number >= 0
        )
        if not repeats:
            chosen.append(i)
            size[i] = len(members)
            owner[members[owner[members] < 0]] = i
    return chosen
