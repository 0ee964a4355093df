"""What a person decided about a topic stays: a pass adds to it, and takes nothing.

A pass finds its clusters without looking at what is held. Those that are such a
topic again go to it whole; from the others the questions it holds are taken out.
"""

from collections import Counter
from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass

from bot.topics.identity import Held

# Of a cluster's questions, or of the topic's: the cluster is the topic again.
SAME_AGAIN = 0.5


@dataclass(frozen=True, slots=True)
class Keeping:
    """How clusters stand to the topics that people decided about.

    Attributes:
        claimed: The topic a cluster goes to whole, by the cluster's place; several
            may go to one.
        free: Of each other cluster, the places in it of questions that no such
            topic holds, by the cluster's place.
    """

    claimed: Mapping[int, int]
    free: Mapping[int, tuple[int, ...]]


def keep(held: Mapping[int, Held], clusters: Sequence[Sequence[Hashable]]) -> Keeping:
    """Say what of each cluster is free to become a topic of the pass's own.

    Args:
        held: Topics with their questions; those that people decided about are
            locked.
        clusters: Questions of each cluster the pass found, none in two.
    """
    topic_of = {q: topic for topic, one in held.items() for q in one.questions}
    claimed: dict[int, int] = {}
    free: dict[int, tuple[int, ...]] = {}
    for place, cluster in enumerate(clusters):
        topic = _claimant(held, topic_of, cluster)
        if topic is not None:
            claimed[place] = topic
        else:
            free[place] = tuple(
                i
                for i, q in enumerate(cluster)
                if q not in topic_of or not held[topic_of[q]].is_locked
            )
    return Keeping(claimed, free)


def _claimant(
    held: Mapping[int, Held],
    topic_of: Mapping[Hashable, int],
    cluster: Sequence[Hashable],
) -> int | None:
    """The locked topic that a cluster is again: no other holds more of it."""
    counts = Counter(topic_of[q] for q in cluster if q in topic_of)
    if not counts:
        return None
    topic = max(counts, key=lambda t: (counts[t], held[t].is_locked, -t))
    least = min(len(cluster), len(held[topic].questions))
    is_again = counts[topic] >= SAME_AGAIN * least
    return topic if held[topic].is_locked and is_again else None
