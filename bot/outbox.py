"""What Grapevine has decided to say: claimed first, then said, once.

`enqueue` is called inside the transaction that decided. `send_due` claims one
post at a time, calls Slack outside any transaction, and notes what came of it.
A post whose sender died, or whose answer was lost, is looked up in Slack before it is
repeated.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session, sessionmaker

from bot.bell import POSTS, ring
from bot.claims import claim, still_ours, ticks_s
from bot.errors import SlackBusyError, SlackLockedOutError, SlackRefusedError
from bot.graph.upserts import insert_new
from bot.pauses import heed, pause
from bot.slack import METADATA_EVENT, Slack, SlackOf
from models import Post, PostState

# Slack may be down for hours; after half a day nobody waits for the answer, and
# tomorrow's question would meet today's.
GIVE_UP_AFTER = timedelta(hours=12)

# In place of Slack's code, when it gave none for so long.
NO_ANSWER = "no_answer"

# A message a second a channel. https://docs.slack.dev/apis/web-api/rate-limits
SPACING = timedelta(seconds=1)

# Our clock and Slack's may differ by this much.
_CLOCKS_DIFFER = timedelta(minutes=5)

# Refusals that say what we wanted is so already.
_AS_WANTED = frozenset({("conversations.invite", "already_in_channel")})

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
        refused: Slack's code, `NO_ANSWER`, or None.
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
    is_new = insert_new(session, Post, row)
    if is_new:
        ring(session, POSTS)
    return is_new


def _traceable(method: str, key: str, arguments: Mapping[str, Any]) -> dict[str, Any]:
    if method != "chat.postMessage":
        return dict(arguments)
    metadata = {"event_type": METADATA_EVENT, "event_payload": {"key": key}}
    quiet = {"unfurl_links": False, "unfurl_media": False}
    return {**quiet, **arguments, "metadata": metadata}


def is_due(session: Session, by: datetime) -> bool:
    """Whether a post waits that is due by a moment, though it may be held back."""
    waits = Post.state.in_((PostState.WAITING, PostState.SENDING))
    return (
        session.scalar(select(Post.id).where(waits, Post.due_at <= by).limit(1))
        is not None
    )


def send_due(  # noqa: PLR0913 - all but two by name
    sessions: sessionmaker[Session],
    slack_of: SlackOf,
    *,
    now: datetime,
    on_settled: OnSettled,
    spacing: timedelta = timedelta(0),
    ticks: Callable[[], float] = ticks_s,
) -> bool:
    """Send the post that has been due the longest.

    Args:
        sessions: That may write.
        slack_of: Slack's Web API by workspace.
        now: The present.
        on_settled: Told what became of it.
        spacing: Between two messages in one channel; see `SPACING`.
        ticks: A clock in seconds that goes on while this process is stopped.

    Returns:
        False if nothing is due.
    """
    began_s = ticks()
    claimed = claim(sessions, now)
    if claimed is None:
        return False
    post, is_doubtful = claimed
    gave_up = now - post.created_at > GIVE_UP_AFTER
    try:
        slack = slack_of(post.workspace_id)
        sent = _look(slack, post) if is_doubtful else None
        passed = timedelta(seconds=ticks() - began_s)
        if sent is None and not still_ours(sessions, post, passed, now=now):
            return True  # whoever claimed it meanwhile looks, and says it
        if sent is None:
            sent = _refused(post, NO_ANSWER) if gave_up else _call(slack, post)
    except SlackBusyError as busy:
        if not gave_up:
            is_doubtful = is_doubtful or busy.is_doubtful
            _postpone(sessions, post, busy, is_doubtful=is_doubtful, now=now)
            return True
        sent = _refused(post, NO_ANSWER)
    except SlackRefusedError as refused:
        is_so = (post.method, refused.code) in _AS_WANTED
        sent = _sent(post, None, None) if is_so else _refused(post, refused.code)
    _settle(sessions, post, sent, now=now, spacing=spacing, tell=on_settled)
    return True


def _call(slack: Slack, post: Post) -> Sent:
    answer = slack.call(post.method, post.payload or {})
    return _sent(post, answer.get("ts"), answer.get("channel"))


def _look(slack: Slack, post: Post) -> Sent | None:
    """Look whether Slack has a post whose answer was never heard."""
    if post.method in UNTRACEABLE:
        return _sent(post, None, None)
    if post.method != "chat.postMessage":
        return None  # doing it twice is the same as once
    channel_id = str(post.channel_id)
    if channel_id[:1] in ("U", "W"):  # a DM's history is under its own id
        opened = slack.call("conversations.open", {"users": channel_id})
        channel_id = str(opened["channel"]["id"])
    since = (post.created_at - _CLOCKS_DIFFER).timestamp()
    thread_ts = (post.payload or {}).get("thread_ts")
    in_thread = {"thread_ts": str(thread_ts)} if thread_ts else {}
    ts = slack.find_posted(channel_id, post.key, since_ts=f"{since:.6f}", **in_thread)
    return None if ts is None else _sent(post, ts, channel_id)


def _sent(post: Post, ts: str | None, posted_in: object) -> Sent:
    where = posted_in if isinstance(posted_in, str) else post.channel_id
    return Sent(post.workspace_id, post.key, post.channel_id, ts, where, None)


def _refused(post: Post, code: str) -> Sent:
    return Sent(post.workspace_id, post.key, post.channel_id, None, None, code)


def _postpone(
    sessions: sessionmaker[Session],
    post: Post,
    busy: SlackBusyError,
    *,
    is_doubtful: bool,
    now: datetime,
) -> None:
    with sessions.begin() as session:
        heed(session, post.workspace_id, busy, now=now)
        held = session.get(Post, post.id)
        if held is None:
            return  # whom it was for has been forgotten meanwhile
        # What Slack asks for is enough; without a word, twice as long each time.
        told = busy.is_limit or isinstance(busy, SlackLockedOutError)
        times = 1 if told else 2 ** min(held.attempts - 1, 6)
        held.due_at = now + timedelta(seconds=busy.retry_after_s * times)
        held.error = str(busy)
        held.state = PostState.SENDING if is_doubtful else PostState.WAITING


def _settle(  # noqa: PLR0913 - one argument a part of what happened
    sessions: sessionmaker[Session],
    post: Post,
    sent: Sent,
    *,
    now: datetime,
    spacing: timedelta,
    tell: OnSettled,
) -> None:
    with sessions.begin() as session:
        held = session.get(Post, post.id, with_for_update=True)
        if held is None or held.state != PostState.SENDING:
            # Whom it was for has been forgotten meanwhile, or we were so slow that
            # somebody else has found it in Slack.
            return
        held.state = PostState.FAILED if sent.refused else PostState.SENT
        held.payload = None
        held.ts = sent.ts
        held.error = sent.refused
        held.sent_at = None if sent.refused else now
        if spacing and post.channel_id and post.method == "chat.postMessage":
            pause(
                session,
                post.workspace_id,
                post.method,
                now + spacing,
                channel_id=post.channel_id,
            )
        tell(session, sent)
