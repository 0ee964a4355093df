"""views.*: modals and the Home tab."""

import json

from bot.standin.blocks import VIEW_BYTES, view_errors, with_ids
from bot.standin.calls import ApiError, Call, Method, invalid_arguments
from bot.standin.values import Payload
from bot.standin.world import TRIGGER_LIFE_S, Trigger, World

# https://docs.slack.dev/surfaces/modals: "up to three views".
MAX_STACK = 3


def open_view(call: Call) -> Payload:
    """Open a modal with a trigger."""
    view = read_view(call, "modal")
    trigger = _trigger(call)
    if call.world.modals.get(trigger.user_id):
        raise ApiError("invalid_arguments")
    return {"view": push_modal(call.world, trigger.user_id, view)}


def push(call: Call) -> Payload:
    """Put a modal on top of the one that the trigger came from."""
    view = read_view(call, "modal")
    trigger = _trigger(call)
    stack = call.world.modals.get(trigger.user_id, [])
    if not stack:
        raise ApiError("not_found")
    if len(stack) >= MAX_STACK:
        raise ApiError("push_limit_reached")
    return {"view": push_modal(call.world, trigger.user_id, view)}


def update(call: Call) -> Payload:
    """Replace a view by id or external id."""
    world = call.world
    found = _find(call)
    if found is None:
        raise ApiError("not_found")
    view = read_view(call, found["type"])
    if call.text("hash", found["hash"]) != found["hash"]:
        raise ApiError("hash_conflict")
    return {"view": replace_view(world, found, view)}


def publish(call: Call) -> Payload:
    """Set the Home tab of one person."""
    world, user = call.world, call.user("user_id")
    view = read_view(call, "home")
    if not user.deleted and not user.is_bot:
        before = world.homes.get(user.id)
        if before and call.text("hash", before["hash"]) != before["hash"]:
            raise ApiError("hash_conflict")
        view_id = before["id"] if before else world.new_id("V")
        world.homes[user.id] = _complete(world, view, view_id)
        return {"view": world.homes[user.id]}
    raise ApiError("user_not_found")


def read_view(call: Call, kind: str) -> Payload:
    """Read and check a view.

    Raises:
        ApiError: `invalid_arguments` with each reason, or `view_too_large`.
    """
    view = call.tree("view")
    if not isinstance(view, dict):
        raise invalid_arguments("view must be an object")
    check_view(call.world, view, kind)
    return view


def check_view(world: World, view: Payload, kind: str) -> None:
    """Refuse a view that Slack would refuse.

    Raises:
        ApiError: as for `read_view`.
    """
    rendered = json.dumps(view)
    if len(rendered.encode()) > VIEW_BYTES:
        raise ApiError("view_too_large")
    errors = view_errors(view, kind)
    if errors:
        raise invalid_arguments(*errors)
    world.note_broadcast(view, rendered)


def push_modal(world: World, user_id: str, view: Payload) -> Payload:
    """Show a modal on top of the others that a person has open."""
    stack = world.modals.setdefault(user_id, [])
    full = _complete(world, view, world.new_id("V"))
    full["root_view_id"] = stack[0]["id"] if stack else full["id"]
    full["previous_view_id"] = stack[-1]["id"] if stack else None
    stack.append(full)
    return full


def replace_view(world: World, old: Payload, view: Payload) -> Payload:
    """Put a view where another one is."""
    full = _complete(world, view, old["id"])
    kept = {key: old[key] for key in ("root_view_id", "previous_view_id")}
    full |= kept
    for stack in world.modals.values():
        stack[:] = [full if view is old else view for view in stack]
    for user_id, home in world.homes.items():
        if home is old:
            world.homes[user_id] = full
    return full


def _complete(world: World, view: Payload, view_id: str) -> Payload:
    empty = {"private_metadata": "", "callback_id": "", "external_id": ""}
    return {
        **empty,
        "title": None,
        "close": None,
        "submit": None,
        "clear_on_close": False,
        "notify_on_close": False,
        **view,
        "id": view_id,
        "team_id": world.workspace.id,
        "app_id": world.app.id,
        "bot_id": world.app.bot_id,
        "app_installed_team_id": world.workspace.id,
        "root_view_id": view_id,
        "previous_view_id": None,
        "hash": f"{world.new_id('')}.{view_id}",
        "blocks": with_ids(view["blocks"], world.new_id),
        "state": {"values": {}},
    }


def _find(call: Call) -> Payload | None:
    view_id, external_id = call.text("view_id"), call.text("external_id")
    if not view_id and not external_id:
        raise invalid_arguments("view_id or external_id is required")
    if view_id:
        return call.world.find_view(view_id)
    views = (view for stack in call.world.modals.values() for view in stack)
    return next((view for view in views if view["external_id"] == external_id), None)


def _trigger(call: Call) -> Trigger:
    trigger = call.world.triggers.get(call.text("trigger_id"))
    if trigger is None:
        raise ApiError("invalid_trigger_id")
    if trigger.is_used:
        raise ApiError("exchanged_trigger_id")
    if call.world.ticks() - trigger.born_s > TRIGGER_LIFE_S:
        raise ApiError("expired_trigger_id")
    trigger.is_used = True
    return trigger


METHODS = (
    Method("views.open", open_view, "trigger_id view", "trigger_id view", tier=4),
    Method("views.push", push, "trigger_id view", "trigger_id view", tier=4),
    Method("views.update", update, "view_id external_id view hash", "view", tier=4),
    Method("views.publish", publish, "user_id view hash", "user_id view", tier=4),
)
