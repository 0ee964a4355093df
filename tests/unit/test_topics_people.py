from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

import numpy as np
import pytest

from bot.corpus import Corpus, Fact, Ints
from bot.momentum import WINDOW
from bot.topics.people import Part, count, find_home, hosts, invited, take_parts
from tests.talk import DAY_S, START, corpus_of, fact

NOW = START + timedelta(weeks=8)


def thread(
    asker: str, helpers: list[str], day: float, channel: str = "C1"
) -> list[Fact]:
    question = fact("how hot is the oven?", asker, day * DAY_S, channel)
    replies = [
        fact(
            "quite hot",
            helper,
            day * DAY_S + 60 * (i + 1),
            channel,
            thread_ts=question.ts,
        )
        for i, helper in enumerate(helpers)
    ]
    return [question, *replies]


def laid_out(*threads: list[Fact]) -> tuple[Corpus, Ints]:
    corpus = corpus_of([f for t in threads for f in t])
    return corpus, np.flatnonzero(corpus.is_question).astype(np.int32)


def test_asking_and_answering_are_counted_apart() -> None:
    corpus, rows = laid_out(
        thread("UA", ["UB", "UA"], 0),
        thread("UB", ["UC"], 7),
        thread("UA", ["UB"], 14, "C2"),
    )

    facts = count(corpus, rows, now=NOW)

    assert (facts.questions, facts.askers, facts.people) == (3, 2, 3)
    assert (facts.returning, facts.both) == (2, 1)
    assert (facts.channels, facts.weeks, facts.days) == (2, 3, 3)
    assert facts.busiest_channel == pytest.approx(2 / 3)
    assert facts.busiest_asker == pytest.approx(2 / 3)
    assert facts.busiest_week == pytest.approx(1 / 3)
    assert facts.last_asked_at == START + timedelta(days=14)


@pytest.mark.parametrize(
    ("now", "questions"),
    [
        pytest.param(START + WINDOW, 0, id="just too old"),
        pytest.param(START + WINDOW - timedelta(seconds=1), 1, id="just recent enough"),
        pytest.param(START, 1, id="asked this moment"),
        pytest.param(START - timedelta(seconds=1), 0, id="not asked yet"),
    ],
)
def test_what_is_too_old_or_to_come_does_not_count(
    now: datetime, questions: int
) -> None:
    corpus, rows = laid_out(thread("UA", ["UB"], 0))

    assert count(corpus, rows, now=now).questions == questions


def test_a_part_is_what_a_person_did() -> None:
    corpus, rows = laid_out(
        thread("UA", ["UB", "UB"], 0), thread("UA", ["UB"], 7), thread("UB", ["UA"], 8)
    )

    parts = {
        p.user_id: (p.asked, p.answered, p.weeks) for p in take_parts(corpus, rows)
    }

    assert parts == {"UA": (2, 1, 1), "UB": (1, 2, 2)}


def test_replies_elsewhere_are_no_part_of_it() -> None:
    corpus, rows = laid_out(thread("UA", ["UB"], 0), thread("UC", ["UD"], 1))

    assert {p.user_id for p in take_parts(corpus, rows[:1])} == {"UA", "UB"}


def part(user: str, weeks: int, *threads: int, asked: int = 0) -> Part:
    return Part(user, asked, len(threads), weeks, frozenset(threads))


@pytest.mark.parametrize(
    ("parts", "expected"),
    [
        pytest.param(
            [part("UA", 2, 1, 2), part("UB", 3, 3, 4, 5)],
            ["UB", "UA"],
            id="who returns most first",
        ),
        pytest.param(
            [part("UA", 1, 1, 2), part("UB", 2, 3, 4)],
            ["UB"],
            id="one week is no habit",
        ),
        pytest.param(
            [part("UA", 1, 1), part("UB", 1, 2, asked=1), part("UC", 2, 3, 4)],
            ["UC", "UB"],
            id="who asks and answers fills up",
        ),
        pytest.param(
            [part(f"U{i}", 1, i, asked=1) for i in range(3)],
            ["U0", "U1"],
            id="two at most fill up",
        ),
        pytest.param(
            [part(f"U{i}", 9 - i, 10 * i, 10 * i + 1) for i in range(5)],
            ["U0", "U1", "U2"],
            id="three at most",
        ),
        pytest.param(
            [part("UA", 4, 1, 2, 3), part("UB", 3, 1, 2, 3), part("UC", 2, 7, 8)],
            ["UA", "UC"],
            id="somebody who knows another part of it",
        ),
        pytest.param(
            [part("UA", 4, 1, 2, 3), part("UB", 3, 1, 2, 3)],
            ["UA", "UB"],
            id="two even if they are alike",
        ),
        pytest.param([part("UX", 4, 1, 2)], [], id="nobody who is not to be asked"),
        pytest.param([], [], id="nobody"),
    ],
)
def test_two_or_three_people_are_asked_to_host(
    parts: list[Part], expected: Any
) -> None:
    assert hosts(parts, leave_out={"UX"}) == expected


def test_those_who_take_part_most_are_invited_first() -> None:
    parts = [
        part("UA", 1, 1),
        part("UB", 1, 1, 2, asked=1),
        part("UX", 3, 1, 2, 3),
        part("UC", 0, asked=1),
    ]

    assert invited(parts, leave_out={"UX"}) == ["UB", "UA", "UC"]


def test_so_many_are_invited_at_most() -> None:
    assert len(invited([part(f"U{i}", 1, i) for i in range(50)])) == 30


def home(
    threads: Any,
    names: Sequence[str] = ("Ovens",),
    channels: dict[str, str] | None = None,
) -> str | None:
    corpus, rows = laid_out(*threads)
    first = [r for r in rows if corpus.people[corpus.person[r]] != "UELSE"]
    return find_home(
        corpus,
        np.array(first, np.int32),
        names,
        channels or {"C1": "oven", "C2": "general"},
    )


OTHERS = [thread("UELSE", [], 30 + i / 24) for i in range(20)]


@pytest.mark.parametrize(
    ("threads", "channels", "expected"),
    [
        pytest.param(
            [thread("UA", [], i, "C2") for i in range(3)],
            None,
            "C2",
            id="a channel that is about nothing else",
        ),
        pytest.param(
            [thread("UA", [], i) for i in range(3)] + OTHERS,
            {"C1": "all"},
            None,
            id="a channel about everything",
        ),
        pytest.param(
            [thread("UA", [], i) for i in range(3)] + OTHERS,
            {"C1": "ovens"},
            "C1",
            id="a channel of its name",
        ),
        pytest.param(
            [
                thread("UA", [], 0),
                *(thread("UA", [], i + 1, f"C{2 + i}") for i in range(4)),
            ],
            None,
            "C1",
            id="of its name with a fifth of it",
        ),
        pytest.param(
            [
                thread("UA", [], 0),
                *(thread("UA", [], i + 1, f"C{2 + i}") for i in range(5)),
            ],
            None,
            None,
            id="of its name with less",
        ),
    ],
)
def test_a_topic_may_have_its_channel_already(
    threads: Any, channels: dict[str, str] | None, expected: Any
) -> None:
    assert home(threads, channels=channels) == expected


def test_without_questions_there_is_no_home() -> None:
    corpus, rows = laid_out(thread("UA", [], 0))

    assert find_home(corpus, rows[:0], ["Ovens"], {"C1": "oven"}) is None


def test_a_topic_without_a_name_matches_no_channel_name() -> None:
    assert (
        home([thread("UA", [], 0), *OTHERS], names=("",), channels={"C1": ""}) is None
    )
