"""Set up, pause and remove a channel's daily question.

The one who did it last answers for it: the channel is told their name, and they
are told when it can no longer be posted.
"""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.blocks import daily as shown
from bot.daily import Rhythm, next_times, read_rhythm
from bot.happenings import ChannelTold
from bot.outbox import enqueue
from models import Schedule


@dataclass(frozen=True, slots=True)
class Plan:
    """What somebody wants for a channel, as a schedule holds it."""

    channel_id: str
    time: str
    days: str
    zone: str
    pack: str

    @property
    def rhythm(self) -> Rhythm:
        """When it would be posted.

        Raises:
            BadInputError: A part of the plan is not what it should be.
        """
        return read_rhythm(self.time, self.days, self.zone)


def rhythm_of(schedule: Schedule) -> Rhythm:
    """Read a held schedule; it was checked when it was set up."""
    return read_rhythm(schedule.time, schedule.days, schedule.zone)


def why_not(channel: ChannelTold, *, general_is_meant: bool) -> str | None:
    """Say why a channel cannot have a daily question, and what to do.

    Args:
        channel: As Slack describes it now.
        general_is_meant: Whether the channel that everybody is in was confirmed.

    Returns:
        A sentence; None if it can.
    """
    if channel.is_private or channel.is_external:
        return (
            "The daily question is for public channels of this workspace. "
            "Choose another channel."
        )
    if channel.is_archived:
        return "This channel is archived. Choose another, or unarchive it first."
    if not channel.is_joined:
        return "I'm not in this channel. Write /invite @Grapevine there and try again."
    if channel.is_general and not general_is_meant:
        return (
            "Everybody is in this channel, and everybody would be interrupted. "
            "Choose another, or tick the box to confirm."
        )
    return None


def find_schedule(
    session: Session, workspace_id: str, channel_id: str | None
) -> Schedule | None:
    """Find a channel's schedule; locked until the transaction ends."""
    return session.scalar(
        select(Schedule)
        .where(Schedule.workspace_id == workspace_id, Schedule.channel_id == channel_id)
        .with_for_update()
    )


def set_up(
    session: Session, workspace_id: str, plan: Plan, *, user_id: str, now: datetime
) -> Schedule:
    """Set up or change a channel's daily question, and tell the channel by whom.

    Raises:
        BadInputError: A part of the plan is not what it should be.
    """
    first = next_times(plan.rhythm, now, 1)[0]
    schedule = find_schedule(session, workspace_id, plan.channel_id)
    if schedule is None:
        schedule = Schedule(workspace_id=workspace_id, channel_id=plan.channel_id)
        session.add(schedule)
    schedule.time, schedule.days = plan.time, plan.days
    schedule.zone, schedule.pack = plan.zone, plan.pack
    schedule.created_by, schedule.created_at = user_id, now
    schedule.is_paused = False
    session.flush()
    said = shown.configured(user_id, plan.days, first)
    _tell(session, schedule, "set", said.payload(), now=now)
    return schedule


def pause(session: Session, schedule: Schedule, *, user_id: str, now: datetime) -> None:
    """Stop a schedule until somebody resumes it, and tell the channel by whom."""
    if schedule.is_paused:
        return
    schedule.is_paused = True
    _tell(session, schedule, "pause", shown.paused_by(user_id).payload(), now=now)


def resume(
    session: Session, schedule: Schedule, *, user_id: str, now: datetime
) -> None:
    """Start a paused schedule again; who does it answers for it from now on."""
    plan = Plan(
        schedule.channel_id, schedule.time, schedule.days, schedule.zone, schedule.pack
    )
    if schedule.is_paused:
        set_up(session, schedule.workspace_id, plan, user_id=user_id, now=now)


def remove(
    session: Session, schedule: Schedule, *, user_id: str, now: datetime
) -> None:
    """Take a schedule away; its questions and answers stay."""
    _tell(session, schedule, "remove", shown.removed_by(user_id).payload(), now=now)
    session.delete(schedule)


def _tell(
    session: Session,
    schedule: Schedule,
    what: str,
    payload: dict[str, object],
    *,
    now: datetime,
) -> None:
    enqueue(
        session,
        workspace_id=schedule.workspace_id,
        key=f"daily-{what}:{schedule.channel_id}:{now.timestamp():.0f}",
        method="chat.postMessage",
        arguments={"channel": schedule.channel_id, **payload},
        now=now,
    )
