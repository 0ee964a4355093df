"""Where the same was asked before: found, never across what Slack would not show."""

from dataclasses import replace
from typing import Any

import pytest

from bot.answering import Asking, answer_privately
from bot.answers import Earlier
from bot.deps import Deps
from bot.finding import Asked, find_who_knows
from bot.memory import Memories
from bot.vectors import load_engine
from tests.graph.conftest import NOW, TEAM
from tests.graph.talk import delete, happen, message, ts

AXIS = "Does the plotting library support a logarithmic axis on bar charts?"
AGAIN = "Does the plotting library support a logarithmic axis now?"
OTHER = (
    "Which bus goes to the harbour on Sundays?",
    "How long may sourdough rest in the fridge?",
    "Who ordered the new chairs for the kitchen?",
    "When does the printer get its toner?",
    "Is the parking garage open at night?",
    "How do I book the meeting room downstairs?",
)


@pytest.fixture
def deps(deps: Deps) -> Deps:
    heard = replace(deps, memories=Memories(load_engine("minilm")))
    for i, text in enumerate(OTHER):
        happen(heard, answered("UCORA", "UDAVE", text, 1_000 + 10 * i))
    return heard


def answered(
    asker: str, answerer: str, text: str, second: float, channel: str = "CPUB"
) -> list[dict[str, Any]]:
    return [
        message(asker, text, second, channel=channel),
        message(answerer, "Yes, it does.", second + 1, channel=channel, thread=second),
    ]


def earlier(deps: Deps, asker: str | None = None, **given: Any) -> list[str]:
    asked = Asked(TEAM, AGAIN, asker, None, NOW, **given)
    return [one.ts for one in find_who_knows(deps, asked).asked_before]


def test_an_answered_question_that_means_the_same_is_found(deps: Deps) -> None:
    happen(deps, answered("UANNA", "UBERT", AXIS, 10))

    found = find_who_knows(deps, Asked(TEAM, AGAIN, "UCORA", None, NOW)).asked_before

    assert [(one.channel_id, one.ts, one.answers) for one in found] == [
        ("CPUB", ts(10), 1)
    ]


def test_an_unanswered_question_is_no_help(deps: Deps) -> None:
    happen(deps, [message("UANNA", AXIS, 10)])

    assert earlier(deps) == []


def test_a_question_about_something_else_is_not_the_same(deps: Deps) -> None:
    happen(deps, answered("UANNA", "UBERT", AXIS, 10))

    found = find_who_knows(deps, Asked(TEAM, OTHER[0], None, None, NOW)).asked_before

    assert ts(10) not in [one.ts for one in found]


def test_ones_own_question_one_remembers(deps: Deps) -> None:
    happen(deps, answered("UANNA", "UBERT", AXIS, 10))

    assert earlier(deps, "UANNA") == []
    assert earlier(deps, "UCORA") == [ts(10)]


def test_a_message_asked_about_from_its_menu_is_not_its_own_repeat(deps: Deps) -> None:
    happen(deps, answered("UANNA", "UBERT", AGAIN, 10))

    assert earlier(deps, "UCORA", thread_ts=ts(10)) == []


def test_a_deleted_question_is_gone_at_once(deps: Deps) -> None:
    asked = answered("UANNA", "UBERT", AXIS, 10)
    happen(deps, asked)
    assert earlier(deps) == [ts(10)]

    happen(deps, [delete(asked[0], 20)])

    assert earlier(deps) == []


@pytest.mark.parametrize("asker", [None, "UCORA", "UOUTSIDE"])
def test_nobody_learns_what_was_asked_in_a_private_channel(
    deps: Deps, asker: str | None
) -> None:
    happen(deps, answered("UINSIDE", "UASKER2", AXIS, 10, "CPRIV"))

    assert earlier(deps, asker) == []


def test_who_is_in_a_private_channel_finds_what_was_asked_there(deps: Deps) -> None:
    happen(deps, answered("UINSIDE", "UASKER2", AXIS, 10, "CPRIV"))

    assert earlier(deps, "UASKER2") == [ts(10)]


def test_what_is_shared_leaves_private_questions_out(deps: Deps) -> None:
    happen(deps, answered("UINSIDE", "UASKER2", AXIS, 10, "CPRIV"))
    happen(deps, answered("UANNA", "UBERT", AXIS, 30))

    assert earlier(deps, "UASKER2", public_only=True) == [ts(30)]


def test_private_questions_change_no_score_for_those_outside(deps: Deps) -> None:
    happen(deps, answered("UANNA", "UBERT", AXIS, 10))
    before = _scores(deps, "UCORA")

    for i in range(5):
        happen(deps, answered("UINSIDE", "UASKER2", AXIS, 30 + 10 * i, "CPRIV"))

    assert _scores(deps, "UCORA") == before
    assert len(_scores(deps, "UASKER2")) == 6


def _scores(deps: Deps, asker: str) -> list[Earlier]:
    asked = Asked(TEAM, AGAIN, asker, None, NOW)
    return list(find_who_knows(deps, asked).asked_before)


def test_an_answer_shows_links_and_never_what_was_asked(deps: Deps) -> None:
    happen(deps, answered("UANNA", "UBERT", AXIS, 10))

    spoken = answer_privately(deps, Asking(TEAM, "UCORA", AGAIN, "CTWO"))

    shown = str(spoken.blocks)
    assert "*Asked before*" in shown
    assert f"p{ts(10).replace('.', '')}" in shown
    assert "1 person answered" in shown
    assert "It was asked before" in spoken.text
    assert "bar charts" not in shown + spoken.text


def test_without_vectors_nothing_is_claimed_to_be_the_same(deps: Deps) -> None:
    happen(deps, answered("UANNA", "UBERT", AXIS, 10))
    without = replace(deps, memories=Memories(None))

    assert earlier(without) == []
