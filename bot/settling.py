"""What follows when Slack has taken a post, or refused it for good."""

from collections.abc import Callable
from datetime import datetime
from functools import partial

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot import daily_jobs, suggestions
from bot.graph.threads import reread_threads
from bot.outbox import Sent
from models import DailyPost


def on_settled(session: Session, sent: Sent, *, now: datetime) -> None:
    """Note it where it matters, in the transaction that settles the post."""
    daily_jobs.settled(session, sent, now=now)
    suggestions.settled(session, sent)
    if sent.key.startswith(daily_jobs.POST_KEY) and sent.ts:
        _hear_early_answers(session, sent)


def at(now: datetime) -> Callable[[Session, Sent], None]:
    """`on_settled`, as of a moment."""
    return partial(on_settled, now=now)


def _hear_early_answers(session: Session, sent: Sent) -> None:
    """An answer may be digested before its question's place was noted."""
    held = session.scalar(
        select(DailyPost).where(
            DailyPost.workspace_id == sent.workspace_id, DailyPost.ts == sent.ts
        )
    )
    if held is not None and held.ts is not None:
        reread_threads(session, sent.workspace_id, {(held.channel_id, held.ts)})
