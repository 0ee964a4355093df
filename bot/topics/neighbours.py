"""Nearest neighbours among questions, a block at a time: never all by all."""

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from bot.corpus import Floats
from bot.topics.space import Space, unit

BLOCK = 512  # questions at once: 512 x 20,000 floats are 40 MB

SMOOTHING_NEIGHBOURS = 10
SMOOTHING_ROUNDS = 2


def nearest(space: Space, count: int) -> tuple[NDArray[np.int64], Floats]:
    """Find the nearest other questions, best first, and how alike they are.

    Returns:
        Places in the space (q x k) and similarities (q x k), k at most `count`.
    """
    count = min(count, len(space) - 1)
    places = np.empty((len(space), count), np.int64)
    alike = np.empty((len(space), count), np.float32)
    for start in range(0, len(space), BLOCK):
        rows = slice(start, min(start + BLOCK, len(space)))
        block = space.similar(rows)
        own = np.arange(rows.start, rows.stop)
        block[own - start, own] = -np.inf
        best = np.argpartition(-block, count - 1, axis=1)[:, :count]
        value = np.take_along_axis(block, best, axis=1)
        order = np.lexsort((best, -value), axis=1)
        places[rows] = np.take_along_axis(best, order, axis=1)
        alike[rows] = np.take_along_axis(value, order, axis=1)
    return places, alike


def _directed(places: NDArray[np.int64], alike: Floats, count: int) -> sparse.csr_array:
    total, held = places.shape
    count = min(count, held)
    weight = np.maximum(alike[:, :count], 0).astype(np.float64) ** 2
    row = np.repeat(np.arange(total), count)
    column = places[:, :count].ravel()
    return sparse.csr_array((weight.ravel(), (row, column)), shape=(total, total))


def mutual(places: NDArray[np.int64], alike: Floats, count: int) -> sparse.csr_array:
    """Join questions that are both among the other's nearest; weights squared."""
    graph = _directed(places, alike, count)
    return graph.minimum(graph.T.tocsr()).tocsr()


def union(places: NDArray[np.int64], alike: Floats, count: int) -> sparse.csr_array:
    """Join questions where either is among the other's nearest."""
    graph = _directed(places, alike, count)
    return graph.maximum(graph.T.tocsr()).tocsr()


def smoothed(space: Space) -> Space:
    """Move every question towards its neighbours, so that clusters grow denser."""
    places, alike = nearest(space, SMOOTHING_NEIGHBOURS)
    graph = union(places, alike, SMOOTHING_NEIGHBOURS)
    total = np.maximum(graph.sum(axis=1), 1e-9)
    share = sparse.csr_array(sparse.diags_array(1 / total) @ graph, dtype=np.float32)
    vectors = space.vectors
    for _ in range(SMOOTHING_ROUNDS):
        vectors = unit(space.vectors + unit(share @ vectors))
    return space.moved(vectors)
