"""What a button carries by which somebody says how an answer went. Pure."""

import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from hashlib import blake2b

import numpy as np

from bot.errors import BadInputError

_DECIMALS = 2

# How what is no ballot fails to be read.
_MISSHAPEN = (AttributeError, KeyError, OverflowError, TypeError, ValueError)
_TOO_OLD = "this button is too old; ask again"


@dataclass(frozen=True, slots=True)
class Ballot:
    """A question without its words, and what spoke for whom.

    Attributes:
        question: Its digest (`digest`).
        people: By the id of each person named, by feature of the ranking: what it
            added to them beyond the others (`bot.ranking.tuning.contrast`).
    """

    question: str
    people: Mapping[str, Mapping[str, float]]

    def dump(self) -> str:
        """Write it as the value of a button, without what rounds to nothing."""
        rounded = {
            user_id: {n: r for n, x in parts.items() if (r := round(x, _DECIMALS))}
            for user_id, parts in self.people.items()
        }
        return json.dumps(asdict(Ballot(self.question, rounded)))


def load_ballot(value: str) -> Ballot:
    """Read what a button carries.

    Raises:
        BadInputError: It is not what a button of ours carries.
    """
    try:
        held = json.loads(value)
        people = {
            str(user_id): {str(name): _finite(x) for name, x in parts.items()}
            for user_id, parts in held["people"].items()
        }
        return Ballot(str(held["question"]), people)
    except _MISSHAPEN as error:
        raise BadInputError(_TOO_OLD) from error


@dataclass(frozen=True, slots=True)
class RepeatBallot:
    """A pair of questions without words or ids, and how sure it looked.

    Attributes:
        pair: A digest of the new question's and where the earlier one stands.
        score: Log odds that they mean the same, as shipped.
    """

    pair: str
    score: float

    def dump(self) -> str:
        """Write it as the value of a button."""
        return json.dumps({"pair": self.pair, "score": round(self.score, _DECIMALS)})


def repeat_ballot(
    question: str, channel_id: str, ts: str, *, score: float
) -> RepeatBallot:
    """Make the ballot on an earlier question, for a new one's digest."""
    named = f"{question}/{channel_id}/{ts}".encode()
    return RepeatBallot(blake2b(named, digest_size=16).hexdigest(), score)


def load_repeat_ballot(value: str) -> RepeatBallot:
    """Read what a button carries.

    Raises:
        BadInputError: It is not what a button of ours carries.
    """
    try:
        held = json.loads(value)
        return RepeatBallot(str(held["pair"]), _finite(held["score"]))
    except _MISSHAPEN as error:
        raise BadInputError(_TOO_OLD) from error


def _finite(value: object) -> float:
    """Take a value as a number; NaN would spoil whatever is learnt with it."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise TypeError("not a number")
    number = float(value)
    if not math.isfinite(number):
        raise ValueError("not a finite number")
    return number


def digest(words: Sequence[int]) -> str:
    """Name a question by its hashed words, whatever their order."""
    held = np.unique(np.array(words, np.int64)).tobytes()
    return blake2b(held, digest_size=16).hexdigest()
