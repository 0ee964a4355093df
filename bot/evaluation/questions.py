"""Questions: what is taken for one, beside the question mark."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from bot.asking import judge
from bot.errors import BadInputError
from bot.evaluation.history import History, has_question_mark
from bot.evaluation.scoring import Detection

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


def count(history: History) -> Taken:
    """Count what is taken for a question.

    Raises:
        BadInputError: Nobody wrote anything.
    """
    texts = [x.said.text for x in history.lines if x.said and x.said.is_root]
    if not texts:
        raise BadInputError("nobody wrote anything in a public channel of this export")
    ours = [judge(text).is_question for text in texts]
    marked = [has_question_mark(text) for text in texts]
    both = sum(o and m for o, m in zip(ours, marked, strict=True))
    return Taken(len(texts), sum(ours), sum(marked), both)


def detect(labelled: Iterable[Mapping[str, Any]]) -> tuple[Detection, Detection]:
    """Judge labelled messages, ours first, then the question mark.

    Args:
        labelled: Objects with "text", "label" ("yes" or "no") and, where the
            message replied in a thread, "top_level" false.

    Raises:
        BadInputError: There is none, or a label is neither yes nor no.
    """
    true, ours, marked = [], [], []
    for number, row in enumerate(labelled, 1):
        true.append(_label(row, number))
        top_level = bool(row.get("top_level", True))
        ours.append(judge(row["text"], top_level=top_level).is_question)
        marked.append(has_question_mark(row["text"]))
    if not true:
        raise BadInputError("the file of --labels holds no message")
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
