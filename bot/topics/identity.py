"""Which new cluster is which topic people already know: ids never change hands."""

from collections import Counter
from collections.abc import Hashable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass

# Two passes over the same questions agree to about .9; a month later to .6.
SAME_LIKENESS = 0.3  # shared questions over all questions of both
SAME_SHARE = 0.5  # of the smaller one: a topic that grew fast is the same topic
GONE_INTO = 0.5  # of a topic's questions in another: it merged into that one
# A name that people have seen is kept while half of what it names is.
SAME_NAME = 0.5


@dataclass(frozen=True, slots=True)
class Held:
    """A topic that exists, with the questions it has now.

    Attributes:
        questions: Those the pass could see; older ones do not count.
        is_locked: Whether a person named it: never renamed, merged or retired.
    """

    questions: AbstractSet[Hashable]
    is_locked: bool = False


@dataclass(frozen=True, slots=True)
class Plan:
    """What becomes of topics and clusters.

    Attributes:
        keep: Existing topic of a cluster, by the cluster's place.
        rename: Places of kept clusters that may take a new label.
        mint: Places of clusters that become new topics.
        split_from: Of minted ones, the topic most of their questions came from.
        merge: Topics that went into another kept one, by id.
        retire: Topics of which nothing is left.
        stay: Topics that no cluster matches but a person named.
    """

    keep: Mapping[int, int]
    rename: frozenset[int]
    mint: tuple[int, ...]
    split_from: Mapping[int, int]
    merge: Mapping[int, int]
    retire: tuple[int, ...]
    stay: tuple[int, ...]


def plan(held: Mapping[int, Held], clusters: Sequence[AbstractSet[Hashable]]) -> Plan:
    """Match clusters to topics, one to one, the surest first."""
    common = _common(held, clusters)
    keep = _matched(held, clusters, common)
    topic_of = {topic: place for place, topic in keep.items()}
    mint = tuple(i for i in range(len(clusters)) if i not in keep)
    left = [topic for topic in sorted(held) if topic not in topic_of]
    stay = tuple(t for t in left if held[t].is_locked)
    merge = {
        topic: keep[place]
        for topic in left
        if not held[topic].is_locked
        and (place := _mostly_in(held[topic], topic, common)) in keep
    }
    return Plan(
        keep=keep,
        rename=frozenset(
            place
            for place, topic in keep.items()
            if not held[topic].is_locked
            and _likeness(held[topic].questions, clusters[place], common[topic, place])
            < SAME_NAME
        ),
        mint=mint,
        split_from=_split(mint, clusters, common, topic_of),
        merge=merge,
        retire=tuple(t for t in left if t not in merge and t not in stay),
        stay=stay,
    )


def _common(
    held: Mapping[int, Held], clusters: Sequence[AbstractSet[Hashable]]
) -> Counter[tuple[int, int]]:
    """How many questions a topic and a cluster share, by (topic, place)."""
    place_of = {q: i for i, cluster in enumerate(clusters) for q in cluster}
    return Counter(
        (topic, place_of[q])
        for topic, one in held.items()
        for q in one.questions
        if q in place_of
    )


def _likeness(
    one: AbstractSet[Hashable], other: AbstractSet[Hashable], both: int
) -> float:
    return both / max(len(one) + len(other) - both, 1)


def _matched(
    held: Mapping[int, Held],
    clusters: Sequence[AbstractSet[Hashable]],
    common: Counter[tuple[int, int]],
) -> dict[int, int]:
    pairs = []
    for (topic, place), both in common.items():
        one, other = held[topic].questions, clusters[place]
        likeness = _likeness(one, other, both)
        share = both / max(min(len(one), len(other)), 1)
        if likeness >= SAME_LIKENESS or share >= SAME_SHARE:
            pairs.append((not held[topic].is_locked, -likeness, topic, place))
    keep: dict[int, int] = {}
    for _, _, topic, place in sorted(pairs):
        if place not in keep and topic not in keep.values():
            keep[place] = topic
    return dict(sorted(keep.items()))


def _mostly_in(one: Held, topic: int, common: Counter[tuple[int, int]]) -> int | None:
    """The cluster that holds most of a topic's questions, if it holds enough."""
    best = max(
        ((both, -place) for (t, place), both in common.items() if t == topic),
        default=(0, 0),
    )
    enough = best[0] >= GONE_INTO * len(one.questions) and best[0] > 0
    return -best[1] if enough else None


def _split(
    mint: Sequence[int],
    clusters: Sequence[AbstractSet[Hashable]],
    common: Counter[tuple[int, int]],
    topic_of: Mapping[int, int],
) -> dict[int, int]:
    found: dict[int, int] = {}
    for place in mint:
        both, topic = max(
            ((n, -t) for (t, p), n in common.items() if p == place), default=(0, 0)
        )
        if both >= GONE_INTO * len(clusters[place]) and -topic in topic_of:
            found[place] = -topic
    return found
