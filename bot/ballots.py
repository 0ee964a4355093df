"""What a button carries by which somebody says how an answer went. Pure."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from hashlib import blake2b

import numpy as np

from bot.errors import BadInputError

_DECIMALS = 2


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
        return Ballot(**json.loads(value))
    except (TypeError, ValueError) as error:
        raise BadInputError("this button is too old; ask again") from error


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
        return RepeatBallot(str(held["pair"]), float(held["score"]))
    except (KeyError, TypeError, ValueError) as error:
        raise BadInputError("this button is too old; ask again") from error


def digest(words: Sequence[int]) -> str:
    """Name a question by its hashed words, whatever their order."""
    held = np.unique(np.array(words, np.int64)).tobytes()
    return blake2b(held, digest_size=16).hexdigest()
