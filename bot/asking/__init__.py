"""Does a message's writer seek information? Rules notice, learnt weights decide.

It reads one message and nothing around it: no network, no database, and no model, but
that what its words leave in doubt may be judged again by its sentence vector.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from bot.asking import meaning
from bot.asking.features import features
from bot.asking.weights import shipped

# Scores are probabilities, so more likely than not is a question.
THRESHOLD = 0.5


@dataclass(frozen=True, slots=True)
class Asking:
    """Whether a message asks, and how probable that is, 0 to 1."""

    is_question: bool
    score: float


def judge(text: str, *, top_level: bool = True) -> Asking:
    """Judge one message.

    Args:
        text: Slack mrkdwn as an event carries it.
        top_level: False for a reply in a thread, where a bare "?" more often
            clarifies or suggests.
    """
    score = shipped().probability(features(text, top_level=top_level))
    return Asking(is_question=score >= THRESHOLD, score=score)


def look_again(judged: Asking, vector: meaning.Floats) -> Asking:
    """Judge a message in doubt by what it means, too.

    Args:
        judged: Its first judgement.
        vector: By the engine that `meaning.shipped` names, of unit length (d).
    """
    score = meaning.shipped().probability(judged.score, vector)
    return Asking(is_question=score >= THRESHOLD, score=score)


def judge_many(messages: Iterable[tuple[str, bool]]) -> list[Asking]:
    """Judge messages given as (text, is at top level), in their order."""
    return [judge(text, top_level=top_level) for text, top_level in messages]
