"""Questions: what is taken for one, beside the question mark."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from bot.errors import BadInputError
from bot.evaluation.history import History, has_question_mark
from bot.evaluation.scoring import Detection
from bot.hearing import judge_all
from bot.vectors import Engine

MARK = "baseline: question mark"

_LABELS = {"yes": True, "no": False, True: True, False: False}


@dataclass(frozen=True, slots=True)
class Taken:
    """Messages that open a thread, and how many are taken for a question.

    Attributes:
        messages: All.
        ours, marked: Those that Grapevine takes for one; those with a mark.
        both: Those of both.
    """

    messages: int
    ours: int
    marked: int
    both: int

    def as_json(self) -> dict[str, int]:
        """The counts."""
        return {
            "messages": self.messages,
            "grapevine": self.ours,
            "question_mark": self.marked,
            "both": self.both,
        }


def count(history: History, engine: Engine | None) -> Taken:
    """Count what is taken for a question, with an engine or without.

    Raises:
        BadInputError: Nobody wrote anything.
    """
    texts = [x.said.text for x in history.lines if x.said and x.said.is_root]
    if not texts:
        raise BadInputError("nobody wrote anything in a public channel of this export")
    judged = judge_all(engine, [(text, True) for text in texts])
    ours = [one.is_question for one in judged]
    marked = [has_question_mark(text) for text in texts]
    both = sum(o and m for o, m in zip(ours, marked, strict=True))
    return Taken(len(texts), sum(ours), sum(marked), both)


def detect(
    labelled: Iterable[Mapping[str, Any]], engine: Engine | None
) -> tuple[Detection, Detection]:
    """Judge labelled messages, ours first, then the question mark.

    Args:
        labelled: Objects with "text", "label" ("yes" or "no") and, where the
            message replied in a thread, "top_level" false.
        engine: Of sentence vectors, if there is one.

    Raises:
        BadInputError: There is none, or a label is neither yes nor no.
    """
    true, messages = [], []
    for number, row in enumerate(labelled, 1):
        true.append(_label(row, number))
        messages.append((row["text"], bool(row.get("top_level", True))))
    if not true:
        raise BadInputError("the file of --labels holds no message")
    ours = [one.is_question for one in judge_all(engine, messages)]
    marked = [has_question_mark(text) for text, _ in messages]
    return (
        Detection("Grapevine", tuple(ours), tuple(true)),
        Detection(MARK, tuple(marked), tuple(true)),
    )


def _label(row: Mapping[str, Any], number: int) -> bool:
    label = row.get("label")
    known = label.strip().lower() if isinstance(label, str) else label
    if not isinstance(known, (str, bool)) or known not in _LABELS:
        raise BadInputError(
            f'labelled message {number}: "label" is {label!r}; write "yes" or "no"'
        )
    return _LABELS[known]


def as_json(rows: Iterable[Detection]) -> list[dict[str, Any]]:
    """Every row's figures."""
    return [row.as_json() for row in rows]
