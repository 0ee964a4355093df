"""`/grapevine` and its subcommands."""

import json
from typing import Any

import pytest
from sqlalchemy import select, update

from bot.blocks.home import ERASE_ACTION
from models import Question, Topic

ANN, BEN, CAT = "U1ANN", "U2BEN", "U3CAT"


@pytest.mark.parametrize("text", ["", "help", "HELP me"])
def test_help_says_what_there_is(world: Any, text: str) -> None:
    answer = world.ask(CAT, "/grapevine", text, "C1DATA")

    assert "/grapevine topics" in answer["text"]
    assert "don't know" not in answer["text"]


def test_what_is_not_understood_is_said_with_the_usage(world: Any) -> None:
    answer = world.ask(CAT, "/grapevine", "frobnicate now", "C1DATA")

    assert answer["text"].startswith("I don't know `frobnicate`.")
    assert "/grapevine topics" in answer["text"]


@pytest.mark.parametrize("word", ["who", "who-knows"])
def test_who_asks_as_the_other_command_does(talked: Any, word: str) -> None:
    answer = talked.ask(CAT, "/grapevine", f"{word} pgbouncer", "C1DATA")

    assert f"<@{BEN}>" in json.dumps(answer["blocks"])


def test_who_without_a_subject_asks_for_one(talked: Any) -> None:
    answer = talked.ask(CAT, "/grapevine", "who", "C1DATA")

    assert "Who knows about what?" in answer["text"]


def test_topics_that_nobody_else_may_see_are_not_listed(talked: Any) -> None:
    for who, start in ((ANN, "How do I"), (BEN, "When should I")):
        talked.person(who).post("C1DATA", f"{start} use bubblewrap?")
        talked.person(who).post("C3VAULT", f"{start} open the vault?")
    talked.settle()
    now = talked.deps.clock()
    with talked.deps.database.sessions.begin() as session:
        for channel_id, label in (("C1DATA", "open topic"), ("C3VAULT", "shut topic")):
            topic = Topic(workspace_id="T0LOCAL", label=label, created_at=now)
            session.add(topic)
            session.flush()
            session.execute(
                update(Question)
                .where(Question.channel_id == channel_id)
                .values(topic_id=topic.id)
            )
        assert session.scalars(select(Question)).all()

    talked.slack.add_user("U7GUEST", "guest", is_restricted=True)
    talked.slack.add_channel("C5LOBBY", "lobby", ["U7GUEST"])

    answer = talked.ask(CAT, "/grapevine", "topics", "C1DATA")
    to_guest = talked.ask("U7GUEST", "/grapevine", "topics", "C5LOBBY")

    assert "open topic" in answer["text"]
    assert "by 2 people in 1 channel" in answer["text"]
    assert "shut topic" not in answer["text"]
    assert "topic" not in to_guest["text"].replace("topics", "")


def test_forgetting_is_asked_about_first(talked: Any) -> None:
    answer = talked.ask(BEN, "/grapevine", "forget-me", "C1DATA")

    assert ERASE_ACTION in json.dumps(answer["blocks"])
    assert "cannot be undone" in answer["text"]


def test_daily_opens_the_form(talked: Any) -> None:
    talked.person(ANN).command("/grapevine", "daily", "C1DATA")

    assert talked.person(ANN).modal is not None
