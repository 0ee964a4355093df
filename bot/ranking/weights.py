"""The weights of the ranking's features, shipped as data."""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from functools import lru_cache
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Weights:
    """How much each feature counts, by the names in `people` and `where`.

    Attributes:
        with_channel: Where the question's channel is known.
        without_channel: Where it has to be guessed.
        words_with_channel, words_without_channel: The same, where there are no vectors.
        which_channel: For guessing the channel.
    """

    with_channel: Mapping[str, float]
    without_channel: Mapping[str, float]
    words_with_channel: Mapping[str, float]
    words_without_channel: Mapping[str, float]
    which_channel: Mapping[str, float]

    def ranking(self, *, has_channel: bool, has_vector: bool) -> Mapping[str, float]:
        """Choose the weights that rank people for a question."""
        if has_vector:
            return self.with_channel if has_channel else self.without_channel
        return self.words_with_channel if has_channel else self.words_without_channel

    def scaled(self, factors: Mapping[str, float]) -> "Weights":
        """Multiply the weights that rank people, by feature."""

        def scale(weights: Mapping[str, float]) -> dict[str, float]:
            return {n: w * factors.get(n, 1.0) for n, w in weights.items()}

        return Weights(
            scale(self.with_channel),
            scale(self.without_channel),
            scale(self.words_with_channel),
            scale(self.words_without_channel),
            self.which_channel,
        )

    def to_json(self) -> str:
        """Write the weights, one a line."""
        return json.dumps(asdict(self), indent=2) + "\n"

    @classmethod
    def from_json(cls, text: str) -> "Weights":
        """Read what `to_json` wrote.

        Raises:
            ValueError: It is not JSON.
            KeyError: A set of weights is missing.
        """
        held = json.loads(text)
        return cls(**{one.name: held[one.name] for one in fields(cls)})


@lru_cache(maxsize=1)
def shipped_weights() -> Weights:
    """The weights that come with Grapevine.

    They were fitted by maximum likelihood over who answered which question in
    two communities' histories (`python -m bot.ranking.fit`).
    """
    held = Path(__file__).with_name("weights.json").read_text(encoding="utf-8")
    return Weights.from_json(held)
