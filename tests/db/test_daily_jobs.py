"""Daily questions: claimed once, posted once, and stopped with a word why."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select, update

from bot.daily_jobs import claim_due, post_due_questions, settled, stop
from bot.database import Database
from bot.deps import Deps
from bot.errors import BadInputError
from bot.happenings import ChannelTold
from bot.outbox import Sent
from bot.schedules import (
    Plan,
    find_schedule,
    pause,
    remove,
    resume,
    set_up,
    why_not,
)
from models import Channel, DailyPost, Schedule
from tests.db.conftest import NOW, TEAM, FakeSlack

PLAN = Plan("C1", "09:00", "mon,tue,wed,thu,fri", "UTC", "learning-together")
DAY = timedelta(days=1)
Send = Callable[..., None]


@pytest.fixture
def scheduled(database: Database) -> None:
    with database.sessions.begin() as session:
        set_up(session, TEAM, PLAN, user_id="U1", now=NOW - DAY)


def posts(database: Database) -> list[DailyPost]:
    with database.readers() as session:
        return list(session.scalars(select(DailyPost).order_by(DailyPost.day)))


def schedule(database: Database) -> Schedule | None:
    with database.readers() as session:
        return find_schedule(session, TEAM, "C1")


@pytest.mark.usefixtures("scheduled")
def test_a_due_question_is_posted_and_its_place_noted(
    deps: Deps, database: Database, slack: FakeSlack, send_all: Send
) -> None:
    assert post_due_questions(deps, now=NOW) == 1
    send_all()

    (post,) = posts(database)
    assert (post.day, post.number) == (date(2026, 3, 2), 1)
    assert post.ts is not None
    assert "Day 1: " in slack.told("C1")[-1]


@pytest.mark.usefixtures("scheduled")
def test_a_question_is_claimed_once_however_often_the_job_runs(
    deps: Deps, database: Database, slack: FakeSlack, send_all: Send
) -> None:
    for minutes in range(5):
        post_due_questions(deps, now=NOW + timedelta(minutes=minutes))
        send_all(NOW + timedelta(minutes=minutes))

    assert len(posts(database)) == 1
    assert len([t for t in slack.told("C1") if t.startswith("Day")]) == 1


@pytest.mark.usefixtures("scheduled")
def test_each_day_has_the_next_number_and_another_question(
    deps: Deps, database: Database
) -> None:
    for days in range(7):
        post_due_questions(deps, now=NOW + days * DAY)

    held = posts(database)
    assert [p.number for p in held] == [1, 2, 3, 4, 5]  # no weekend
    assert len({p.question_key for p in held}) == 5


@pytest.mark.parametrize("broken", [{"zone": "Atlantis/Capital"}, {"pack": "gone"}])
@pytest.mark.usefixtures("scheduled")
def test_a_schedule_that_cannot_be_read_keeps_no_other_from_its_question(
    deps: Deps,
    database: Database,
    broken: dict[str, str],
    caplog: pytest.LogCaptureFixture,
) -> None:
    with database.sessions.begin() as session:
        session.execute(update(Schedule).values(**broken))
        set_up(
            session, TEAM, replace(PLAN, channel_id="C2"), user_id="U1", now=NOW - DAY
        )

    assert post_due_questions(deps, now=NOW) == 1

    assert [post.channel_id for post in posts(database)] == ["C2"]
    assert "no daily question" in caplog.text


@pytest.mark.parametrize(
    "code", ["not_in_channel", "restricted_action_read_only_channel"]
)
@pytest.mark.usefixtures("scheduled")
def test_a_channel_that_refuses_is_paused_and_its_person_told_once(
    deps: Deps, database: Database, slack: FakeSlack, send_all: Send, code: str
) -> None:
    send_all()
    slack.refusals["chat.postMessage"] = code
    post_due_questions(deps, now=NOW)
    send_all()
    slack.refusals.clear()
    post_due_questions(deps, now=NOW + timedelta(minutes=1))
    send_all(NOW + timedelta(minutes=1))

    held = schedule(database)
    assert held is not None
    assert held.is_paused
    assert posts(database) == []  # its number and its question are free again
    told = slack.sent()[-1]
    assert told["channel"] == "U1"
    assert "is paused" in told["text"]


@pytest.mark.usefixtures("scheduled")
def test_a_passing_refusal_pauses_nothing(
    deps: Deps, database: Database, slack: FakeSlack, send_all: Send
) -> None:
    slack.refusals["chat.postMessage"] = "msg_too_long"
    post_due_questions(deps, now=NOW)
    send_all()

    held = schedule(database)
    assert held is not None
    assert not held.is_paused


@pytest.mark.parametrize(
    ("became", "says"),
    [
        pytest.param({"is_archived": True}, "Unarchive", id="archived"),
        pytest.param({"is_external": True}, "another organisation", id="shared"),
        pytest.param({"is_private": True}, "is private now", id="private"),
    ],
)
@pytest.mark.usefixtures("scheduled")
def test_a_channel_that_is_no_place_any_more_is_paused_without_trying(  # noqa: PLR0913, PLR0917 - fixtures and a row
    deps: Deps,
    database: Database,
    slack: FakeSlack,
    send_all: Send,
    became: dict[str, bool],
    says: str,
) -> None:
    with database.sessions.begin() as session:
        session.execute(update(Channel).where(Channel.id == "C1").values(**became))

    assert post_due_questions(deps, now=NOW) == 0

    send_all()
    assert posts(database) == []
    (told,) = slack.told("U1")
    assert says in told


@pytest.mark.usefixtures("scheduled")
def test_somebody_is_told_again_after_resuming(
    database: Database, slack: FakeSlack, send_all: Send
) -> None:
    for hour in range(2):
        now = NOW + timedelta(hours=hour)
        with database.sessions.begin() as session:
            held = find_schedule(session, TEAM, "C1")
            assert held is not None
            stop(session, held, "is_archived", now=now)
            stop(session, held, "is_archived", now=now)
            resume(session, held, user_id="U1", now=now)
    send_all(NOW + timedelta(hours=2))

    assert len(slack.told("U1")) == 2


@pytest.mark.usefixtures("scheduled")
def test_a_paused_schedule_posts_nothing_and_a_resumed_one_does(
    deps: Deps, database: Database
) -> None:
    with database.sessions.begin() as session:
        held = find_schedule(session, TEAM, "C1")
        assert held is not None
        pause(session, held, user_id="U2", now=NOW - DAY)
        pause(session, held, user_id="U2", now=NOW)
    paused = post_due_questions(deps, now=NOW)
    with database.sessions.begin() as session:
        held = find_schedule(session, TEAM, "C1")
        assert held is not None
        resume(session, held, user_id="U3", now=NOW)
        resume(session, held, user_id="U4", now=NOW)

    assert paused == 0
    assert post_due_questions(deps, now=NOW) == 1
    assert held.created_by == "U3"


@pytest.mark.usefixtures("scheduled")
def test_a_schedule_removed_while_it_is_due_posts_nothing(
    deps: Deps, database: Database, slack: FakeSlack, send_all: Send
) -> None:
    with database.sessions.begin() as session:
        held = find_schedule(session, TEAM, "C1")
        assert held is not None
        remove(session, held, user_id="U2", now=NOW)

    assert post_due_questions(deps, now=NOW) == 0
    send_all()
    assert "<@U2> removed" in slack.told("C1")[-1]


@pytest.mark.usefixtures("scheduled")
def test_the_channel_is_told_who_set_it_up_and_when_it_begins(
    slack: FakeSlack, send_all: Send
) -> None:
    send_all(NOW - DAY)

    (told,) = slack.told("C1")
    assert "<@U1> set up a daily question" in told
    assert "every weekday at 09:00 (UTC), the first on Mon 2 Mar 2026" in told


def test_what_is_no_plan_changes_nothing(database: Database) -> None:
    plan = Plan("C1", "nine", "mon", "UTC", "learning-together")

    with pytest.raises(BadInputError), database.sessions.begin() as session:
        set_up(session, TEAM, plan, user_id="U1", now=NOW)

    assert schedule(database) is None


@pytest.mark.parametrize(
    ("told", "meant", "words"),
    [
        pytest.param({}, False, None, id="a public channel with Grapevine"),
        pytest.param({"is_private": True}, False, "public channels", id="private"),
        pytest.param({"is_external": True}, False, "public channels", id="shared"),
        pytest.param({"is_archived": True}, False, "archived", id="archived"),
        pytest.param({"is_joined": False}, False, "/invite @Grapevine", id="absent"),
        pytest.param({"is_general": True}, False, "Everybody", id="everybody's"),
        pytest.param({"is_general": True}, True, None, id="everybody's, confirmed"),
    ],
)
def test_a_channel_that_cannot_have_it_hears_why(
    told: dict[str, Any],
    words: str | None,
    *,
    meant: bool,
) -> None:
    channel = ChannelTold("C1", "", **({"is_joined": True} | told))

    problem = why_not(channel, general_is_meant=meant)

    assert problem is None if words is None else words in str(problem)


def test_a_question_is_due_by_the_database_alone(
    deps: Deps, database: Database
) -> None:
    friday: datetime = NOW - 3 * DAY
    with database.sessions.begin() as session:
        set_up(session, TEAM, PLAN, user_id="U1", now=friday)

    assert post_due_questions(deps, now=NOW) == 1


@pytest.mark.parametrize("what", ["removed", "paused", "set to another time"])
@pytest.mark.usefixtures("scheduled")
def test_what_changed_after_it_was_found_due_is_not_claimed(
    database: Database, what: str
) -> None:
    with database.sessions.begin() as session:
        held = find_schedule(session, TEAM, "C1")
        assert held is not None
        if what == "removed":
            session.delete(held)
        held.is_paused = what == "paused"
        held.time = "09:00" if what == "paused" else "15:00"
    with database.sessions.begin() as session:
        assert not claim_due(session, TEAM, "C1", now=NOW)

    assert posts(database) == []


@pytest.mark.parametrize("refused", [None, "not_in_channel"])
def test_what_slack_says_of_a_question_that_was_erased_is_let_go(
    database: Database, refused: str | None
) -> None:
    sent = Sent(TEAM, "daily:C1:2026-03-02", "C1", "1.1", "C1", refused)

    with database.sessions.begin() as session:
        settled(session, sent, now=NOW)

    assert posts(database) == []
