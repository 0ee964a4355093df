"""Clusters at several resolutions, of which the best become topics."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from bot.corpus import NOBODY, Floats
from bot.topics import flow
from bot.topics.neighbours import mutual, nearest, smoothed, union
from bot.topics.recurrence import DAY_S
from bot.topics.space import Space

# Communities differ in size, so one resolution does not find them all.
RESOLUTIONS = (6, 8, 10, 13, 16, 20)
_SEED = 1  # any fixed number: the order in which questions are tried
CORE_NEIGHBOURS = 15
CORE_PEOPLE = 3
# Members keep at least this share of their links inside. A narrow core is purer.
CORE_SHARES = (0.22, 0.33, 0.55)
MIN_QUESTIONS = 5  # fewer say nothing about a topic

# The cores that fill in what recurs too little to be ranked.
SHOWN_SHARE = 0.22

# Two clusters that share a third of the smaller one are about the same thing.
MAX_OVERLAP = 0.35

Members = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Partition:
    """One way to cut questions into clusters, and the links it was cut from."""

    space: Space
    links: sparse.csr_array
    clusters: list[Members]
    is_shown: bool


@dataclass(frozen=True, slots=True)
class Cluster:
    """Questions of one subject, as places in a space.

    Attributes:
        members: Places, ascending.
        likeness: How alike its members are, on average.
        strength: Share of their links that stay inside (0 to 1).
        returning: Share of its people who take part in two questions or more.
        core: Share of all taking part that its three most active people have.
        persistence: Mean over other partitions of the best likeness (Jaccard).
        people: How many take part.
    """

    members: Members
    likeness: float
    strength: float
    returning: float
    core: float
    persistence: float
    people: int


def cut(space: Space, told: Space, asker: NDArray[np.integer]) -> list[Partition]:
    """Cut questions into clusters in many ways.

    In three views, since what one misses another finds: with all neighbours; with
    two at most from what one person asked on one day, so that a long afternoon does
    not hide everybody else; and so without the histories of those who take part,
    which keep apart a subject that people of different trades share.

    Args:
        space: The questions (q).
        told: The same without those histories (q).
        asker: Who asked each (q).
    """
    if len(space) < MIN_QUESTIONS:
        return []
    day = (space.at // DAY_S).astype(np.int64)
    bursts = asker.astype(np.int64) * 2**31 + day
    return [
        *_cut(space, None, is_shown=True),
        *_cut(space, bursts),
        *_cut(told, bursts),
    ]


def _cut(
    space: Space, bursts: NDArray[np.int64] | None, *, is_shown: bool = False
) -> list[Partition]:
    space = smoothed(space, bursts)
    found = nearest(space, max(*RESOLUTIONS, CORE_NEIGHBOURS), bursts)
    links = union(found, CORE_NEIGHBOURS)
    partitions = []
    for count in RESOLUTIONS:
        group = flow.groups(mutual(found, count), seed=_SEED)
        inside = _share_inside(group, links)
        for share in CORE_SHARES:
            shown = is_shown and share == SHOWN_SHARE
            cores = _cores(group, inside >= share)
            partitions.append(Partition(space, links, cores, shown))
    return partitions


def _cores(group: NDArray[np.int64], kept: NDArray[np.bool_]) -> list[Members]:
    members = np.flatnonzero(kept)
    members = members[np.argsort(group[members], kind="stable")]
    cuts = np.flatnonzero(np.diff(group[members])) + 1
    return [m for m in np.split(members, cuts) if len(m) >= MIN_QUESTIONS]


def _share_inside(group: NDArray[np.int64], links: sparse.csr_array) -> Floats:
    row = np.repeat(np.arange(len(group)), np.diff(links.indptr))
    same = group[row] == group[links.indices]
    total = np.bincount(row, links.data, len(group))
    inside = np.bincount(row, links.data * same, len(group))
    share: Floats = (inside / np.maximum(total, 1e-12)).astype(np.float32)
    return share


def persistences(partitions: Sequence[Partition], total: int) -> list[Floats]:
    """How well each cluster is found again in the other partitions.

    Returns:
        Mean best likeness (Jaccard), an array a partition.
    """
    sizes = np.array([len(m) for p in partitions for m in p.clusters], np.float64)
    if not len(sizes):
        return [np.zeros(0, np.float32) for _ in partitions]
    held = _held([m for p in partitions for m in p.clusters], total)
    counts = [len(p.clusters) for p in partitions]
    partition = np.repeat(np.arange(len(partitions)), counts)
    common = (held @ held.T).tocoo()
    likeness = common.data / (sizes[common.row] + sizes[common.col] - common.data)
    best = np.zeros((len(sizes), len(partitions)))
    np.maximum.at(best, (common.row, partition[common.col]), likeness)
    best[np.arange(len(sizes)), partition] = 0
    mean = best.sum(axis=1) / max(len(partitions) - 1, 1)
    return np.split(mean.astype(np.float32), np.cumsum(counts)[:-1])


def describe(partition: Partition, persistence: Floats) -> list[Cluster]:
    """Measure what tells topics from accidents, for a whole partition at once.

    Args:
        partition: Its clusters, in order.
        persistence: Of each cluster, from `persistences`.
    """
    space, links, clusters = partition.space, partition.links, partition.clusters
    if not clusters:
        return []
    count = len(clusters)
    held = _held(clusters, len(space))
    size = np.diff(held.indptr)
    length = ((held @ space.vectors) ** 2).sum(axis=1)
    likeness = (length - size) / np.maximum(size * (size - 1), 1)
    owner = np.full(len(space), NOBODY, np.int64)
    owner[held.indices] = np.repeat(np.arange(count), size)
    start = np.repeat(owner, np.diff(links.indptr))
    own, inside = start != NOBODY, (start != NOBODY) & (start == owner[links.indices])
    total = np.bincount(start[own], links.data[own], count)
    stays = np.bincount(start[inside], links.data[inside], count)
    there = _presence(held, space)
    who = np.repeat(np.arange(count), np.diff(there.indptr))
    people = np.maximum(np.bincount(who, minlength=count), 1)
    threads = np.maximum(np.bincount(who, there.data, count), 1)
    core = np.bincount(who, there.data * _is_core(who, there.data), count)
    columns = (
        likeness,
        stays / np.maximum(total, 1e-12),
        np.bincount(who, there.data > 1, count) / people,
        core / threads,
        persistence,
        people,
    )
    rows = zip(clusters, *(column.tolist() for column in columns), strict=True)
    return [Cluster(*row) for row in rows]


def _held(clusters: Sequence[Members], total: int) -> sparse.csr_array:
    """Which questions each cluster holds (c x q, CSR of ones)."""
    start = np.cumsum([0, *(len(members) for members in clusters)])
    members = np.concatenate([np.empty(0, np.int64), *clusters])
    ones = np.ones(len(members), np.float32)
    return sparse.csr_array((ones, members, start), shape=(len(clusters), total))


def _presence(held: sparse.csr_array, space: Space) -> sparse.csr_array:
    """In how many questions of each cluster each person takes part (c x p)."""
    part = space.people.copy()
    part.data = np.ones_like(part.data)
    there: sparse.csr_array = (held @ part).tocsr()
    return there


def _is_core(who: NDArray[np.int64], often: Floats) -> NDArray[np.bool_]:
    """Mark the `CORE_PEOPLE` largest numbers of each group; groups are in order."""
    order = np.lexsort((-often, who))
    first = np.searchsorted(who, who)
    marked = np.zeros(len(who), np.bool_)
    marked[order] = np.arange(len(who)) - first < CORE_PEOPLE
    return marked


def ranks(clusters: Sequence[Cluster]) -> Floats:
    """Score clusters against one another; higher is more of a topic.

    That people come back, and that a few of them are at the heart of it, tells
    true communities on every set of data tried; the former counts double.
    """
    if not clusters:
        return np.zeros(0, np.float32)
    columns = np.array(
        [[c.likeness, c.strength, c.returning, c.core, c.persistence] for c in clusters]
    )
    weight = np.array([1, 1, 2, 1, 2])
    spread = columns.std(axis=0)
    standard = (columns - columns.mean(axis=0)) / np.where(spread > 0, spread, 1)
    score: Floats = (standard * weight).sum(axis=1).astype(np.float32)
    return score


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
    chosen: list[int] = []
    for i in order:
        members = clusters[i].members
        if not _repeats(owner, members, clusters):
            chosen.append(i)
            owner[members[owner[members] < 0]] = i
    return chosen


def _repeats(
    owner: NDArray[np.int64], members: Members, clusters: Sequence[Cluster]
) -> bool:
    found, common = np.unique(owner[members], return_counts=True)
    return any(
        both >= MAX_OVERLAP * min(len(clusters[number].members), len(members))
        for number, both in zip(found.tolist(), common.tolist(), strict=True)
        if number >= 0
    )
