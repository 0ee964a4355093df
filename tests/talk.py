"""An invented workspace in which three trades talk, for tests of topics."""

import random
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import numpy as np

from bot.corpus import Corpus, Fact, build
from bot.text import Hasher, mentioned, terms

START = datetime(2026, 3, 2, 9, tzinfo=UTC)  # a Monday
DAY_S = 86400.0
HASH = Hasher(b"a key of the invented workspace!")

SUBJECTS = {
    "oven": "oven sourdough crumb starter proofing crust hydration flour loaf baking",
    "kiln": "kiln glaze clay stoneware firing cone bisque porcelain wheel ceramic",
    "loom": "loom weft warp shuttle yarn weaving treadle heddle selvedge fabric",
}
CHATTER = "how why does anybody know when should my always still before after really"


def fact(text: str, user: str, at: float, channel: str = "C1", **more: Any) -> Fact:
    """A message at `at` seconds after `START`."""
    seconds = START.timestamp() + at
    found = Counter(HASH(t.kind, t.key) for t in terms(text))
    held = Fact(
        channel_id=channel,
        ts=f"{seconds:.6f}",
        thread_ts=None,
        user_id=user,
        at=seconds,
        is_question=text.endswith("?"),
        mentions=mentioned(text),
        words=np.fromiter(found, np.int64, len(found)),
        counts=np.fromiter(found.values(), np.uint8, len(found)),
    )
    return replace(held, **more)


def workspace(*, weeks: int = 8, seed: int = 1) -> list[tuple[str, Fact]]:
    """Eight people a trade ask and answer; each text beside its fact."""
    chance = random.Random(seed)  # noqa: S311 - not for secrets
    said: list[tuple[str, Fact]] = []
    for number, (subject, words) in enumerate(SUBJECTS.items()):
        people = [f"U{subject.upper()}{i}" for i in range(8)]
        for turn in range(6 * weeks):
            at = (turn * 7 / 6 + number / 7) * DAY_S + chance.random() * 600
            asker, helper = chance.sample(people, 2)
            channel = f"C{1 + turn % 3}"
            text = f"{_sentence(words, chance)}?"
            question = fact(text, asker, at, channel)
            reply = f"{_sentence(words, chance)}."
            answer = fact(reply, helper, at + 300, channel, thread_ts=question.ts)
            said += [(text, question), (reply, answer)]
    return said


def _sentence(words: str, chance: random.Random) -> str:
    told = chance.sample(words.split(), 4)
    return " ".join(
        [*chance.sample(CHATTER.split(), 3), words.split(maxsplit=1)[0], *told]
    )


def facts_of(said: Iterable[tuple[str, Fact]]) -> list[Fact]:
    """The facts without their texts."""
    return [one for _, one in said]


def corpus_of(facts: Iterable[Fact]) -> Corpus:
    """Lay facts out."""
    return build(facts)


def hasher_of(seed: int) -> Hasher:
    """A hasher with a key of its own."""
    return Hasher(f"another key, the {seed}th of them".encode())


def keyed_anew(said: Sequence[tuple[str, Fact]], seed: int) -> list[tuple[str, Fact]]:
    """The same messages, hashed with another key."""
    other = hasher_of(seed)
    again = []
    for text, one in said:
        found = Counter(other(t.kind, t.key) for t in terms(text))
        words = np.fromiter(found, np.int64, len(found))
        again.append((text, replace(one, words=words)))
    return again


def surfaces_of(
    said: Sequence[tuple[str, Fact]], hasher: Hasher = HASH
) -> dict[int, str]:
    """Ways of writing that two or more people used, by hash."""
    who: dict[tuple[int, str], set[str]] = {}
    for text, one in said:
        for term in terms(text):
            key = hasher(term.kind, term.key), term.surface
            who.setdefault(key, set()).add(one.user_id)
    return {word: surface for (word, surface), users in who.items() if len(users) > 1}


def end_of(weeks: int = 8) -> datetime:
    """When the conversation has been going on for so long."""
    return START + timedelta(weeks=weeks, days=1)
