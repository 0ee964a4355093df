"""Which topic the neighbours of a question agree on."""

from collections import defaultdict
from collections.abc import Iterable

import numpy as np

from bot.corpus import NOBODY, Longs
from bot.topics.neighbours import nearest
from bot.topics.space import Space

VOTERS = 15
# Share of all votes the winner needs. Measured: at .4 the questions that join a topic
# are as pure as those of a pass, and a third or a tenth do; the others wait.
THRESHOLD = 0.4
# What a pass adds to its clusters is surer, so that they stay as pure: from .4 to .5
# the questions that join become fewer, and little else changes.
JOINS = 0.45


def elect(
    votes: Iterable[tuple[int, float]], threshold: float = THRESHOLD
) -> int | None:
    """Find the topic that has enough of all votes, or None.

    Args:
        votes: Topic of each neighbour, `NOBODY` where it has none, and how alike the
            neighbour is. Those without a topic vote for nothing.
        threshold: Share of all votes the winner needs (0 to 1).
    """
    held: dict[int, float] = defaultdict(float)
    for topic, alike in votes:
        held[topic] += max(alike, 0.0) ** 2
    total = sum(held.values())
    held.pop(NOBODY, None)
    winner = max(held, key=lambda t: (held[t], -t), default=None)
    if winner is None or held[winner] < threshold * total or total <= 0:
        return None
    return winner


def joined(space: Space, topic: Longs) -> Longs:
    """Give a question without a topic the one that its neighbours agree on.

    Args:
        space: The questions (q).
        topic: Topic of each, `NOBODY` where it has none (q).
    """
    told = topic.copy()
    if not (topic != NOBODY).any():
        return told
    found = nearest(space, VOTERS)
    for place in np.flatnonzero(topic == NOBODY):
        votes = zip(
            topic[found.places[place]].tolist(),
            found.alike[place].tolist(),
            strict=True,
        )
        winner = elect(votes, JOINS)
        told[place] = NOBODY if winner is None else winner
    return told
