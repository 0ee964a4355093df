"""Commands about the daily question: `daily next` and `daily post`."""

from typing import Annotated, Any
from zoneinfo import ZoneInfo

import typer
from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from bot import outbox, settling
from bot.blocks import daily as shown
from bot.daily_jobs import POST_KEY, Coming, claim, coming
from bot.deps import Deps
from bot.errors import GrapevineError, NotFoundError
from bot.packs import load_pack, pack_names
from bot.schedules import find_schedule
from handlers.cli.choices import Choices, of
from models import Channel, DailyPost, Post, PostState, Schedule, Workspace

_Json = Annotated[bool, typer.Option("--json", help="Print JSON.")]


def register(cli: typer.Typer) -> None:
    """Add the commands of this module."""
    daily = typer.Typer(help="The daily question.", no_args_is_help=True)
    daily.command("next")(show_next)
    daily.command("post")(post)
    cli.add_typer(daily, name="daily")


def show_next(
    context: typer.Context,
    channel: Annotated[
        str | None,
        typer.Argument(help="A channel's id or name; else the pack's first day."),
    ] = None,
    *,
    as_json: _Json = False,
) -> None:
    """Show the question that comes next; nothing is posted."""
    choices = of(context)
    with choices.deps() as deps, deps.database.readers() as session:
        if channel is None:
            pack = load_pack(pack_names()[0])
            up = Coming(1, pack.questions[0])
        else:
            schedule = _schedule(session, choices, deps, channel)
            up = coming(session, schedule, load_pack(schedule.pack))
    said = shown.question(up.number, up.question)
    if as_json:
        choices.runtime.print_json(
            {
                "number": up.number,
                "key": up.question.key,
                "title": up.question.title,
                "text": said.text,
                "blocks": said.blocks,
            }
        )
        return
    asked = up.question
    for line in (
        f"Day {up.number}: {asked.title}",
        "",
        asked.reading,
        "",
        f"QUESTION  {asked.question}",
        f"SHARE with your team  {asked.share}",
        f"FIND OUT more  {asked.find_out}",
    ):
        choices.runtime.pages.print(line, markup=False)


def post(
    context: typer.Context,
    channel: Annotated[str, typer.Argument(help="The channel's id or name.")],
    *,
    as_json: _Json = False,
) -> None:
    """Post today's question in a channel now, unless it was posted today."""
    choices = of(context)
    now = choices.runtime.clock()
    with choices.deps() as deps:
        with deps.database.sessions.begin() as session:
            schedule = _schedule(session, choices, deps, channel)
            day = now.astimezone(ZoneInfo(schedule.zone)).date()
            place = (schedule.workspace_id, schedule.channel_id, day)
            is_new = claim(session, schedule, day, now=now)
        while outbox.send_due(
            deps.database.sessions, deps.slack_of, now=now, on_settled=settling.at(now)
        ):
            pass
        with deps.database.readers() as session:
            told = _told(session, place, is_new=is_new)
    if as_json:
        choices.runtime.print_json(told)
    else:
        words = "Posted" if is_new else "Already posted today"
        choices.runtime.pages.print(f"{words}: day {told['number']}, {told['key']}")


def _schedule(session: Session, choices: Choices, deps: Deps, wanted: str) -> Schedule:
    """Find a channel's schedule; without one, the first pack as of today.

    Raises:
        NotFoundError: No such channel is held.
    """
    workspace_id = choices.workspace_id(session)
    name = wanted.removeprefix("#")
    channel = session.scalar(
        select(Channel).where(
            Channel.workspace_id == workspace_id,
            or_(Channel.id == wanted, Channel.name == name),
            Channel.is_private.is_(False),
        )
    )
    if channel is None:
        raise NotFoundError(
            f"{wanted} is no channel that Grapevine knows: give its name or id, and "
            "invite @Grapevine there first"
        )
    held = find_schedule(session, workspace_id, channel.id)
    bot_id = session.get_one(Workspace, workspace_id).bot_user_id or ""
    return held or Schedule(
        workspace_id=workspace_id,
        channel_id=channel.id,
        time="09:00",
        days="mon,tue,wed,thu,fri",
        zone="UTC",
        pack=pack_names()[0],
        created_by=bot_id,
        created_at=deps.clock(),
    )


def _told(session: Session, place: tuple[Any, ...], *, is_new: bool) -> dict[str, Any]:
    """What became of the post.

    Raises:
        GrapevineError: Slack refused it, or could not be reached.
    """
    workspace_id, channel_id, day = place
    key = f"{POST_KEY}{channel_id}:{day.isoformat()}"
    sent = session.scalar(
        select(Post).where(Post.workspace_id == workspace_id, Post.key == key)
    )
    if sent is not None and sent.state != PostState.SENT:
        raise GrapevineError(
            f"the question was not posted: {sent.error or 'no answer'}"
        )
    daily = session.get(DailyPost, place)
    return {
        "channel": channel_id,
        "day": day.isoformat(),
        "number": daily.number if daily else None,
        "key": daily.question_key if daily else None,
        "ts": daily.ts if daily else None,
        "posted_now": is_new,
    }
