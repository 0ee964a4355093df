"""What to call a topic: words that people used there and seldom elsewhere.

Only ways of writing that two or more people used are ever seen here, so no label
can show a word that one person alone wrote.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from math import inf

from bot.corpus import Corpus, Ints
from bot.topics.alike import other_names
from bot.topics.candidate_names import Candidate, candidates_of
from bot.topics.contrast import contrast
from bot.topics.names import Key, key_of, same_thing, stems_of, written

MOST_RELATED = 5

# A name whose odds to be apt are worse than these is not shown, and the topic neither:
# three of four such names would be taken for a mistake.
LEAST_APT = -1.25

# Where another topic has the name, a second one beside it tells the two apart. It takes
# so much from the odds: of a reader's marks, such pairs are a little less often apt.
_BESIDE = 0.5

_RELATED = 0.35  # a related word tells at least this much of what the first one tells


@dataclass(frozen=True, slots=True)
class Naming:
    """How a topic is called.

    Attributes:
        label: One to three words as people write them.
        aliases: Other names of the same thing.
        related: Words that tell the topic as well but mean something else: by them
            it is found, but they are not shown as its names.
    """

    label: str
    aliases: tuple[str, ...]
    related: tuple[str, ...]


def name_topics(
    corpus: Corpus,
    groups: Sequence[Ints],
    *,
    surfaces: Mapping[int, str],
    names: Collection[str] = (),
    taken: Iterable[str] = (),
) -> list[Naming | None]:
    """Name topics, each unlike the others; None where no words may be shown.

    Args:
        corpus: Everything heard.
        groups: Questions of each topic, rows of the corpus; of two, the one that a
            name fits better has it.
        surfaces: How two or more people wrote a term, by its hash.
        names: Names of people, which no label may contain.
        taken: Labels in use that stay.
    """
    closed = stems_of(names)
    heard = frozenset(surface.lower() for surface in surfaces.values())
    used = {same_thing(label) for label in taken}
    told: list[list[Candidate]] = []
    for rows, tellings in zip(groups, contrast(corpus, groups), strict=True):
        size = max(len(rows), 1)
        named = (candidates_of(corpus, one, surfaces, closed, size) for one in tellings)
        # What few people say names a topic only where many say nothing.
        told.append(next((names for names in named if names), []))
    found: list[Naming | None] = [None] * len(told)
    for place in sorted(range(len(told)), key=lambda i: (-_best(told[i]), i)):
        found[place] = naming = _choose(told[place], used, heard)
        if naming is not None:
            used.add(same_thing(naming.label))
    return found


def _best(candidates: list[Candidate]) -> float:
    return max((name.apt for name in candidates if not name.is_broad), default=-inf)


def _choose(
    candidates: list[Candidate], used: set[Key], heard: frozenset[str]
) -> Naming | None:
    if not any(name.tells and not name.is_broad for name in candidates):
        return None
    ways = sorted(_ways(candidates), key=lambda way: -way.apt)
    free = (w for w in ways if same_thing(w.label) not in used and w.apt >= LEAST_APT)
    chosen = next(free, None)
    if chosen is None:
        return None
    aliases = other_names(chosen.label, [name.text for name in candidates], heard)
    related = _related(chosen.label, aliases, candidates)
    return Naming(chosen.label, aliases, related)


@dataclass(frozen=True, slots=True)
class _Way:
    """A label that a topic could have."""

    label: str
    apt: float


def _ways(candidates: list[Candidate]) -> Iterator[_Way]:
    """Each name, and each with the most telling other one beside it."""
    for first in candidates:
        if first.is_broad:
            continue
        yield _Way(_titled(first.text), first.apt)
        second = _second(first, candidates)
        if second is not None:
            both = f"{_titled(first.text)} and {second.text}"
            yield _Way(both, first.apt - _BESIDE)


def _second(first: Candidate, candidates: list[Candidate]) -> Candidate | None:
    """The most telling other name of one word that adds something."""
    return next(
        (
            n
            for n in candidates
            if len(n.key) == 1
            and not n.is_broad
            and not set(n.key) & set(first.key)
            and same_thing(n.text) != same_thing(first.text)
        ),
        None,
    )


def _related(
    label: str, aliases: tuple[str, ...], candidates: list[Candidate]
) -> tuple[str, ...]:
    """What else tells the topic, `MOST_RELATED` at most."""
    own = set(key_of(label))
    known = {key_of(alias) for alias in aliases}
    found = [
        name.text
        for name in candidates
        if name.score >= _RELATED * candidates[0].score
        and not set(name.key) <= own
        and name.key not in known
    ]
    return tuple(found[:MOST_RELATED])


def _titled(text: str) -> str:
    """Start with a capital, unless people are known to write it otherwise."""
    known = written(text)
    if known is not None:
        return known
    first, *_ = text.split(" ", 1)
    if any(c.isupper() or c.isdigit() for c in first) or "." in first:
        return text
    return text[:1].upper() + text[1:]
