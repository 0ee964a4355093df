"""Jobs by the clock: declared once, and none can end the others."""

import logging
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from apscheduler.schedulers.background import BackgroundScheduler
from apscheduler.triggers.cron import CronTrigger

from bot.deps import Deps
from bot.jobs import (
    GRACE,
    LEAD,
    Job,
    for_each,
    last_due,
    lead,
    own_jobs,
    register_jobs,
    run_due,
    run_job,
)
from tests.db.conftest import NOW


def job(run: Any) -> Job:
    return Job("a-job", own_jobs()[0].trigger, run)


def test_each_job_runs_under_its_own_id_late_rather_than_never(deps: Deps) -> None:
    scheduler = BackgroundScheduler(timezone="UTC")
    register_jobs(scheduler, deps)
    register_jobs(scheduler, deps, [job(print)])
    scheduler.start(paused=True)

    held = {each.id: each for each in scheduler.get_jobs()}
    scheduler.shutdown()

    assert set(held) == {*(each.id for each in own_jobs()), "a-job"}
    for each in held.values():
        assert each.coalesce
        assert each.max_instances == 1
        assert each.misfire_grace_time == GRACE.total_seconds()


def test_a_job_is_given_the_present(deps: Deps) -> None:
    seen: list[datetime] = []

    run_job(job(lambda _deps, *, now: seen.append(now)), deps)

    assert seen == [NOW]


def test_every_job_of_ours_runs_on_a_fresh_database(
    deps: Deps, caplog: pytest.LogCaptureFixture
) -> None:
    for each in own_jobs():
        run_job(each, deps)

    assert caplog.records == []


def test_a_workspace_that_fails_keeps_no_other_from_its_turn(
    caplog: pytest.LogCaptureFixture,
) -> None:
    def run(workspace_id: str) -> str:
        if workspace_id == "T2":
            raise ValueError("secretword")
        return workspace_id

    assert for_each(["T1", "T2", "T3"], run) == ["T1", "T3"]
    (record,) = caplog.records
    assert vars(record)["workspace_id"] == "T2"


def test_a_job_that_fails_is_logged_and_ends_nothing(
    deps: Deps, caplog: pytest.LogCaptureFixture
) -> None:
    def fail(_deps: Deps, *, now: datetime) -> None:
        raise ValueError(now)

    run_job(job(fail), deps)

    (record,) = caplog.records
    assert record.levelno == logging.ERROR
    assert vars(record)["job"] == "a-job"


NINE = CronTrigger(hour=9, minute=0, timezone=UTC)


@pytest.mark.parametrize(
    ("late", "is_due"),
    [
        pytest.param(timedelta(seconds=-1), False, id="a second before"),
        pytest.param(timedelta(0), True, id="on the minute"),
        pytest.param(GRACE, True, id="as late as it may be"),
        pytest.param(GRACE + timedelta(seconds=1), False, id="too late"),
    ],
)
def test_a_job_is_due_from_its_time_until_the_grace_is_over(
    late: timedelta,
    is_due: bool,  # noqa: FBT001 - a parametrized case
) -> None:
    at = datetime(2026, 3, 2, 9, tzinfo=UTC)

    assert last_due(NINE, at + late) == (at if is_due else None)


def test_the_latest_of_several_due_times_is_the_one(deps: Deps) -> None:
    del deps
    at = datetime(2026, 3, 2, 9, 5, 30, tzinfo=UTC)

    assert last_due(own_jobs()[0].trigger, at) == at.replace(second=0)


def test_however_many_schedulers_a_due_time_is_taken_once(deps: Deps) -> None:
    ran: list[datetime] = []
    each = Job("a-job", NINE, lambda _deps, *, now: ran.append(now))

    for _ in range(3):
        run_due(each, deps, lambda: True)

    assert ran == [NOW]


def test_who_does_not_lead_does_nothing(deps: Deps) -> None:
    ran: list[datetime] = []
    each = Job("a-job", NINE, lambda _deps, *, now: ran.append(now))

    run_due(each, deps, lambda: False)

    assert ran == []


def test_who_begins_to_lead_looks_at_every_job_at_once(deps: Deps) -> None:
    scheduler = BackgroundScheduler(timezone="UTC")
    register_jobs(scheduler, deps, [job(print)])
    granted = [False, False, True, True]
    lead(scheduler, deps, lambda: granted.pop(0))
    scheduler.start(paused=True)
    look = scheduler.get_job(LEAD).func
    scheduler.get_job("a-job").modify(next_run_time=None)

    paused = []
    for _ in range(3):
        look()
        held = scheduler.get_job("a-job")
        paused.append(held.next_run_time if held else None)
    scheduler.get_job("a-job").modify(next_run_time=None)
    look()
    after = scheduler.get_job("a-job").next_run_time
    scheduler.shutdown()

    assert paused == [None, None, NOW]
    assert after is None
