"""Which process sends a post: the one that claimed it last, for as long as it lives."""

import time
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.orm import Session, aliased, sessionmaker

from bot.pauses import holds
from models import Post, PostState

# A claim ends after this long: the SDK gives up on a call after 30 seconds, so
# whoever made it is dead.
CLAIMED_FOR = timedelta(minutes=2)

# A claim that is older is looked at again just before Slack is called: whoever was
# stopped meanwhile (SIGSTOP, a machine asleep) may have lost it.
_SURE_FOR = timedelta(seconds=10)


def ticks_s() -> float:
    """Seconds on a clock that also counts while the process or machine is stopped."""
    return time.clock_gettime(getattr(time, "CLOCK_BOOTTIME", time.CLOCK_MONOTONIC))


def claim(sessions: sessionmaker[Session], now: datetime) -> tuple[Post, bool] | None:
    """Claim a post, and say whether Slack may have it already.

    Of one channel it is always the earliest that Slack has not taken, so that
    what is said there keeps its order.
    """
    earlier = aliased(Post)
    unsent = (PostState.WAITING, PostState.SENDING)
    is_behind = (
        select(earlier.id)
        .where(
            earlier.state.in_(unsent),
            earlier.workspace_id == Post.workspace_id,
            earlier.channel_id == Post.channel_id,
            earlier.id < Post.id,
        )
        .correlate(Post)
        .exists()
    )
    due = (
        select(Post)
        .where(Post.state.in_(unsent), Post.due_at <= now, ~is_behind, ~holds(now))
        .order_by(Post.due_at, Post.id)
        .limit(1)
        .with_for_update(skip_locked=True, of=Post)
    )
    with sessions.begin() as session:
        post = session.scalar(due)
        if post is None:
            return None
        is_doubtful = post.state == PostState.SENDING
        post.state = PostState.SENDING
        post.due_at = now + CLAIMED_FOR
        post.attempts += 1
    return post, is_doubtful


def still_ours(
    sessions: sessionmaker[Session], post: Post, passed: timedelta, *, now: datetime
) -> bool:
    """Whether a claim holds, just before Slack is called; an older one is renewed.

    Args:
        sessions: That may write.
        post: As it was claimed.
        passed: Since then.
        now: When that was.
    """
    if passed <= _SURE_FOR:
        return True
    is_ours = (Post.state == PostState.SENDING) & (Post.attempts == post.attempts)
    with sessions.begin() as session:
        done: Any = session.execute(
            update(Post)
            .where(Post.id == post.id, is_ours)
            .values(due_at=now + passed + CLAIMED_FOR)
        )
    return int(done.rowcount) == 1
