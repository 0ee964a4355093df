"""Who knows: the product asked what people asked next, and who then answered.

The right answers are partial: a good person who did not happen to reply counts
as wrong, so read the figures beside the baselines, not beside 1.
"""

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import numpy as np

from bot import finding
from bot.errors import BadInputError
from bot.evaluation.baselines import NAMES, WITHOUT_CHANNEL, Baselines
from bot.evaluation.history import Asked, History, questions_of
from bot.evaluation.rewriting import before
from bot.evaluation.scoring import DEPTH, Compared, Ranking, Speed, first_right
from bot.evaluation.trial import Lab, Trial, learn
from bot.importing import newest_at

GRAPEVINE = "Grapevine"

# With fewer, the interval of a figure is wider than any difference worth knowing.
FEWEST_QUESTIONS = 30
# Cold: everybody who answered had answered so few before.
COLD_ANSWERS = 3
_SEED = 1


@dataclass(frozen=True, slots=True)
class Cut:
    """A history cut in time.

    Attributes:
        at: Where (aware).
        past: Questions asked before.
        asked: Those to ask: asked after it, and answered by somebody who had
            answered somebody before.
    """

    at: datetime
    past: Sequence[Asked]
    asked: Sequence[Asked]


@dataclass(frozen=True, slots=True)
class WhoKnowsScores:
    """What came out, with the channel told and without.

    Attributes:
        cold: Of each question, whether everybody who answered was new to it.
        seconds: Of each question, how long the answer took, channel told.
    """

    cut: Cut
    with_channel: Compared
    without_channel: Compared
    cold: tuple[bool, ...]
    seconds: tuple[float, ...]
    speed: Speed

    def took_ms(self, percentile: float) -> float:
        """How long an answer took, from a warm process."""
        return float(np.percentile(self.seconds, percentile)) * 1000

    def as_json(self) -> dict[str, Any]:
        """Every figure."""
        return {
            "at": self.cut.at.isoformat(),
            "n": len(self.cut.asked),
            "with_channel": self.with_channel.as_json(),
            "without_channel": self.without_channel.as_json(),
            "cold_start": {
                "n": sum(self.cold),
                "with_channel": self.with_channel.only(self.cold).as_json(),
                "without_channel": self.without_channel.only(self.cold).as_json(),
            }
            if any(self.cold)
            else None,
            "milliseconds": {f"p{p}": round(self.took_ms(p), 2) for p in (50, 95)},
        }


def cut(history: History, at: datetime, most: int) -> Cut:
    """Cut a history at a moment, and choose at most so many later questions.

    Raises:
        BadInputError: Too few questions were answered after it, or nobody before.
    """
    questions = questions_of(history.lines)
    past = questions_of(line for line in history.lines if line.at < at.timestamp())
    known = {user for asked in past for user in asked.answers}
    if not known:
        raise BadInputError(
            f"nobody had answered a question before {at:%Y-%m-%d}; give a later --at"
        )
    later = [
        asked
        for asked in questions
        if asked.at >= at.timestamp() and known & asked.answers.keys()
    ]
    if len(later) < FEWEST_QUESTIONS:
        raise BadInputError(
            f"too few questions answered after {at:%Y-%m-%d}: {len(later)} of the "
            f"{FEWEST_QUESTIONS} needed; give an earlier --at"
        )
    chosen = random.Random(_SEED).sample(later, min(most, len(later)))  # noqa: S311 - a sample that can be repeated
    return Cut(at, past, sorted(chosen, key=lambda asked: asked.at))


def measure(lab: Lab, history: History, made: Cut) -> WhoKnowsScores:
    """Learn what came before the cut, and ask what came after."""
    baselines = Baselines(made.past)
    others = [baselines.rank(asked) for asked in made.asked]
    with learn(lab, before(history, made.at)) as trial:
        told, seconds = _answers(lab, trial, made.asked, with_channel=True)
        untold, _ = _answers(lab, trial, made.asked, with_channel=False)
    return WhoKnowsScores(
        cut=made,
        with_channel=_compare(made.asked, told, others, NAMES),
        without_channel=_compare(made.asked, untold, others, WITHOUT_CHANNEL),
        cold=tuple(
            all(baselines.answers_of(user) <= COLD_ANSWERS for user in asked.answers)
            for asked in made.asked
        ),
        seconds=seconds,
        speed=trial.speed,
    )


def _answers(
    lab: Lab, trial: Trial, questions: Sequence[Asked], *, with_channel: bool
) -> tuple[list[list[str]], tuple[float, ...]]:
    """Ask the product, as `who-knows --batch` does.

    Returns:
        The people of each question, best first, and how long each took in seconds.
    """
    answers, seconds = [], []
    with trial.deps.database.readers() as session:
        trial.deps.memories.of(session, trial.workspace_id)
        now = newest_at(session, trial.workspace_id) or lab.clock()
        for done, one in enumerate(questions, 1):
            began = lab.stopwatch()
            asked = finding.Asked(
                workspace_id=trial.workspace_id,
                text=one.text,
                asker_id=one.asker_id,
                channel_id=one.channel_id if with_channel else None,
                now=now,
                limit=DEPTH,
            )
            view = finding.look(session, trial.deps, asked)
            ranked = finding.rank(view, limit=DEPTH)
            seconds.append(lab.stopwatch() - began)
            answers.append([person.user_id for person in ranked])
            lab.tell("Asking who knows", done, len(questions))
    return answers, tuple(seconds)


def _compare(
    questions: Sequence[Asked],
    ours: Sequence[Sequence[str]],
    others: Sequence[dict[str, list[str]]],
    names: Sequence[str],
) -> Compared:
    def ranking(name: str, lists: Iterator[Sequence[str]]) -> Ranking:
        pairs = zip(lists, questions, strict=True)
        return Ranking(name, tuple(first_right(r, q.answers) for r, q in pairs))

    return Compared(
        (
            ranking(GRAPEVINE, iter(ours)),
            *(ranking(name, (o[name] for o in others)) for name in names),
        )
    )
