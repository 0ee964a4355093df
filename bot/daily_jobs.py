"""Post daily questions when they are due, each at most once.

The row that claims a channel's day and the post itself are written in one
transaction; whatever dies and starts again finds both or neither.
"""

import logging
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from bot.blocks import daily as shown
from bot.daily import is_due, next_question
from bot.deps import Deps
from bot.errors import GrapevineError
from bot.outbox import Sent, enqueue
from bot.packs import Pack, PackQuestion, load_pack
from bot.schedules import find_schedule, rhythm_of
from models import Channel, DailyPost, Post, Schedule

POST_KEY = "daily:"

log = logging.getLogger(__name__)

# What Slack says when the channel will not take tomorrow's question either.
LASTING = frozenset(
    {
        "channel_not_found",
        "is_archived",
        "not_in_channel",
        "restricted_action",
        "restricted_action_non_threadable_channel",
        "restricted_action_read_only_channel",
        "restricted_action_thread_only_channel",
    }
)


@dataclass(frozen=True, slots=True)
class Coming:
    """The question that a channel gets next, and as which day."""

    number: int
    question: PackQuestion


def post_due_questions(deps: Deps, *, now: datetime) -> int:
    """Claim every question that is due and hand it to the outbox.

    Returns:
        How many were claimed.
    """
    with deps.database.readers() as session:
        running = select(Schedule).where(Schedule.is_paused.is_(False))
        held = session.scalars(running.order_by(Schedule.id)).all()
    return sum(_post_due(deps, schedule, now) for schedule in held)


def _post_due(deps: Deps, schedule: Schedule, now: datetime) -> bool:
    place = schedule.workspace_id, schedule.channel_id
    try:
        if _due_day(schedule, now) is None:
            return False
        with deps.database.sessions.begin() as session:
            return claim_due(session, *place, now=now)
    except GrapevineError as error:
        # Its zone or its pack is not here (any more): the others go on.
        log.warning("no daily question: %s", error, extra={"channel_id": place[1]})
        return False


def _due_day(schedule: Schedule, now: datetime) -> date | None:
    return is_due(rhythm_of(schedule), now, since=schedule.created_at)


def claim_due(
    session: Session, workspace_id: str, channel_id: str, *, now: datetime
) -> bool:
    """Claim a channel's question if it is due.

    Everything is read again under a lock: another process, or a person with the
    form, may have been quicker.
    """
    schedule = find_schedule(session, workspace_id, channel_id)
    if schedule is None or schedule.is_paused:
        return False
    day = _due_day(schedule, now)
    if day is None:
        return False
    code = _why_no_place(session.get(Channel, (workspace_id, channel_id)))
    if code is not None:
        stop(session, schedule, code, now=now)
        return False
    return claim(session, schedule, day, now=now)


def _why_no_place(channel: Channel | None) -> str | None:
    """What a channel has become since the question was set up there."""
    if channel is None:
        return None
    became = {
        "is_archived": channel.is_archived,
        "is_shared": channel.is_external,
        "is_private": channel.is_private,
    }
    return next((code for code, is_so in became.items() if is_so), None)


def claim(session: Session, schedule: Schedule, day: date, *, now: datetime) -> bool:
    """Claim a channel's day and decide to post its question.

    Returns:
        False if that day was claimed before.
    """
    place = schedule.workspace_id, schedule.channel_id
    key = f"{POST_KEY}{schedule.channel_id}:{day.isoformat()}"
    if session.get(DailyPost, (*place, day)) is not None or _decided(
        session, place[0], key
    ):
        return False
    next_up = coming(session, schedule, load_pack(schedule.pack))
    said = shown.question(next_up.number, next_up.question)
    enqueue(
        session,
        workspace_id=schedule.workspace_id,
        key=key,
        method="chat.postMessage",
        arguments={"channel": schedule.channel_id, **said.payload()},
        now=now,
    )
    session.add(
        DailyPost(
            workspace_id=schedule.workspace_id,
            channel_id=schedule.channel_id,
            day=day,
            number=next_up.number,
            question_key=next_up.question.key,
            claimed_at=now,
        )
    )
    session.flush()
    return True


def _decided(session: Session, workspace_id: str, key: str) -> bool:
    """Whether a post was decided, even if Slack refused it afterwards."""
    held = select(Post.id).where(Post.workspace_id == workspace_id, Post.key == key)
    return session.scalar(held) is not None


def coming(session: Session, schedule: Schedule, pack: Pack) -> Coming:
    """Find what a channel gets next; asking changes nothing."""
    in_channel = (
        DailyPost.workspace_id == schedule.workspace_id,
        DailyPost.channel_id == schedule.channel_id,
    )
    used = session.scalars(select(DailyPost.question_key).where(*in_channel)).all()
    last = session.scalar(select(func.max(DailyPost.number)).where(*in_channel))
    return Coming((last or 0) + 1, next_question(pack, used))


def settled(session: Session, sent: Sent, *, now: datetime) -> None:
    """Note where Slack put a question, or why it never will.

    A question that was refused is free to be asked another day.
    """
    if not sent.key.startswith((POST_KEY, "daily-set:")):
        return
    if sent.key.startswith(POST_KEY):
        _note(session, sent)
    if sent.refused in LASTING and sent.channel_id is not None:
        schedule = find_schedule(session, sent.workspace_id, sent.channel_id)
        if schedule is not None and not schedule.is_paused:
            stop(session, schedule, sent.refused, now=now)


def _note(session: Session, sent: Sent) -> None:
    _, channel_id, day = sent.key.split(":")
    place = (sent.workspace_id, channel_id, date.fromisoformat(day))
    post = session.get(DailyPost, place)
    if post is None:
        return
    if sent.refused is None:
        post.ts = sent.ts
    else:
        session.delete(post)
    session.flush()


def stop(session: Session, schedule: Schedule, code: str, *, now: datetime) -> None:
    """Pause a schedule that cannot go on; tell once who set it up, and the fix."""
    schedule.is_paused = True
    said = shown.stopped(schedule.channel_id, code)
    since = f"{schedule.created_at.timestamp():.0f}"
    enqueue(
        session,
        workspace_id=schedule.workspace_id,
        # Once for each time that it was set up or resumed.
        key=f"daily-stopped:{schedule.channel_id}:{since}",
        method="chat.postMessage",
        arguments={"channel": schedule.created_by, **said.payload()},
        now=now,
    )
