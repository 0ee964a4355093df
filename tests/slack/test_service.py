"""Everything together, started and stopped."""

import logging
import threading
import time
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest
from apscheduler.triggers.cron import CronTrigger
from slack_sdk import WebClient

from bot.jobs import Job
from handlers.service import Service


class Nowhere:
    """A transport that takes nothing."""

    def start(self) -> None:
        pass

    def stop(self) -> None:
        pass


def service(slack: Any, deps: Any, *jobs: Job, stop_s: float) -> Service:
    client = WebClient(slack.app.bot_token, base_url=slack.api_url)
    return Service(
        # The scheduler goes by the clock on the wall, so that what is due must too.
        replace(deps, clock=lambda: datetime.now(UTC)),
        client=client,
        connect=lambda _: Nowhere(),
        jobs=list(jobs),
        stop_s=stop_s,
    )


def test_a_job_is_finished_before_it_stops(slack: Any, deps: Any) -> None:
    began, done = threading.Event(), threading.Event()

    def work(_deps: Any, *, now: Any) -> None:
        del now
        began.set()
        threading.Event().wait(0.2)
        done.set()

    with service(slack, deps, Job("brief", CronTrigger(second="*"), work), stop_s=9):
        assert began.wait(20)

    assert done.is_set()


def test_a_job_that_takes_for_ever_does_not_keep_it_from_stopping(
    slack: Any, deps: Any, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.WARNING)
    began, go = threading.Event(), threading.Event()

    def hang(_deps: Any, *, now: Any) -> None:
        del now
        began.set()
        go.wait(30)

    with service(
        slack, deps, Job("endless", CronTrigger(second="*"), hang), stop_s=0.3
    ):
        assert began.wait(20)
        started = time.monotonic()

    assert time.monotonic() - started < 5
    assert "while a job was still at work" in caplog.text
    go.set()
