"""Run the measures on an export, one after the other."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any, TypeVar

from bot.errors import BadInputError
from bot.evaluation import questions, topics, who_knows
from bot.evaluation.history import History, read_history
from bot.evaluation.questions import Taken
from bot.evaluation.scoring import Detection, Speed
from bot.evaluation.topic_scores import TopicScores
from bot.evaluation.trial import Lab
from bot.evaluation.who_knows import WhoKnowsScores
from bot.slack_export import Export

# What is asked comes from the last fifth of the time; the rest is to learn from.
LAST_PART = 0.2

Scores = TypeVar("Scores")


class Measure(StrEnum):
    """What can be measured."""

    WHO_KNOWS = "who-knows"
    TOPICS = "topics"
    QUESTIONS = "questions"


@dataclass(frozen=True, slots=True)
class Plan:
    """What to measure.

    Attributes:
        measures: Which.
        at: Where to cut the history (aware); None for its last fifth.
        most: The most questions to ask.
        labelled: Labelled messages, if there are any.
    """

    measures: frozenset[Measure]
    at: datetime | None = None
    most: int = 600
    labelled: Sequence[Mapping[str, Any]] | None = None


@dataclass(frozen=True, slots=True)
class Report:
    """What was measured.

    Attributes:
        not_measured: Why a measure is missing, by its name.
    """

    export: str
    messages: int
    engine: str | None
    who_knows: WhoKnowsScores | None
    topics: TopicScores | None
    taken: Taken | None
    detected: tuple[Detection, ...]
    not_measured: Mapping[Measure, str]

    @property
    def speed(self) -> Speed | None:
        """Of an import that was measured, if one was."""
        measured = self.who_knows or self.topics
        return measured.speed if measured else None

    def as_json(self) -> dict[str, Any]:
        """Every figure."""
        return {
            "export": self.export,
            "messages": self.messages,
            "engine": self.engine,
            "who_knows": self.who_knows and self.who_knows.as_json(),
            "topics": self.topics and self.topics.as_json(),
            "questions": self.taken
            and self.taken.as_json() | {"labelled": questions.as_json(self.detected)},
            "speed": self.speed and self.speed.as_json(),
            "not_measured": dict(self.not_measured),
        }


def evaluate(export: Export, plan: Plan, lab: Lab, *, engine: str | None) -> Report:
    """Measure what the plan says.

    Args:
        export: Of any workspace; its public channels are read.
        plan: What to measure.
        lab: Where.
        engine: The name of the sentence vectors in use, for the report.

    Raises:
        BadInputError: Nothing of it can be measured, or the labels are wrong.
    """
    hears = lab.open_engine() if Measure.QUESTIONS in plan.measures else None
    detected = (
        questions.detect(plan.labelled, hears) if plan.labelled is not None else ()
    )
    history = read_history(export, lambda done, of: lab.tell("Reading", done, of))
    said = sum(line.said is not None for line in history.lines)
    attempts = _Attempts(plan.measures, {})
    report = Report(
        export=export.name,
        messages=said,
        engine=engine,
        taken=attempts.at(Measure.QUESTIONS, lambda: questions.count(history, hears)),
        who_knows=attempts.at(Measure.WHO_KNOWS, lambda: _ask(lab, history, plan)),
        topics=attempts.at(Measure.TOPICS, lambda: topics.measure(lab, history)),
        detected=detected,
        not_measured=attempts.failed,
    )
    if len(report.not_measured) == len(plan.measures):
        raise BadInputError("; ".join(report.not_measured.values()))
    return report


@dataclass(frozen=True, slots=True)
class _Attempts:
    """Runs each measure that was asked for, and notes why one cannot be had."""

    wanted: Collection[Measure]
    failed: dict[Measure, str]

    def at(self, measure: Measure, run: Callable[[], Scores]) -> Scores | None:
        if measure not in self.wanted:
            return None
        try:
            return run()
        except BadInputError as error:
            self.failed[measure] = str(error)
            return None


def _ask(lab: Lab, history: History, plan: Plan) -> WhoKnowsScores:
    made = who_knows.cut(history, plan.at or last_part(history), plan.most)
    return who_knows.measure(lab, history, made)


def last_part(history: History) -> datetime:
    """When the last fifth of the time that a history covers began.

    Raises:
        BadInputError: Nobody wrote anything.
    """
    at = [line.at for line in history.lines if line.said]
    if not at:
        raise BadInputError("nobody wrote anything in a public channel of this export")
    return datetime.fromtimestamp(at[-1] - LAST_PART * (at[-1] - at[0]), tz=UTC)
