"""Does a subject come back, over weeks and from several people?

Without this gate bursts pass for topics: a control that sees no text at all, only
who wrote when, "finds" sixteen of thirty-eight communities without it, one with it.
"""

from dataclasses import dataclass

import numpy as np
from scipy import sparse

from bot.corpus import Corpus, Ints

WEEK_S = 7 * 86400.0
DAY_S = 86400.0
_MONDAY = 4 * DAY_S  # 1970-01-05, the first Monday

MIN_QUESTIONS = 12
MIN_PEOPLE = 8
MIN_WEEKS = 4
MAX_WEEK_SHARE = 0.5
MAX_ASKER_SHARE = 0.4


@dataclass(frozen=True, slots=True)
class Recurrence:
    """How a set of questions is spread over people and time.

    Attributes:
        questions: How many.
        askers: How many people ask.
        people: How many take part: ask, answer or are mentioned.
        weeks: In how many calendar weeks (UTC, from Monday).
        days: On how many days (UTC).
        busiest_week: Share of the questions in the busiest week.
        busiest_asker: Share of the questions by one person.
    """

    questions: int
    askers: int
    people: int
    weeks: int
    days: int
    busiest_week: float
    busiest_asker: float


def spread(corpus: Corpus, rows: Ints, part: sparse.csr_array) -> Recurrence:
    """Count how questions are spread over people and time.

    Args:
        corpus: Everything heard.
        rows: The questions.
        part: Who takes part in each (questions by people).
    """
    total = max(len(rows), 1)
    at = corpus.at[rows]
    _, in_week = np.unique((at - _MONDAY) // WEEK_S, return_counts=True)
    _, by_asker = np.unique(corpus.person[rows], return_counts=True)
    return Recurrence(
        questions=len(rows),
        askers=len(by_asker),
        people=len(np.unique(part.indices)),
        weeks=len(in_week),
        days=len(np.unique(at // DAY_S)),
        busiest_week=float(in_week.max(initial=0)) / total,
        busiest_asker=float(by_asker.max(initial=0)) / total,
    )


def recurs(corpus: Corpus, rows: Ints, part: sparse.csr_array) -> bool:
    """Say whether questions come back over weeks and from several people."""
    held = spread(corpus, rows, part)
    return (
        held.questions >= MIN_QUESTIONS
        and held.people >= MIN_PEOPLE
        and held.weeks >= MIN_WEEKS
        and held.busiest_week <= MAX_WEEK_SHARE
        and held.busiest_asker <= MAX_ASKER_SHARE
    )
