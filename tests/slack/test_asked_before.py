"""Saying in Slack whether an earlier question was the same."""

import json
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from bot.blocks.asked_before import NOT_SAME_ACTION, SAME_ACTION
from bot.blocks.who_knows import SHARE_ACTION
from bot.deps import Deps
from bot.feedback import learn
from bot.memory import Memories
from bot.vectors import load_engine
from models import Preference, RepeatVote
from tests.slack.conftest import NOW

ANN, BEN, CAT = "U1ANN", "U2BEN", "U3CAT"
AXIS = "Does the plotting library support a logarithmic axis on bar charts?"
AGAIN = "Does the plotting library support a logarithmic axis now?"
OTHER = (
    "Which bus goes to the harbour on Sundays?",
    "How long may sourdough rest in the fridge?",
    "When does the printer get its toner?",
    "Is the parking garage open at night?",
)


@pytest.fixture
def deps(deps: Deps) -> Deps:
    return replace(deps, memories=Memories(load_engine("minilm")))


@pytest.fixture
def asked(talked: Any) -> Any:
    for text in (AXIS, *OTHER):
        question = talked.person(ANN).post("C1DATA", text)
        talked.person(BEN).post("C1DATA", "Yes.", thread_ts=question["ts"])
    talked.settle()
    return talked


def shown(message: dict[str, Any]) -> str:
    return str(message["text"]) + json.dumps(message["blocks"])


def held(world: Any) -> list[RepeatVote]:
    with world.deps.database.readers() as session:
        return list(session.scalars(select(RepeatVote)))


@pytest.mark.parametrize(
    ("action", "is_same"), [(SAME_ACTION, True), (NOT_SAME_ACTION, False)]
)
def test_the_asker_says_whether_it_is_the_same_and_the_answer_stays(
    asked: Any,
    action: str,
    is_same: bool,  # noqa: FBT001 - a parameter of the test
) -> None:
    answer = asked.ask(CAT, "/who-knows", AGAIN, "C1DATA")
    asked.person(CAT).click(answer, action)
    asked.person(CAT).click(answer, action)

    (vote,) = held(asked)
    assert (vote.user_id, vote.is_same) == (CAT, is_same)
    seen = [m for m in asked.person(CAT).sees("C1DATA") if "recipient" in m]
    assert seen[-1]["text"].startswith("Thank you.")
    assert any(action in shown(m) for m in seen if m.get("blocks"))


def test_enough_refusals_keep_a_pair_from_being_shown_here(asked: Any) -> None:
    answer = asked.ask(CAT, "/who-knows", AGAIN, "C1DATA")
    asked.person(CAT).click(answer, NOT_SAME_ACTION)
    (vote,) = held(asked)
    row = {"is_same": False, "score": vote.score, "at": vote.at}
    with asked.deps.database.sessions.begin() as session:
        for i in range(40):
            key = {"workspace_id": "T0LOCAL", "user_id": f"U{i}", "pair": f"p{i}"}
            session.add(RepeatVote(**key, **row))
    learn(asked.deps, now=NOW + timedelta(minutes=1))

    again = asked.ask(CAT, "/who-knows", AGAIN, "C1DATA")

    assert "Asked before" in shown(answer)
    assert "Asked before" not in shown(again)


def test_nobody_learns_from_their_thanks_that_they_opted_out(asked: Any) -> None:
    answer = asked.ask(CAT, "/who-knows", AGAIN, "C1DATA")
    with asked.deps.database.sessions.begin() as session:
        wish = Preference(workspace_id="T0LOCAL", user_id=CAT, is_opted_out=True)
        session.merge(wish)
    asked.person(CAT).click(answer, SAME_ACTION)

    assert held(asked) == []
    assert asked.slack.ephemerals[-1]["text"].startswith("Thank you.")


def test_what_is_shared_asks_nobody_whether_it_is_the_same(asked: Any) -> None:
    answer = asked.ask(CAT, "/who-knows", AGAIN, "C1DATA")
    asked.person(CAT).click(answer, SHARE_ACTION)
    asked.settle()

    post = asked.slack.posts[-1]
    assert "Asked before" in shown(post)
    assert SAME_ACTION not in shown(post)


def test_a_button_from_before_an_upgrade_is_told_calmly(
    asked: Any, caplog: pytest.LogCaptureFixture
) -> None:
    answer = asked.ask(CAT, "/who-knows", AGAIN, "C1DATA")
    for block in answer["blocks"]:
        for element in block.get("elements", []):
            if element.get("action_id") == SAME_ACTION:
                element["value"] = "{}"
    asked.person(CAT).click(answer, SAME_ACTION)

    assert held(asked) == []
    assert "BadInputError: this button is too old" in caplog.text
    caplog.clear()
