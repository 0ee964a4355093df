"""A person's own page: what they see there, and what each control does."""

import json
import logging
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from bot.blocks import data, home
from bot.homes import publish_home
from models import Evidence, Preference, Topic, TopicChoice, TopicPreference

ANN, BEN, CAT = "U1ANN", "U2BEN", "U3CAT"
WORKSPACE = "T0LOCAL"


def see_home(world: Any, who: str) -> str:
    return json.dumps(world.person(who).home, ensure_ascii=False)


def press(world: Any, who: str, action_id: str, value: Any = None) -> None:
    world.person(who).click(world.person(who).home, action_id, value)


@pytest.fixture
def topic_id(talked: Any) -> int:
    """Ben's evidence has a topic, and he has opened his page."""
    now = talked.deps.clock()
    with talked.deps.database.sessions.begin() as session:
        topic = Topic(workspace_id=WORKSPACE, label="pgbouncer", created_at=now)
        session.add(topic)
        session.flush()
        for evidence in session.scalars(
            select(Evidence).where(Evidence.user_id == BEN)
        ):
            evidence.topic_id = topic.id
        made = topic.id
    publish_home(talked.deps, WORKSPACE, BEN)
    return made


def wish(world: Any, who: str) -> Preference | None:
    with world.deps.database.readers() as session:
        held: Preference | None = session.get(Preference, (WORKSPACE, who))
        return held


def choices(world: Any) -> dict[int, str]:
    with world.deps.database.readers() as session:
        rows = session.scalars(select(TopicPreference))
        return {row.topic_id: row.choice for row in rows}


def test_a_page_shows_what_is_held_and_where_it_comes_from(
    talked: Any, topic_id: int
) -> None:
    assert topic_id
    shown = see_home(talked, BEN)

    assert "Answered 2 questions and was thanked twice" in shown
    assert "/archives/C1DATA/p" in shown


def test_somebody_never_heard_of_learns_how_it_works(world: Any) -> None:
    publish_home(world.deps, WORKSPACE, CAT)

    assert "Nothing yet." in see_home(world, CAT)


@pytest.mark.parametrize("choice", list(TopicChoice))
def test_a_choice_is_kept_and_can_be_undone(
    talked: Any, topic_id: int, choice: TopicChoice
) -> None:
    press(talked, BEN, home.TOPIC_ACTION, f"{choice}:{topic_id}")
    assert choices(talked) == {topic_id: choice}
    if choice == TopicChoice.HIDDEN:
        assert "pgbouncer*" not in see_home(talked, BEN)
        press(talked, BEN, home.SHOW_HIDDEN_ACTION)

    press(talked, BEN, home.TOPIC_ACTION, f"{home.UNDO}:{topic_id}")

    assert choices(talked) == {}
    assert "*pgbouncer*" in see_home(talked, BEN)


def test_hidden_topics_are_left_out_again(talked: Any, topic_id: int) -> None:
    press(talked, BEN, home.TOPIC_ACTION, f"hidden:{topic_id}")
    press(talked, BEN, home.SHOW_HIDDEN_ACTION)
    assert "*pgbouncer*" in see_home(talked, BEN)

    press(talked, BEN, home.LEAVE_HIDDEN_ACTION)

    assert "*pgbouncer*" not in see_home(talked, BEN)


def test_a_topic_that_is_gone_is_gone_from_the_page(talked: Any, topic_id: int) -> None:
    with talked.deps.database.sessions.begin() as session:
        session.delete(session.get_one(Topic, topic_id))

    press(talked, BEN, home.TOPIC_ACTION, f"hidden:{topic_id}")

    assert choices(talked) == {}
    assert "pgbouncer*" not in see_home(talked, BEN)


def test_a_snooze_ends_where_the_day_begins_for_the_person(talked: Any) -> None:
    publish_home(talked.deps, WORKSPACE, ANN)

    press(talked, ANN, home.SNOOZE_ACTION, "2026-03-09")

    held = wish(talked, ANN)
    assert held is not None
    # Midnight in Paris.
    assert held.snoozed_until == datetime(2026, 3, 8, 23, tzinfo=UTC)
    assert "not named until" in see_home(talked, ANN)


@pytest.mark.parametrize(
    ("day", "takes"),
    [("2026-03-05", False), ("2026-03-06", True)],
    ids=["today", "tomorrow"],
)
def test_a_snooze_needs_a_day_ahead(talked: Any, day: str, takes: bool) -> None:  # noqa: FBT001
    publish_home(talked.deps, WORKSPACE, ANN)

    press(talked, ANN, home.SNOOZE_ACTION, day)

    held = wish(talked, ANN)
    assert (held is not None and held.snoozed_until is not None) is takes
    assert (talked.person(ANN).modal is None) is takes


def test_a_snooze_can_be_ended(talked: Any) -> None:
    publish_home(talked.deps, WORKSPACE, ANN)
    press(talked, ANN, home.SNOOZE_ACTION, "2026-03-09")

    press(talked, ANN, home.WAKE_ACTION)

    held = wish(talked, ANN)
    assert held is not None
    assert held.snoozed_until is None
    assert "not named until" not in see_home(talked, ANN)


def test_opting_out_is_quiet_and_can_be_taken_back(talked: Any) -> None:
    publish_home(talked.deps, WORKSPACE, BEN)

    press(talked, BEN, home.OPT_OUT_ACTION)
    answer = talked.ask(CAT, "/who-knows", "pgbouncer", "C1DATA")
    assert BEN not in json.dumps(answer["blocks"])
    assert talked.slack.posts == []
    press(talked, BEN, home.OPT_IN_ACTION)

    answer = talked.ask(CAT, "/who-knows", "pgbouncer", "C1DATA")
    assert BEN in json.dumps(answer["blocks"])


def test_everything_held_is_shown_page_by_page(talked: Any) -> None:
    publish_home(talked.deps, WORKSPACE, BEN)

    press(talked, BEN, home.EXPORT_ACTION)

    shown = json.dumps(talked.person(BEN).modal["blocks"])
    assert "messages: 2" in shown
    assert "evidence: 4" in shown


def test_the_pages_of_ones_data_are_turned(talked: Any) -> None:
    for i in range(160):
        talked.person(BEN).post("C1DATA", f"Shall we meet at {i}?")
    talked.settle()
    publish_home(talked.deps, WORKSPACE, BEN)
    press(talked, BEN, home.EXPORT_ACTION)
    modal = talked.person(BEN).modal

    talked.person(BEN).click(modal, data.AFTER_ACTION)

    assert "page 2 of" in json.dumps(talked.person(BEN).modal["blocks"])


def test_erasing_from_the_page_leaves_nothing_but_the_wish(talked: Any) -> None:
    publish_home(talked.deps, WORKSPACE, BEN)

    press(talked, BEN, home.ERASE_ACTION)

    assert "You have opted out." in see_home(talked, BEN)
    with talked.deps.database.readers() as session:
        rows = session.scalars(select(Evidence).where(Evidence.user_id == BEN)).all()
    assert rows == []
    held = wish(talked, BEN)
    assert held is not None
    assert held.is_opted_out


def test_erasing_by_command_puts_the_outcome_in_place_of_the_button(
    talked: Any,
) -> None:
    answer = talked.ask(BEN, "/grapevine", "forget-me", "C1DATA")

    talked.person(BEN).click(answer, home.ERASE_ACTION)

    (after,) = [m for m in talked.person(BEN).sees("C1DATA") if "recipient" in m]
    assert after["text"].startswith("Everything about you is erased")
    assert home.ERASE_ACTION not in json.dumps(after)


def test_pages_are_turned_and_stay_turned(talked: Any) -> None:
    now = talked.deps.clock()
    with talked.deps.database.sessions.begin() as session:
        for i in range(16):
            topic = Topic(workspace_id=WORKSPACE, label=f"topic {i}", created_at=now)
            session.add(topic)
            session.flush()
            at = now - timedelta(days=i)
            session.add(
                Evidence(
                    workspace_id=WORKSPACE,
                    channel_id="C1DATA",
                    ts=f"{1000 + i}.000001",
                    root_ts=f"{1000 + i}.000001",
                    user_id=CAT,
                    kind="asked",
                    at=at,
                    topic_id=topic.id,
                )
            )
    publish_home(talked.deps, WORKSPACE, CAT)
    assert "topic 15" not in see_home(talked, CAT)

    press(talked, CAT, home.AFTER_ACTION)
    assert "topic 15" in see_home(talked, CAT)
    press(talked, CAT, home.OPT_OUT_ACTION)
    assert "topic 15" in see_home(talked, CAT)
    press(talked, CAT, home.BEFORE_ACTION)

    assert "topic 15" not in see_home(talked, CAT)


def test_a_refusal_of_slacks_is_told_in_a_modal(
    talked: Any, caplog: pytest.LogCaptureFixture
) -> None:
    publish_home(talked.deps, WORKSPACE, BEN)
    talked.slack.fail_next("views.publish", "internal_error")

    press(talked, BEN, home.OPT_OUT_ACTION)

    assert "Slack is busy" in json.dumps(talked.person(BEN).modal["blocks"])
    errors = [r for r in caplog.records if r.levelno >= logging.ERROR]
    assert "SlackBusyError" in errors[0].getMessage()
    caplog.clear()


def test_who_cannot_be_told_is_not_told(
    talked: Any, caplog: pytest.LogCaptureFixture
) -> None:
    publish_home(talked.deps, WORKSPACE, BEN)
    talked.slack.fail_next("views.publish", "internal_error")
    talked.slack.fail_next("views.open", "expired_trigger_id")
    caplog.set_level(logging.INFO, "handlers.errors")

    press(talked, BEN, home.OPT_OUT_ACTION)

    assert talked.person(BEN).modal is None
    assert "could not tell the person" in caplog.text
    caplog.clear()
