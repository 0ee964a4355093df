"""What keeps the graph in order by the clock: topics, suggestions, sweeping."""

from datetime import UTC, datetime
from functools import partial

from apscheduler.triggers.cron import CronTrigger
from sqlalchemy import select

from bot import feedback, inbox, installations, pauses
from bot.deps import Deps
from bot.digest import forget_departed
from bot.jobs import Job, for_each
from bot.judging import judge_topics
from bot.keeping import forget_old
from bot.momentum import Outcome
from bot.suggestions import Proposal, suggest
from bot.tidying import tidy
from bot.topic_pass import run_pass
from models import Workspace

# New questions find a known topic at once; a new topic appears within the hour.
# By the clock rather than by the time since the start, so that several
# schedulers mean the same run.
_PASS_MINUTE = 29

# A suggestion is something to sleep on: put on a weekday's morning.
_SUGGEST_HOUR = 9

# The best topic first, and no second before it has settled: quiet is a promise.
SUGGESTIONS_A_RUN = 1


def periodic_jobs() -> list[Job]:
    """List what has to be done, and when."""
    return [
        Job("topics", CronTrigger(minute=_PASS_MINUTE, timezone=UTC), renew_topics),
        Job(
            "suggestions",
            CronTrigger(day_of_week="mon-fri", hour=_SUGGEST_HOUR, timezone=UTC),
            suggest_communities,
        ),
        Job("votes", CronTrigger(hour=4, minute=11, timezone=UTC), feedback.learn),
        Job("keep", CronTrigger(hour=3, minute=23, timezone=UTC), keep),
        Job("sweep", CronTrigger(minute=41, timezone=UTC), sweep),
    ]


def keep(deps: Deps, *, now: datetime) -> None:
    """Let go of what is too old, then of what nobody needs any more."""
    forget_old(deps, now=now)
    tidy(deps, now=now)


def renew_topics(deps: Deps, *, now: datetime) -> None:
    """Run the pass for every workspace that has changed since the last."""
    del now  # the pass judges at the newest message
    with deps.database.readers() as session:
        changed = session.scalars(
            select(Workspace.id).where(Workspace.revision != Workspace.topics_revision)
        ).all()
    for_each(changed, partial(run_pass, deps))


def suggest_communities(deps: Deps, *, now: datetime) -> int:
    """Put the best topics to the people who carry them.

    Returns:
        How many suggestions were opened.
    """
    with deps.database.readers() as session:
        workspaces = session.scalars(select(Workspace.id)).all()
    return sum(for_each(workspaces, partial(_suggest, deps, now=now)))


def _suggest(deps: Deps, workspace_id: str, *, now: datetime) -> int:
    with deps.database.readers() as session:
        judged = judge_topics(session, deps, workspace_id, now=now)
    for one in judged:
        deps.metrics.verdicts.add(str(one.verdict))
    opened = 0
    for one in judged:
        if opened == SUGGESTIONS_A_RUN:
            break
        is_first = one.verdict in (Outcome.SUGGEST, Outcome.JOIN_EXISTING)
        if not (is_first and one.why.is_for_people):
            continue
        with deps.database.sessions.begin() as session:
            proposal = Proposal(
                workspace_id=workspace_id,
                topic_id=one.topic_id,
                label=one.label,
                gates=one.gates(),
                hosts=one.hosts,
                existing_channel_id=one.existing_channel,
            )
            opened += suggest(session, proposal, now=now)
    return opened


def sweep(deps: Deps, *, now: datetime) -> None:
    """Let go of text and ids kept too long, and of workspaces that have left."""
    with deps.database.sessions.begin() as session:
        inbox.sweep(session, now=now)
        pauses.sweep(session, now=now)
        forget_departed(session, deps)
        installations.sweep(session, now=now)
