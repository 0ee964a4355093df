"""How long Slack wants to be left alone, for all processes that share a database.

Slack counts by method and workspace, and messages by channel as well.
https://docs.slack.dev/apis/web-api/rate-limits
"""

from collections.abc import Iterable
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, delete, func, select
from sqlalchemy.orm import Session

from bot.errors import SlackBusyError, SlackLockedOutError
from bot.graph.upserts import replace
from models import Pause, Post
from models.pause import EVERY_CHANNEL, EVERY_METHOD


def pause(
    session: Session,
    workspace_id: str,
    method: str,
    ends_at: datetime,
    *,
    channel_id: str = EVERY_CHANNEL,
) -> None:
    """Let a method of a workspace rest, in one channel or in all."""
    row = {
        "workspace_id": workspace_id,
        "method": method,
        "channel_id": channel_id,
        "ends_at": ends_at,
    }
    replace(session, Pause, [row])


def heed(
    session: Session, workspace_id: str, busy: SlackBusyError, *, now: datetime
) -> None:
    """Let rest what Slack asked to be left alone with, if it did."""
    ends_at = now + timedelta(seconds=busy.retry_after_s)
    if isinstance(busy, SlackLockedOutError):
        pause(session, workspace_id, EVERY_METHOD, ends_at)
    elif busy.is_limit:
        pause(session, workspace_id, busy.method, ends_at)


def holds(now: datetime) -> ColumnElement[bool]:
    """Whether a post must wait, as a condition on `Post`."""
    return (
        select(Pause.method)
        .where(
            Pause.workspace_id == Post.workspace_id,
            Pause.method.in_((EVERY_METHOD, Post.method)),
            Pause.channel_id.in_((EVERY_CHANNEL, Post.channel_id)),
            Pause.ends_at > now,
        )
        .correlate(Post)
        .exists()
    )


def rests_until(
    session: Session, workspace_id: str, methods: Iterable[str], *, now: datetime
) -> datetime | None:
    """When all of these methods may be called again; None if they may now."""
    return session.scalar(
        select(func.max(Pause.ends_at)).where(
            Pause.workspace_id == workspace_id,
            Pause.method.in_((EVERY_METHOD, *methods)),
            Pause.channel_id == EVERY_CHANNEL,
            Pause.ends_at > now,
        )
    )


def sweep(session: Session, *, now: datetime) -> None:
    """Let go of pauses that are over."""
    session.execute(delete(Pause).where(Pause.ends_at <= now))
