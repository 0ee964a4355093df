"""Commands about events that could not be digested."""

from collections.abc import Callable, Sequence
from typing import Annotated

import typer
from sqlalchemy.orm import Session

from bot import set_aside
from bot.errors import BadInputError
from bot.set_aside import Failed
from handlers.cli.choices import of

_Json = Annotated[bool, typer.Option("--json", help="Print JSON.")]
_Id = Annotated[int, typer.Argument(help="The event's number, from `events list`.")]
_SomeId = Annotated[
    int | None, typer.Argument(help="The event's number, from `events list`.")
]
_All = Annotated[bool, typer.Option("--all", help="All that are set aside.")]

# Given the session, which (all if None), and the present.
_Act = Callable[..., list[int]]


def register(cli: typer.Typer) -> None:
    """Add the commands of this module."""
    events = typer.Typer(
        help="Look at events that could not be digested.",
        no_args_is_help=True,
        rich_markup_mode=None,
    )
    events.command("list")(list_events)
    events.command("show")(show)
    events.command("retry")(retry)
    events.command("drop")(drop)
    cli.add_typer(events, name="events")


def list_events(
    context: typer.Context,
    *,
    waiting_too: Annotated[
        bool, typer.Option("--all", help="Those that still wait, too.")
    ] = False,
    as_json: _Json = False,
) -> None:
    """List the events that were set aside.

    In ids and kinds of error, never what was written.
    """
    choices = of(context)
    with choices.deps() as deps, deps.database.readers() as session:
        held = set_aside.list_failed(
            session, choices.workspace, waiting_too=waiting_too
        )
    if as_json:
        choices.runtime.print_json([event.as_json() for event in held])
        return
    for event in held:
        choices.runtime.pages.print(_line(event), markup=False, soft_wrap=True)
    if not held:
        choices.runtime.console.print("Nothing is set aside.")


def _line(event: Failed) -> str:
    where = f" in {event.channel_id}" if event.channel_id else ""
    why = f", {event.error} after {event.attempts} attempts" if event.error else ""
    gone = "" if event.can_be_retried else ", let go of"
    at = f"{event.received_at:%Y-%m-%d %H:%M} UTC"
    return f"{event.id:6}  {at}  {event.state}: {event.kind}{where}{why}{gone}"


def show(context: typer.Context, event_id: _Id, *, as_json: _Json = False) -> None:
    """Show one event: what it is about, in ids, and how it failed."""
    choices = of(context)
    with choices.deps() as deps, deps.database.readers() as session:
        held = set_aside.show(session, event_id).as_json()
    if as_json:
        choices.runtime.print_json(held)
        return
    about = held.pop("about")
    for name, value in (held | about).items():
        choices.runtime.pages.print(f"{name:>14}  {value}", markup=False)


def retry(
    context: typer.Context,
    event_id: _SomeId = None,
    *,
    all_of_them: _All = False,
    as_json: _Json = False,
) -> None:
    """Have an event digested again, as if it had just come."""
    _act(context, set_aside.retry, "to be tried again", event_id, all_of_them, as_json)


def drop(
    context: typer.Context,
    event_id: _SomeId = None,
    *,
    all_of_them: _All = False,
    as_json: _Json = False,
) -> None:
    """Let go of an event for good."""
    _act(context, set_aside.drop, "dropped", event_id, all_of_them, as_json)


def _act(  # noqa: PLR0913, PLR0917 - what two commands share
    context: typer.Context,
    act: _Act,
    done: str,
    event_id: int | None,
    all_of_them: bool,  # noqa: FBT001 - an option, passed on
    as_json: bool,  # noqa: FBT001 - the same
) -> None:
    if (event_id is None) != all_of_them:
        raise BadInputError("name one event by its number, or say --all")
    choices = of(context)
    now = choices.runtime.clock()
    with choices.deps() as deps, deps.database.sessions.begin() as session:
        ids = _ids(session, choices.workspace, event_id)
        acted = act(session, ids, now=now)
    if as_json:
        choices.runtime.print_json({"events": acted})
    else:
        choices.runtime.pages.print(f"{len(acted)} {done}", markup=False)


def _ids(
    session: Session, workspace_id: str | None, event_id: int | None
) -> Sequence[int] | None:
    if event_id is not None:
        return [event_id]
    if workspace_id is None:
        return None
    return [event.id for event in set_aside.list_failed(session, workspace_id)]
