"""Nearest neighbours among questions, a block at a time: never all by all."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from bot.corpus import Floats
from bot.topics.space import Space, unit

BLOCK = 512  # questions at once: 512 x 20,000 floats are 40 MB

SMOOTHING_NEIGHBOURS = 10
SMOOTHING_ROUNDS = 2

_WIDER = 5  # so many times more are looked at where some may be passed over


@dataclass(frozen=True, slots=True)
class Nearest:
    """The nearest other questions of each, best first.

    Attributes:
        places: Where they stand in the space (q x k).
        alike: How alike they are; 0 where fewer were found (q x k).
    """

    places: NDArray[np.int64]
    alike: Floats


def nearest(
    space: Space, count: int, bursts: NDArray[np.int64] | None = None, most: int = 2
) -> Nearest:
    """Find the nearest other questions.

    Args:
        space: The questions.
        count: How many neighbours.
        bursts: Which burst each question belongs to (q); None to take all.
        most: How many neighbours from one burst.
    """
    wanted = min(count if bursts is None else count * _WIDER, len(space) - 1)
    found = _nearest(space, wanted)
    return found if bursts is None else _thinned(found, bursts, most, count)


def _nearest(space: Space, count: int) -> Nearest:
    places = np.empty((len(space), count), np.int64)
    alike = np.empty((len(space), count), np.float32)
    for start in range(0, len(space), BLOCK):
        rows = slice(start, min(start + BLOCK, len(space)))
        block = space.similar(rows)
        own = np.arange(rows.start, rows.stop)
        block[own - start, own] = -np.inf
        np.negative(block, out=block)  # the nearest first
        best = np.argpartition(block, count - 1, axis=1)[:, :count]
        value = np.take_along_axis(block, best, axis=1)
        order = np.lexsort((best, value), axis=1)
        places[rows] = np.take_along_axis(best, order, axis=1)
        alike[rows] = -np.take_along_axis(value, order, axis=1)
    return Nearest(places, np.maximum(alike, 0))


def _thinned(
    found: Nearest, bursts: NDArray[np.int64], most: int, count: int
) -> Nearest:
    """Pass over what comes from a burst that has given enough neighbours."""
    burst = bursts[found.places]
    order = np.argsort(burst, axis=1, kind="stable")
    ordered = np.take_along_axis(burst, order, axis=1)
    column = np.arange(ordered.shape[1])
    starts = np.ones(ordered.shape, np.bool_)
    starts[:, 1:] = ordered[:, 1:] != ordered[:, :-1]
    first = np.maximum.accumulate(np.where(starts, column, 0), axis=1)
    turn = np.empty_like(order)
    np.put_along_axis(turn, order, column - first, axis=1)
    kept = turn < most
    forward = np.argsort(~kept, axis=1, kind="stable")[:, :count]
    alike = np.where(kept, found.alike, 0).astype(np.float32)
    return Nearest(
        np.take_along_axis(found.places, forward, axis=1),
        np.take_along_axis(alike, forward, axis=1),
    )


def _directed(found: Nearest, count: int) -> sparse.csr_array:
    total, held = found.places.shape
    count = min(count, held)
    weight = found.alike[:, :count].astype(np.float64) ** 2
    row = np.repeat(np.arange(total), count)
    column = found.places[:, :count].ravel()
    graph = sparse.csr_array((weight.ravel(), (row, column)), shape=(total, total))
    graph.eliminate_zeros()
    return graph


def mutual(found: Nearest, count: int) -> sparse.csr_array:
    """Join questions that are both among the other's nearest; weights squared."""
    graph = _directed(found, count)
    joined: sparse.csr_array = graph.minimum(graph.T.tocsr()).tocsr()
    return joined


def union(found: Nearest, count: int) -> sparse.csr_array:
    """Join questions where either is among the other's nearest."""
    graph = _directed(found, count)
    joined: sparse.csr_array = graph.maximum(graph.T.tocsr()).tocsr()
    return joined


def smoothed(space: Space, bursts: NDArray[np.int64] | None = None) -> Space:
    """Move every question towards its neighbours, so that clusters grow denser."""
    graph = union(nearest(space, SMOOTHING_NEIGHBOURS, bursts), SMOOTHING_NEIGHBOURS)
    total = np.maximum(graph.sum(axis=1), 1e-9)
    share = sparse.csr_array(sparse.diags_array(1 / total) @ graph, dtype=np.float32)
    vectors = space.vectors
    for _ in range(SMOOTHING_ROUNDS):
        vectors = unit(space.vectors + unit(share @ vectors))
    return space.moved(vectors)
