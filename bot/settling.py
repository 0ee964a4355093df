"""Tell each feature what Slack made of the posts it decided."""

from collections.abc import Callable
from datetime import datetime
from functools import partial

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot import daily_jobs
from bot.asks import ASK_KEY, note_asked, note_not_asked
from bot.graph.threads import reread_threads
from bot.invitations import (
    INVITE_KEY,
    JOIN_KEY,
    note_invited,
    note_not_added,
    note_not_invited,
)
from bot.openings import SEED_KEY, note_seeded
from bot.outbox import Sent
from models import DailyPost


def settled(session: Session, sent: Sent, *, now: datetime) -> None:
    """Note where Slack put a post, or why it never will."""
    daily_jobs.settled(session, sent, now=now)
    if sent.refused is not None:
        _refused(session, sent, sent.refused, now=now)
        return
    if sent.key.startswith(SEED_KEY):
        note_seeded(session, sent.key)
    if sent.ts is None or sent.posted_in is None:
        return
    place = (sent.posted_in, sent.ts)
    if sent.key.startswith(daily_jobs.POST_KEY):
        _hear_early_answers(session, sent.workspace_id, sent.ts)
    if sent.key.startswith(ASK_KEY):
        note_asked(session, sent.workspace_id, sent.key, place, now=now)
    elif sent.key.startswith(INVITE_KEY):
        note_invited(session, sent.workspace_id, sent.key, place)


def _refused(session: Session, sent: Sent, code: str, *, now: datetime) -> None:
    """Tell whoever decided that it did not happen, and will not."""
    if sent.key.startswith(ASK_KEY):
        note_not_asked(session, sent.workspace_id, sent.key, now=now)
    elif sent.key.startswith(INVITE_KEY):
        note_not_invited(session, sent.workspace_id, sent.key, code)
    elif sent.key.startswith(JOIN_KEY):
        note_not_added(session, sent.workspace_id, sent.key, code, now=now)


def at(now: datetime) -> Callable[[Session, Sent], None]:
    """`settled`, as of a moment."""
    return partial(settled, now=now)


def _hear_early_answers(session: Session, workspace_id: str, ts: str) -> None:
    """An answer may be digested before its question's place was noted."""
    held = session.scalar(
        select(DailyPost).where(
            DailyPost.workspace_id == workspace_id, DailyPost.ts == ts
        )
    )
    if held is not None and held.ts is not None:
        reread_threads(session, workspace_id, {(held.channel_id, held.ts)})
