"""Jobs by the clock: declared once, and none can end the others."""

import logging
from datetime import datetime
from typing import Any

import pytest
from apscheduler.schedulers.background import BackgroundScheduler

from bot.deps import Deps
from bot.jobs import MISFIRE_GRACE_S, Job, own_jobs, register_jobs, run_job
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
        assert each.misfire_grace_time == MISFIRE_GRACE_S


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


def test_a_job_that_fails_is_logged_and_ends_nothing(
    deps: Deps, caplog: pytest.LogCaptureFixture
) -> None:
    def fail(_deps: Deps, *, now: datetime) -> None:
        raise ValueError(now)

    run_job(job(fail), deps)

    (record,) = caplog.records
    assert record.levelno == logging.ERROR
    assert vars(record)["job"] == "a-job"
