"""Does a subject come back, over weeks and from several people?

Without this gate bursts pass for topics: a control that sees no text at all, only
who wrote when, "finds" sixteen of thirty-eight communities without it, one with it.
"""

from dataclasses import dataclass

import numpy as np

from bot.corpus import Corpus, Ints

DAY_S = 86400.0
FIRST_MONDAY = 4  # days to 1970-01-05

MIN_QUESTIONS = 12
MIN_PEOPLE = 8
MIN_WEEKS = 4
MAX_WEEK_SHARE = 0.5
MAX_ASKER_SHARE = 0.4

# A topic is what several people ask: of its questions, one person asks no more.
ALONE_SHARE = 0.9


@dataclass(frozen=True, slots=True)
class Recurrence:
    """How a set of questions is spread over people and time.

    A person's questions of one day are one conversation: whoever asks thirty
    times in an afternoon has one problem, so shares are of conversations.

    Attributes:
        questions: How many.
        conversations: How many, a person and day counted once.
        askers: How many people ask.
        people: How many take part: ask, answer or are mentioned.
        weeks: In how many calendar weeks (UTC, from Monday).
        days: On how many days (UTC).
        busiest_week: Share of the conversations in the busiest week.
        busiest_asker: Share of the conversations by one person.
    """

    questions: int
    conversations: int
    askers: int
    people: int
    weeks: int
    days: int
    busiest_week: float
    busiest_asker: float


def spread(corpus: Corpus, rows: Ints, people: int) -> Recurrence:
    """Count how questions are spread over people and time.

    Args:
        corpus: Everything heard.
        rows: The questions.
        people: How many take part.
    """
    day = (corpus.at[rows] // DAY_S).astype(np.int64)
    held = np.unique(corpus.person[rows].astype(np.int64) * 2**31 + day)
    total = max(len(held), 1)
    week = (held % 2**31 - FIRST_MONDAY) // 7
    _, in_week = np.unique(week, return_counts=True)
    _, by_asker = np.unique(held >> 31, return_counts=True)
    return Recurrence(
        questions=len(rows),
        conversations=len(held),
        askers=len(by_asker),
        people=people,
        weeks=len(in_week),
        days=len(np.unique(day)),
        busiest_week=float(in_week.max(initial=0)) / total,
        busiest_asker=float(by_asker.max(initial=0)) / total,
    )


def recurs(corpus: Corpus, rows: Ints, people: int) -> bool:
    """Say whether questions come back over weeks and from several people."""
    if len(rows) < MIN_QUESTIONS or people < MIN_PEOPLE:
        return False
    held = spread(corpus, rows, people)
    return (
        held.weeks >= MIN_WEEKS
        and held.busiest_week <= MAX_WEEK_SHARE
        and held.busiest_asker <= MAX_ASKER_SHARE
    )


def by_several(corpus: Corpus, rows: Ints) -> bool:
    """Say whether several people ask these questions, none of them nearly alone."""
    _, asked = np.unique(corpus.person[rows], return_counts=True)
    return len(asked) > 1 and int(asked.max()) <= ALONE_SHARE * len(rows)
