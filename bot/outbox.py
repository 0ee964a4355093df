"""What Grapevine has decided to say: claimed first, then said, once.

`enqueue` is called inside the transaction that decided. `send_due` claims one
post at a time, calls Slack outside any transaction, and notes what came of it.
A post found half sent after a crash is looked up in Slack before it is repeated.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import or_, select
from sqlalchemy.orm import Session, sessionmaker

from bot.errors import SlackBusyError, SlackRefusedError
from bot.graph.upserts import insert_new
from bot.slack import METADATA_EVENT, Slack, SlackOf
from models import Post, PostState

# A post that has been "sending" for this long belongs to a process that died:
# the SDK gives up on a call after 30 seconds.
ABANDONED_AFTER = timedelta(minutes=2)

# Slack may be down for an hour; after a day nobody waits for the answer.
GIVE_UP_AFTER = timedelta(hours=24)

# Messages that only one person sees leave no trace in any history, so after a
# crash they are dropped rather than said twice.
UNTRACEABLE = frozenset({"chat.postEphemeral", "views.publish"})


@dataclass(frozen=True, slots=True)
class Sent:
    """A post that Slack took, or refused for good.

    Attributes:
        workspace_id, key, channel_id: Which post.
        ts: Its place in Slack; None when refused or invisible to history.
        posted_in: The channel Slack put it in (a DM's id for a user id).
        refused: Slack's code, or None.
    """

    workspace_id: str
    key: str
    channel_id: str | None
    ts: str | None
    posted_in: str | None
    refused: str | None


# Told of every settled post in the transaction that notes it.
OnSettled = Callable[[Session, Sent], None]


def enqueue(  # noqa: PLR0913 - one argument a column
    session: Session,
    *,
    workspace_id: str,
    key: str,
    method: str,
    arguments: Mapping[str, Any],
    now: datetime,
) -> bool:
    """Decide to call Slack, once for each key.

    Args:
        session: The transaction that decided.
        workspace_id: Whose Slack.
        key: What this is, for example `daily:C1:2026-03-02`.
        method: The Web API method.
        arguments: Its arguments; `channel` may be a user's id for a DM.
        now: When it was decided; due at once.

    Returns:
        False if it was decided before.
    """
    row = {
        "workspace_id": workspace_id,
        "key": key,
        "method": method,
        "channel_id": arguments.get("channel"),
        "payload": _traceable(method, key, arguments),
        "state": PostState.WAITING,
        "attempts": 0,
        "created_at": now,
        "due_at": now,
    }
    return insert_new(session, Post, row)


def _traceable(method: str, key: str, arguments: Mapping[str, Any]) -> dict[str, Any]:
    if method != "chat.postMessage":
        return dict(arguments)
    metadata = {"event_type": METADATA_EVENT, "event_payload": {"key": key}}
    quiet = {"unfurl_links": False, "unfurl_media": False}
    return {**quiet, **arguments, "metadata": metadata}


def send_due(
    sessions: sessionmaker[Session],
    slack_of: SlackOf,
    *,
    now: datetime,
    on_settled: OnSettled,
) -> bool:
    """Send the post that has been due the longest.

    Returns:
        False if nothing is due.
    """
    claimed = _claim(sessions, now)
    if claimed is None:
        return False
    post, was_abandoned = claimed
    try:
        sent = _deliver(slack_of(post.workspace_id), post, look_first=was_abandoned)
    except SlackBusyError as busy:
        _postpone(sessions, post.id, busy, now=now)
    except SlackRefusedError as refused:
        _settle(sessions, post, _refused(post, refused), now=now, tell=on_settled)
    else:
        _settle(sessions, post, sent, now=now, tell=on_settled)
    return True


def _claim(sessions: sessionmaker[Session], now: datetime) -> tuple[Post, bool] | None:
    abandoned = (Post.state == PostState.SENDING) & (
        Post.due_at <= now - ABANDONED_AFTER
    )
    waiting = (Post.state == PostState.WAITING) & (Post.due_at <= now)
    due = (
        select(Post)
        .where(or_(waiting, abandoned))
        .order_by(Post.due_at, Post.id)
        .limit(1)
        .with_for_update(skip_locked=True)
    )
    with sessions.begin() as session:
        post = session.scalar(due)
        if post is None:
            return None
        was_abandoned = post.state == PostState.SENDING
        post.state = PostState.SENDING
        post.due_at = now
        post.attempts += 1
    return post, was_abandoned


def _deliver(slack: Slack, post: Post, *, look_first: bool) -> Sent:
    arguments = post.payload or {}
    if look_first and post.method in UNTRACEABLE:
        return _sent(post, None, None)
    if look_first and post.method == "chat.postMessage":
        found = _find(slack, post)
        if found is not None:
            return _sent(post, *found)
    answer = slack.call(post.method, arguments)
    return _sent(post, answer.get("ts"), answer.get("channel"))


def _find(slack: Slack, post: Post) -> tuple[str, str] | None:
    """Look for a message of ours; a DM's history is under its own id."""
    channel_id = str(post.channel_id)
    if channel_id[:1] in ("U", "W"):
        opened = slack.call("conversations.open", {"users": channel_id})
        channel_id = str(opened["channel"]["id"])
    since_ts = f"{post.created_at.timestamp():.6f}"
    ts = slack.find_posted(channel_id, post.key, since_ts=since_ts)
    return None if ts is None else (ts, channel_id)


def _sent(post: Post, ts: str | None, posted_in: object) -> Sent:
    where = posted_in if isinstance(posted_in, str) else post.channel_id
    return Sent(post.workspace_id, post.key, post.channel_id, ts, where, None)


def _refused(post: Post, error: SlackRefusedError) -> Sent:
    return Sent(post.workspace_id, post.key, post.channel_id, None, None, error.code)


def _postpone(
    sessions: sessionmaker[Session],
    post_id: int,
    busy: SlackBusyError,
    *,
    now: datetime,
) -> None:
    with sessions.begin() as session:
        post = session.get(Post, post_id)
        if post is None:
            return  # whom it was for has been forgotten meanwhile
        # Twice as long each time, never less than Slack asked for.
        pause = busy.retry_after_s * 2 ** min(post.attempts - 1, 6)
        post.due_at = now + timedelta(seconds=pause)
        post.error = str(busy)
        gave_up = now - post.created_at > GIVE_UP_AFTER
        post.state = PostState.FAILED if gave_up else PostState.WAITING
        if gave_up:
            post.payload = None


def _settle(
    sessions: sessionmaker[Session],
    post: Post,
    sent: Sent,
    *,
    now: datetime,
    tell: OnSettled,
) -> None:
    with sessions.begin() as session:
        held = session.get(Post, post.id)
        if held is None:
            return  # whom it was for has been forgotten meanwhile
        held.state = PostState.FAILED if sent.refused else PostState.SENT
        held.payload = None
        held.ts = sent.ts
        held.error = sent.refused
        held.sent_at = None if sent.refused else now
        tell(session, sent)
