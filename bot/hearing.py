"""Listen to one message: what it asks, mentions and thanks; then let it go."""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from bot import text
from bot.asking import Asking, judge, judge_many, look_again, meaning
from bot.text import Hasher, Kind
from bot.vectors.engine import Engine

# What a label can be made of; links and repositories never are.
_LABEL_KINDS = frozenset({Kind.WORD, Kind.PAIR, Kind.NAME})

# A sentence vector is of the question as asked; what comes after this much is
# logs and second thoughts.
EMBEDDED_CHARACTERS = 500

NO_QUESTION = Asking(is_question=False, score=0.0)

# For lower-case text, which is searched twice as fast as text of either case.
_THANKS = re.compile(
    r"\b(?:thanks?|thank you|thankyou|thx|tnx|cheers|much appreciated|appreciate it"
    r"|(?:that|this|it) (?:worked|works|helps|helped|did it|solved it|fixed it)"
    r"|perfect|brilliant|lifesaver|danke|merci|gracias|obrigad[oa]|grazie|takk|tack"
    r"|dank je|dzięki|спасибо|дякую|teşekkürler)\b"
    r"|ありがとう|谢谢|謝謝|감사|شكرا|धन्यवाद"
)

# Where people are named: "@ann", "Ann Example said", "thanks Ann", "Hi Ann". What is
# there is matched like any word, but must never be shown as the name of a topic.
_NAME = r"(?:[A-Z][\w'\u2019-]+(?: [A-Z]\.)?)"
_HANDLE = re.compile(rf"(?<![\w.])@((?:{_NAME} ?){{2,3}}|[\w.-]+)")
_SPEAKING = ("said", "says", "wrote", "asked", "suggested", "has marked")
_SPEAKER = re.compile(rf"((?:{_NAME} ){{1,3}})(?:{'|'.join(_SPEAKING)})\b")
_SPOKEN_TO = re.compile(
    r"\b(?:[Tt]hanks|[Tt]hank you|[Tt]hx|[Cc][Cc]|[Hh]i|[Hh]ello|[Hh]ey|[Dd]ear|[Pp]ing"
    rf"|[Cc]reated by),? ((?:{_NAME} ?){{1,2}})"
)

# Emoji by which an asker says that an answer was the right one.
THANKFUL_EMOJI = frozenset(
    """pray bow raised_hands clap heart tada white_check_mark heavy_check_mark
    ballot_box_with_check +1 thumbsup 100 star star2 sparkles ok_hand thank_you
    thankyou thanks heart_eyes muscle medal first_place_medal trophy""".split()  # noqa: SIM905
)


@dataclass(frozen=True, slots=True)
class Heard:
    """What remains of a message's text.

    Attributes:
        words, counts: Distinct term hashes (int64) and how often (uint8).
        surfaces: How terms that may become a label were written: (hash, written).
        mentions: Ids of the people it mentions.
        is_question, score: Whether its author seeks information, how surely.
        is_thanks: Whether it thanks somebody.
    """

    words: NDArray[np.int64]
    counts: NDArray[np.uint8]
    surfaces: frozenset[tuple[int, str]]
    mentions: tuple[str, ...]
    is_question: bool
    score: float
    is_thanks: bool


def hear(mrkdwn: str, hasher: Hasher, *, is_root: bool) -> Heard:
    """Listen to a message."""
    told = text.read(mrkdwn)
    hashes = hasher.all(told.terms)
    counted = Counter(hashes)
    named = _named(told.plain)
    # Only a message that opens a thread can be a question of the graph.
    judged = judge(mrkdwn) if is_root else NO_QUESTION
    return Heard(
        words=np.fromiter(counted.keys(), np.int64, len(counted)),
        counts=np.minimum(list(counted.values()), 255).astype(np.uint8),
        surfaces=frozenset(
            [
                (word, surface)
                for word, (kind, _, surface) in zip(hashes, told.terms, strict=True)
                if kind in _LABEL_KINDS
                and (not named or named.isdisjoint(surface.split()))
            ]
        ),
        mentions=text.mentioned(mrkdwn),
        is_question=judged.is_question,
        score=judged.score,
        is_thanks=bool(_THANKS.search(told.plain.lower())),
    )


def is_for_meaning(score: float, engine: Engine) -> bool:
    """Say whether this engine's vector decides if a message asks."""
    return meaning.is_in_doubt(score) and engine.model == meaning.shipped().model


def hear_again(heard: Heard, vector: NDArray[np.float32], engine: Engine) -> Heard:
    """Judge by its vector whether a message asks, where its words leave it in doubt."""
    if not is_for_meaning(heard.score, engine):
        return heard
    judged = look_again(Asking(heard.is_question, heard.score), vector)
    return replace(heard, is_question=judged.is_question, score=judged.score)


def judge_all(
    engine: Engine | None, messages: Sequence[tuple[str, bool]]
) -> list[Asking]:
    """Judge messages as they are when they are heard.

    Args:
        engine: Of sentence vectors, if there is one.
        messages: As (text, is at top level).

    Returns:
        In their order.
    """
    judged = judge_many(messages)
    if engine is None:
        return judged
    doubtful = [i for i, one in enumerate(judged) if is_for_meaning(one.score, engine)]
    if doubtful:
        vectors = engine.embed([to_embed(messages[i][0]) for i in doubtful])
        for i, vector in zip(doubtful, vectors, strict=True):
            judged[i] = look_again(judged[i], vector)
    return judged


def _named(plain: str) -> frozenset[str]:
    """The words by which a message names people."""
    found: list[str] = _SPOKEN_TO.findall(plain)
    if "@" in plain:
        found += _HANDLE.findall(plain)
    if any(word in plain for word in _SPEAKING):
        found += _SPEAKER.findall(plain)
    return frozenset(word for part in found for word in text.words(part))


def to_embed(mrkdwn: str) -> str:
    """What of a question is turned into its sentence vector."""
    return text.plain(mrkdwn)[:EMBEDDED_CHARACTERS]
