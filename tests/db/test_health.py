"""Whether work can be done, by what the database and the connection say."""

from datetime import timedelta

import pytest

from bot import inbox
from bot.database import Database, make_engine, wrap
from bot.deps import Deps
from bot.health import MAX_QUEUE_AGE, MAX_SILENT_S, queues, signs
from bot.metrics import expose
from tests.db.conftest import NOW

SECOND = timedelta(seconds=1)


def hold(database: Database, *, waited: timedelta) -> None:
    with database.sessions.begin() as session:
        inbox.record(
            session,
            workspace_id="T1",
            event_id="Ev1",
            kind="message",
            channel_id=None,
            payload={},
            now=NOW - waited,
        )


@pytest.mark.parametrize(
    ("waited", "ok"),
    [(MAX_QUEUE_AGE, True), (MAX_QUEUE_AGE + SECOND, False)],
    ids=["long enough", "too long"],
)
def test_a_queue_that_nobody_digests_is_no_good_sign(
    deps: Deps, waited: timedelta, *, ok: bool
) -> None:
    hold(deps.database, waited=waited)

    (queue,) = signs(deps.database, lambda: None, now=NOW)

    assert (queue.name, queue.ok) == ("queue", ok)


def test_an_event_that_rests_after_a_failure_does_not_count(deps: Deps) -> None:
    hold(deps.database, waited=-MAX_QUEUE_AGE)

    (queue,) = signs(deps.database, lambda: None, now=NOW)

    assert queue.ok


@pytest.mark.parametrize(
    ("silent_s", "ok"), [(MAX_SILENT_S, True), (MAX_SILENT_S + 1, False)]
)
def test_a_silent_slack_is_no_good_sign(
    deps: Deps, silent_s: float, *, ok: bool
) -> None:
    (_, slack) = signs(deps.database, lambda: silent_s, now=NOW)

    assert (slack.name, slack.ok) == ("slack", ok)


def test_a_database_that_is_away_is_told_and_counted() -> None:
    away = wrap(make_engine("sqlite:////nowhere/at/all.db"))

    (database,) = signs(away, lambda: None, now=NOW)
    told = expose(queues(away, lambda: None, now=NOW))

    assert (database.name, database.ok) == ("database", False)
    assert "grapevine_database_up 0\n" in told
    assert "grapevine_queue_events" not in told


def test_what_waits_is_counted_by_state(deps: Deps) -> None:
    hold(deps.database, waited=3 * SECOND)

    told = expose(queues(deps.database, lambda: 1.5, now=NOW)).splitlines()

    assert 'grapevine_queue_events{state="waiting"} 1' in told
    assert 'grapevine_queue_events{state="set aside"} 0' in told
    assert "grapevine_queue_age_seconds 3" in told
    assert "grapevine_slack_silent_seconds 1.5" in told
