"""Listen to one message: what it asks, mentions and thanks; then let it go."""

import re
from collections import Counter
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from bot import text
from bot.asking import Asking, judge
from bot.text import Hasher, Kind

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
            ]
        ),
        mentions=text.mentioned(mrkdwn),
        is_question=judged.is_question,
        score=judged.score,
        is_thanks=bool(_THANKS.search(told.plain.lower())),
    )


def to_embed(mrkdwn: str) -> str:
    """What of a question is turned into its sentence vector."""
    return text.plain(mrkdwn)[:EMBEDDED_CHARACTERS]
