"""Setting up the daily question in Slack, and seeing it come."""

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

from bot import settling
from bot.blocks import daily_modal as form
from bot.blocks.daily_modal import Draft
from bot.daily_jobs import post_due_questions
from bot.deps import Deps
from bot.graph.places import ensure_workspace
from bot.schedules import find_schedule
from bot.worker import Worker
from handlers.daily import missing
from models import Person, Schedule

ANN, BEN = "U1ANN", "U2BEN"
TEAM = "T0LOCAL"
FRIDAY_NINE = datetime(2026, 3, 6, 8, 0, tzinfo=UTC)  # nine in Paris


@pytest.fixture
def town(world: Any, deps: Deps) -> Any:
    worker = Worker(deps, respond=lambda *_: None, on_settled=settling.settled)
    return replace(world, worker=worker)


def opened(town: Any, channel: str = "C1DATA") -> dict[str, Any]:
    town.person(ANN).command("/grapevine", "daily", channel)
    modal: dict[str, Any] = town.person(ANN).modal
    return modal


def schedule(deps: Deps, channel_id: str = "C1DATA") -> Schedule | None:
    with deps.database.readers() as session:
        return find_schedule(session, TEAM, channel_id)


def said(town: Any, channel: str = "C1DATA") -> list[str]:
    return [m["text"] for m in town.person(ANN).sees(channel) if m.get("bot_id")]


def test_the_form_begins_with_the_channel_the_persons_zone_and_the_next_dates(
    town: Any,
) -> None:
    modal = opened(town)

    shown = str(modal["blocks"])
    assert "'initial_conversation': 'C1DATA'" in shown
    assert "Europe/Paris" in shown
    dates = modal["blocks"][-1]["elements"][0]["text"]
    assert dates == (
        "Next: Fri 6 Mar 2026 09:00, Mon 9 Mar 2026 09:00, Tue 10 Mar 2026 09:00 "
        "(Europe/Paris) \u00b7 Save tells the channel that you set this up"
    )


def test_what_is_set_up_is_told_to_the_channel_and_comes_on_time(
    town: Any, deps: Deps
) -> None:
    opened(town)

    assert town.person(ANN).submit() == {}
    town.settle()
    assert f"<@{ANN}> set up a daily question" in said(town)[0]

    posted = post_due_questions(deps, now=FRIDAY_NINE)
    with_clock = replace(deps, clock=lambda: FRIDAY_NINE)
    Worker(with_clock, respond=lambda *_: None, on_settled=settling.settled).drain()

    assert posted == 1
    assert said(town)[1].startswith("Day 1: ")


def test_a_channel_without_grapevine_says_how_to_invite_it(
    town: Any, deps: Deps
) -> None:
    opened(town, "C2QUIET")

    errors = town.person(ANN).submit()

    assert "/invite @Grapevine" in errors[form.CHANNEL]
    assert schedule(deps, "C2QUIET") is None


def test_everybodys_channel_needs_a_tick(town: Any, deps: Deps) -> None:
    members = [ANN, BEN, "U0BOT"]
    town.slack.add_channel("C9ALL", "all", members, is_general=True)
    opened(town, "C9ALL")

    town.person(ANN).submit()
    asked_to_confirm = schedule(deps, "C9ALL")
    refused = town.person(ANN).submit()
    accepted = town.person(ANN).submit({form.GENERAL: [form.GENERAL]})

    assert asked_to_confirm is None
    assert "Everybody is in this channel" in refused[form.GENERAL]
    assert accepted == {}
    assert schedule(deps, "C9ALL") is not None


def test_what_is_not_chosen_is_said_beside_its_field() -> None:
    empty = Draft(None, None, (), None, None)

    assert set(missing(empty)) == {
        form.CHANNEL,
        form.TIME,
        form.DAYS,
        form.ZONE,
        form.PACK,
    }


def test_another_time_shows_other_dates(town: Any) -> None:
    modal = opened(town)
    town.person(ANN).click(modal, form.TIME, "14:30")

    dates = town.person(ANN).modal["blocks"][-1]["elements"][0]["text"]
    assert "Thu 5 Mar 2026 14:30" in dates


@pytest.mark.parametrize(
    ("action", "words", "paused"),
    [
        pytest.param(form.PAUSE_ACTION, "paused the daily question", True, id="pause"),
        pytest.param(form.REMOVE_ACTION, "removed the daily question", None, id="gone"),
    ],
)
def test_a_schedule_is_paused_or_removed_from_the_form(
    town: Any, deps: Deps, action: str, words: str, *, paused: bool | None
) -> None:
    opened(town)
    town.person(ANN).submit()
    modal = opened(town)
    assert "has a daily question, every weekday at 09:00" in str(modal["blocks"][0])

    town.person(ANN).click(modal, action)
    town.settle()

    held = schedule(deps)
    assert (held.is_paused if held else None) == paused
    assert words in said(town)[-1]


def test_a_paused_schedule_is_resumed_from_the_form(town: Any, deps: Deps) -> None:
    opened(town)
    town.person(ANN).submit()
    town.person(ANN).click(opened(town), form.PAUSE_ACTION)
    town.person(ANN).close_modal()

    town.person(ANN).click(opened(town), form.RESUME_ACTION)

    held = schedule(deps)
    assert held is not None
    assert not held.is_paused


def test_a_busy_slack_asks_to_press_again(town: Any, deps: Deps) -> None:
    opened(town)
    town.slack.fail_next("conversations.info", "internal_error")

    errors = town.person(ANN).submit()

    assert "Slack did not answer" in errors[form.CHANNEL]
    assert schedule(deps) is None


def test_a_bot_removed_from_the_channel_pauses_it_and_says_so(
    town: Any, deps: Deps
) -> None:
    opened(town)
    town.person(ANN).submit()
    town.settle()
    town.person(BEN).remove("C1DATA", "U0BOT")
    post_due_questions(deps, now=FRIDAY_NINE)
    with_clock = replace(deps, clock=lambda: FRIDAY_NINE)
    Worker(with_clock, respond=lambda *_: None, on_settled=settling.settled).drain()

    held = schedule(deps)
    assert held is not None
    assert held.is_paused
    (told,) = [m["text"] for m in town.person(ANN).sees()]
    assert "/invite @Grapevine" in told


@pytest.mark.parametrize(
    ("zone", "first"),
    [
        pytest.param("Asia/Kathmandu", "Asia/Kathmandu", id="held"),
        pytest.param(None, "UTC", id="Slack does not say"),
    ],
)
def test_the_menu_of_zones_begins_with_what_is_known(
    town: Any, deps: Deps, zone: str | None, first: str
) -> None:
    if zone:
        with deps.database.sessions.begin() as session:
            ensure_workspace(session, TEAM, now=deps.clock())
            session.add(Person(workspace_id=TEAM, id=ANN, zone=zone))
    town.slack.fail_next("users.info", "internal_error")

    modal = opened(town)

    (menu,) = [b for b in modal["blocks"] if b["block_id"] == form.ZONE]
    assert menu["element"]["initial_option"]["value"] == first


def test_without_days_there_are_no_dates_to_show(town: Any) -> None:
    town.person(ANN).click(opened(town), form.DAYS, [])

    assert "Choose days" in str(town.person(ANN).modal["blocks"][-1])


@pytest.mark.parametrize("code", ["hash_conflict", "not_found"])
def test_a_form_that_is_newer_or_gone_is_left_alone(town: Any, code: str) -> None:
    modal = opened(town)
    town.slack.fail_next("views.update", code)

    town.person(ANN).click(modal, form.TIME, "14:30")

    assert "14:30" not in str(town.person(ANN).modal["blocks"][-1])


def test_a_channel_that_slack_does_not_show_is_one_to_be_invited_to(town: Any) -> None:
    opened(town)
    town.slack.fail_next("conversations.info", "channel_not_found")

    assert "/invite @Grapevine" in town.person(ANN).submit()[form.CHANNEL]


def test_pausing_what_is_gone_already_changes_nothing(town: Any, deps: Deps) -> None:
    opened(town)
    town.person(ANN).submit()
    modal = opened(town)
    with deps.database.sessions.begin() as session:
        session.delete(find_schedule(session, TEAM, "C1DATA"))

    town.person(ANN).click(modal, form.PAUSE_ACTION)

    assert schedule(deps) is None
