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


def digest(words: Sequence[int]) -> str:
    """Name a question by its hashed words, whatever their order."""
    held = np.unique(np.array(words, np.int64)).tobytes()
    return blake2b(held, digest_size=16).hexdigest()
