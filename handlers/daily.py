"""`/grapevine daily`: the form that gives a channel its daily question."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import partial
from typing import Any

from slack_bolt import Ack, App, BoltContext

from bot.blocks import daily_modal as form
from bot.blocks.daily_modal import Draft, Existing, daily_modal
from bot.blocks.spoken import modal, section
from bot.daily import WORKING_DAYS, join_days, next_times, read_rhythm
from bot.deps import Deps
from bot.describing import read_channel
from bot.errors import BadInputError, SlackBusyError, SlackRefusedError
from bot.happenings import ChannelTold
from bot.introductions import meet
from bot.packs import load_pack, pack_names
from bot.schedules import (
    Plan,
    find_schedule,
    pause,
    remove,
    resume,
    set_up,
    why_not,
)
from bot.zones import offered_zones
from handlers.actors import Actor, actor_in
from handlers.errors import guarded
from models import Person, Schedule

State = Mapping[str, Mapping[str, Mapping[str, Any]]]

_DEFAULT_TIME = "09:00"

# How many dates the form shows ahead.
_PREVIEWED = 3


def register(app: App, deps: Deps) -> None:
    """Wire the form and its buttons."""
    app.view(form.CALLBACK)(guarded(on_submit, deps))
    for name in form.REDRAWN:
        app.action(name)(guarded(on_change, deps))
    for action_id, act, done in (
        (form.PAUSE_ACTION, pause, "The daily question in <#{}> is paused."),
        (form.RESUME_ACTION, resume, "The daily question in <#{}> goes on."),
        (form.REMOVE_ACTION, remove, "The daily question in <#{}> is removed."),
    ):
        app.action(action_id)(guarded(partial(on_control, act=act, done=done), deps))


def open_modal(
    deps: Deps, *, workspace_id: str, user_id: str, channel_id: str, trigger_id: str
) -> None:
    """Open the form for the channel that somebody is in.

    Raises:
        SlackRefusedError: The form cannot be opened (any more).
        SlackBusyError: Slack cannot be reached now.
    """
    actor = Actor(workspace_id, user_id)
    own_zone = _own_zone(deps, actor)
    with deps.database.readers() as session:
        held = find_schedule(session, actor.workspace_id, channel_id)
        draft = _fresh(channel_id, held, own_zone)
        view = _view(deps, draft, _shown(held), own_zone)
    call = deps.slack_of(actor.workspace_id).call
    call("views.open", {"trigger_id": trigger_id, "view": view})


def _own_zone(deps: Deps, actor: Actor) -> str:
    """Find a person's zone; Slack is asked about somebody not met yet."""
    try:
        return meet(deps, actor.workspace_id, actor.user_id, now=deps.clock()).zone
    except SlackBusyError:  # the menu then begins with UTC
        return ""


def _fresh(channel_id: str, held: Schedule | None, own_zone: str) -> Draft:
    # A DM or a private channel is no place for it: the menu starts empty there.
    chosen = channel_id if channel_id.startswith("C") else None
    if held is None:
        zone = offered_zones(own_zone)[0]
        return Draft(chosen, _DEFAULT_TIME, WORKING_DAYS, zone, pack_names()[0])
    days = tuple(held.days.split(","))
    return Draft(chosen, held.time, days, held.zone, held.pack)


def _shown(held: Schedule | None) -> Existing | None:
    if held is None:
        return None
    return Existing(
        held.channel_id,
        held.time,
        held.days,
        held.zone,
        held.created_by,
        held.is_paused,
    )


def _view(
    deps: Deps, draft: Draft, existing: Existing | None, own_zone: str
) -> dict[str, Any]:
    try:
        rhythm = read_rhythm(draft.time or "", join_days(draft.days), draft.zone or "")
        dates = next_times(rhythm, deps.clock(), _PREVIEWED)
    except BadInputError:  # not filled in yet
        dates = []
    return daily_modal(
        draft,
        packs={name: load_pack(name).title for name in pack_names()},
        zones=offered_zones(own_zone, draft.zone or ""),
        next_times=dates,
        existing=existing,
    )


def on_change(
    ack: Ack, body: dict[str, Any], context: BoltContext, *, deps: Deps
) -> None:
    """Draw the form again after a change, with the dates that follow from it."""
    ack()
    actor = actor_in(context)
    draft = read_draft(body["view"])
    with deps.database.readers() as session:
        person = session.get(Person, (actor.workspace_id, actor.user_id))
        held = find_schedule(session, actor.workspace_id, draft.channel_id)
        view = _view(deps, draft, _shown(held), person.zone if person else "")
    _replace(deps, actor, body["view"], view)


def _replace(
    deps: Deps, actor: Actor, shown: Mapping[str, Any], view: dict[str, Any]
) -> None:
    # The hash keeps a slow redrawing from undoing a later one.
    arguments = {"view_id": shown["id"], "hash": shown.get("hash"), "view": view}
    try:
        deps.slack_of(actor.workspace_id).call("views.update", arguments)
    except SlackRefusedError as refused:
        if refused.code not in ("hash_conflict", "not_found"):
            raise


def read_draft(view: Mapping[str, Any]) -> Draft:
    """Read the form as it is filled in."""
    # What nobody has touched may be told by the form alone, not by its state.
    state: State = _as_shown(view) | view["state"]["values"]

    def value(name: str) -> Mapping[str, Any]:
        return state.get(name, {}).get(name) or {}

    def option(name: str) -> str | None:
        chosen = value(name).get("selected_option")
        return str(chosen["value"]) if chosen else None

    def ticked(name: str) -> tuple[str, ...]:
        return tuple(o["value"] for o in value(name).get("selected_options") or ())

    return Draft(
        channel_id=value(form.CHANNEL).get("selected_conversation"),
        time=value(form.TIME).get("selected_time"),
        days=ticked(form.DAYS),
        zone=option(form.ZONE),
        pack=option(form.PACK),
        asks_general=form.GENERAL in state,
        general_is_meant=bool(ticked(form.GENERAL)),
    )


def _as_shown(view: Mapping[str, Any]) -> dict[str, dict[str, dict[str, Any]]]:
    inputs = [block for block in view["blocks"] if block["type"] == "input"]
    return {
        block["block_id"]: {
            block["block_id"]: {
                name.replace("initial_", "selected_"): value
                for name, value in block["element"].items()
                if name.startswith("initial_")
            }
        }
        for block in inputs
    }


def on_submit(
    ack: Ack, body: dict[str, Any], context: BoltContext, *, deps: Deps
) -> None:
    """Save what the form says, or show beside each field what is wrong."""
    actor = actor_in(context)
    draft = read_draft(body["view"])
    errors = missing(draft)
    if errors:
        ack(response_action="errors", errors=errors)
        return
    try:
        channel = _ask_about(deps, actor, draft.channel_id or "")
    except SlackBusyError:
        ack(response_action="errors", errors={form.CHANNEL: _BUSY})
        return
    problem = why_not(channel, general_is_meant=draft.general_is_meant)
    is_general = bool(channel.is_joined and channel.is_general)
    if problem and is_general and not draft.asks_general:
        ack(response_action="update", view=_with_box(deps, draft))
    elif problem:
        at = form.GENERAL if is_general else form.CHANNEL
        ack(response_action="errors", errors={at: problem})
    else:
        _save(deps, actor, draft)
        ack()


_BUSY = "Slack did not answer. Wait a moment and press Save again."


def _with_box(deps: Deps, draft: Draft) -> dict[str, Any]:
    return _view(deps, replace(draft, asks_general=True), None, "")


def missing(draft: Draft) -> dict[str, str]:
    """Say beside each field what is still to be chosen."""
    wanted = {
        form.CHANNEL: (draft.channel_id, "Choose a channel."),
        form.TIME: (draft.time, "Choose a time."),
        form.DAYS: (draft.days, "Choose at least one day."),
        form.ZONE: (draft.zone, "Choose a time zone."),
        form.PACK: (draft.pack in pack_names(), "Choose a question pack."),
    }
    return {name: why for name, (given, why) in wanted.items() if not given}


def _ask_about(deps: Deps, actor: Actor, channel_id: str) -> ChannelTold:
    """Ask Slack about a channel; one it does not show us is one we are not in."""
    try:
        answer = deps.slack_of(actor.workspace_id).call(
            "conversations.info", {"channel": channel_id}
        )
    except SlackRefusedError:
        return ChannelTold(channel_id, "", is_joined=False)
    return read_channel(answer["channel"], "") or ChannelTold(channel_id, "")


def _save(deps: Deps, actor: Actor, draft: Draft) -> None:
    plan = Plan(
        draft.channel_id or "",
        draft.time or "",
        join_days(draft.days),
        draft.zone or "",
        draft.pack or "",
    )
    with deps.database.sessions.begin() as session:
        set_up(
            session, actor.workspace_id, plan, user_id=actor.user_id, now=deps.clock()
        )


def on_control(  # noqa: PLR0913 - three are Bolt's, three are ours
    ack: Ack,
    body: dict[str, Any],
    context: BoltContext,
    *,
    act: Callable[..., None],
    done: str,
    deps: Deps,
) -> None:
    """Pause, resume or remove the schedule that the form shows."""
    ack()
    actor = actor_in(context)
    channel_id = str(body["actions"][0]["value"])
    with deps.database.sessions.begin() as session:
        held = find_schedule(session, actor.workspace_id, channel_id)
        if held is not None:
            act(session, held, user_id=actor.user_id, now=deps.clock())
    told = modal("Daily question", [section(done.format(channel_id))])
    _replace(deps, actor, body["view"], told)
