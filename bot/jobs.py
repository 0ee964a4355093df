"""What Grapevine does by the clock, and the one place where a job may fail.

Jobs are declared at start-up and kept in memory: the database, not the
scheduler, decides what is due, so a lost or repeated run changes nothing.
"""

import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from apscheduler.schedulers.base import BaseScheduler
from apscheduler.triggers.base import BaseTrigger
from apscheduler.triggers.cron import CronTrigger

from bot.asks import expire_suggestions
from bot.communities import go_on
from bot.daily_jobs import post_due_questions
from bot.deps import Deps

log = logging.getLogger(__name__)

# A run that starts this late still does what is due; APScheduler's own default
# of one second would leave it out on a busy machine.
MISFIRE_GRACE_S = 10 * 60


@dataclass(frozen=True, slots=True)
class Job:
    """Something to do by the clock; doing it twice is the same as once."""

    id: str
    trigger: BaseTrigger
    run: Callable[..., object]  # given deps, and `now` by name


def own_jobs() -> list[Job]:
    """List what these features need done."""
    return [
        Job("daily-questions", _each_minute(), post_due_questions),
        Job("communities", _each_minute(), go_on),
        Job(
            "old-suggestions", CronTrigger(minute=17, timezone=UTC), expire_suggestions
        ),
    ]


def _each_minute() -> CronTrigger:
    return CronTrigger(minute="*", timezone=UTC)


def register_jobs(
    scheduler: BaseScheduler, deps: Deps, jobs: Sequence[Job] | None = None
) -> None:
    """Give the scheduler its jobs, under their own ids.

    Args:
        scheduler: Not started yet, or running.
        deps: Handed to every job, with the present.
        jobs: Those of `own_jobs` unless told otherwise.
    """
    for job in own_jobs() if jobs is None else jobs:
        scheduler.add_job(
            run_job,
            job.trigger,
            args=(job, deps),
            id=job.id,
            coalesce=True,
            max_instances=1,
            misfire_grace_time=MISFIRE_GRACE_S,
            replace_existing=True,
        )


def run_job(job: Job, deps: Deps) -> None:
    """Run a job now; its failure is logged and does not end the scheduler."""
    now: datetime = deps.clock()
    try:
        job.run(deps, now=now)
    except Exception:
        log.exception("job failed", extra={"job": job.id})
