"""What goes into the ranking and what comes out of it."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from bot.corpus import Floats


@dataclass(frozen=True, slots=True)
class Query:
    """What is asked, hashed.

    Attributes:
        words: Term hashes, with repeats (`bot.text.Hasher`).
        now: Seconds since 1970; nothing that was posted later counts.
        channel_id, asker_id: Where and by whom, if known. The asker is never
            ranked.
        mentions: Ids of people the question names.
        vector: Its sentence vector, where there is an engine. Without one, words
            alone decide.
    """

    words: tuple[int, ...]
    now: float
    channel_id: str | None = None
    asker_id: str | None = None
    mentions: tuple[str, ...] = ()
    vector: Floats | None = None


@dataclass(frozen=True, slots=True)
class Ranked:
    """A person, how high they rank, and why.

    Attributes:
        user_id: Who.
        score: Comparable within one answer only; the sum of `features`.
        features: What each feature added to the score.
        support: In how many threads like the question they replied. 0 means that
            nothing they answered is about it: they are merely around.
    """

    user_id: str
    score: float
    features: Mapping[str, float] = field(hash=False)
    support: int = 0
