"""What Grapevine does by the clock, and the one place where a job may fail.

Jobs are declared at start-up and kept in memory. However many schedulers there
are, the database gives each due time of a job to one of them.
"""

import logging
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TypeVar

from apscheduler.schedulers.base import BaseScheduler
from apscheduler.triggers.base import BaseTrigger
from apscheduler.triggers.cron import CronTrigger
from apscheduler.triggers.interval import IntervalTrigger
from sqlalchemy import update
from sqlalchemy.orm import Session

from bot.asks import expire_suggestions
from bot.communities import go_on
from bot.daily_jobs import post_due_questions
from bot.deps import Deps
from bot.graph.upserts import insert_missing
from models import JobRun

log = logging.getLogger(__name__)

T = TypeVar("T")

# A run that starts this late still does what is due: the machine was busy, or
# the scheduler that led has died. Later than that, the next one will do.
GRACE = timedelta(minutes=10)

# How often a scheduler that waits looks whether the one that leads has gone:
# with what PostgreSQL takes to notice, well within a minute.
LOOK_EVERY_S = 15

LEAD = "lead"
_LONG_AGO = datetime(2000, 1, 1, tzinfo=UTC)


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
    scheduler: BaseScheduler,
    deps: Deps,
    jobs: Sequence[Job] | None = None,
    *,
    leads: Callable[[], bool] = lambda: True,
) -> None:
    """Give the scheduler its jobs, under their own ids.

    Args:
        scheduler: Not started yet, or running.
        deps: Handed to every job, with the present.
        jobs: Those of `own_jobs` unless told otherwise.
        leads: Whether this process is the one to do them.
    """
    for job in own_jobs() if jobs is None else jobs:
        scheduler.add_job(
            run_due,
            job.trigger,
            args=(job, deps, leads),
            id=job.id,
            coalesce=True,
            max_instances=1,
            misfire_grace_time=int(GRACE.total_seconds()),
            replace_existing=True,
        )


def lead(scheduler: BaseScheduler, deps: Deps, leads: Callable[[], bool]) -> None:
    """Have the scheduler catch up at the moment when it begins to lead.

    Args:
        scheduler: With its jobs.
        deps: Collaborators.
        leads: Whether this process leads, by now.
    """
    led = False

    def look() -> None:
        nonlocal led
        before, led = led, leads()
        if led and not before:
            for job in scheduler.get_jobs():
                if job.id != LEAD:
                    job.modify(next_run_time=deps.clock())

    scheduler.add_job(
        look,
        IntervalTrigger(seconds=LOOK_EVERY_S, timezone=UTC),
        id=LEAD,
        next_run_time=deps.clock(),
        coalesce=True,
        max_instances=1,
        misfire_grace_time=LOOK_EVERY_S,
        replace_existing=True,
    )


def run_due(job: Job, deps: Deps, leads: Callable[[], bool]) -> None:
    """Run a job if it is due, this process leads, and no other has taken it."""
    due_at = last_due(job.trigger, deps.clock())
    if due_at is None or not leads():
        return
    with deps.database.sessions.begin() as session:
        is_ours = take(session, job.id, due_at)
    if is_ours:
        run_job(job, deps)


def last_due(trigger: BaseTrigger, now: datetime) -> datetime | None:
    """The latest moment within `GRACE` at which a job was due; None if none was."""
    found: datetime | None = None
    fire = trigger.get_next_fire_time(None, now - GRACE)
    while fire is not None and fire <= now:
        found = fire
        fire = trigger.get_next_fire_time(fire, fire + timedelta(microseconds=1))
    return found


def take(session: Session, job: str, due_at: datetime) -> bool:
    """Take a due time of a job, for one process.

    It is taken before the job runs: one that dies at it leaves the rest to the
    next time, rather than say something twice.

    Returns:
        False if another process was quicker.
    """
    insert_missing(session, JobRun, [{"job": job, "due_at": _LONG_AGO}])
    older = update(JobRun).where(JobRun.job == job, JobRun.due_at < due_at)
    # Every id is one row, so a row that is returned is this one.
    taken = session.scalar(older.values(due_at=due_at).returning(JobRun.job))
    return taken is not None


def for_each(ids: Iterable[str], run: Callable[[str], T]) -> list[T]:
    """Run something for each workspace; one that fails keeps no other from it."""
    done: list[T] = []
    for workspace_id in ids:
        try:
            done.append(run(workspace_id))
        except Exception:
            whose = {"workspace_id": workspace_id}
            log.exception("failed for a workspace", extra=whose)
    return done


def run_job(job: Job, deps: Deps) -> None:
    """Run a job now; its failure is logged and does not end the scheduler."""
    now: datetime = deps.clock()
    try:
        job.run(deps, now=now)
    except Exception:
        log.exception("job failed", extra={"job": job.id})
