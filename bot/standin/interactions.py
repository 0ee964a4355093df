"""The payloads of commands, shortcuts, clicks and submissions, and their outcome.

https://docs.slack.dev/reference/interaction-payloads
"""

import re

from bot.standin.blocks import elements_of
from bot.standin.calls import ApiError
from bot.standin.choices import ClientError
from bot.standin.methods.views import check_view, push_modal, replace_view
from bot.standin.responses import find_ephemeral
from bot.standin.values import Channel, Payload
from bot.standin.world import ResponseUrl, World

_CHANNEL_NAMES = {"im": "directmessage", "private": "privategroup"}


def common(world: World, user_id: str) -> Payload:
    """Say who acts, in which workspace, on which app."""
    user, team = world.users[user_id], world.workspace
    team_id = user.team_id or team.id
    names = {"id": user_id, "username": user.name, "name": user.name}
    return {
        "token": "local",
        "api_app_id": world.app.id,
        "team": {"id": team.id, "domain": team.domain},
        "enterprise": {"id": team.enterprise_id} if team.enterprise_id else None,
        "is_enterprise_install": world.app.is_org_wide,
        "user": {**names, "team_id": team_id},
    }


def command_payload(world: World, grant: ResponseUrl, name: str, text: str) -> Payload:
    """Build what a slash command sends; mentions are escaped with their names."""
    channel, user = world.channels[grant.channel_id], world.users[grant.user_id]
    return {
        "token": "local",
        "team_id": world.workspace.id,
        "team_domain": world.workspace.domain,
        "channel_id": channel.id,
        "channel_name": _CHANNEL_NAMES.get(channel.kind, channel.name),
        "user_id": user.id,
        "user_name": user.name,
        "command": name,
        "text": _escaped(world, text),
        "api_app_id": world.app.id,
        **(
            {"enterprise_id": above} if (above := world.workspace.enterprise_id) else {}
        ),
        "is_enterprise_install": str(world.app.is_org_wide).lower(),
        "response_url": world.new_response_url(grant),
        "trigger_id": world.new_trigger(user.id),
    }


def _escaped(world: World, text: str) -> str:
    def person(found: re.Match[str]) -> str:
        return f"<@{found[1]}|{world.users[found[1]].name}>"

    def channel(found: re.Match[str]) -> str:
        return f"<#{found[1]}|{world.channels[found[1]].name}>"

    return re.sub(r"<#(\w+)>", channel, re.sub(r"<@(\w+)>", person, text))


def shortcut_payload(
    world: World, user_id: str, callback_id: str, message: Payload | None
) -> Payload:
    """Build what a shortcut sends, on a message or from anywhere."""
    payload = {
        **common(world, user_id),
        "type": "shortcut",
        "callback_id": callback_id,
        "action_ts": f"{world.now().timestamp():.6f}",
        "trigger_id": world.new_trigger(user_id),
    }
    if message is None:
        return payload
    channel = world.channels[message["channel"]]
    ts, thread_ts = message["ts"], message.get("thread_ts", "")
    place = ResponseUrl(user_id, channel.id, world.ticks(), ts, thread_ts)
    return {
        **payload,
        "type": "message_action",
        "channel": _brief(channel),
        "message_ts": ts,
        "message": channel.messages[ts],
        "response_url": world.new_response_url(place),
    }


def _brief(channel: Channel) -> Payload:
    return {
        "id": channel.id,
        "name": _CHANNEL_NAMES.get(channel.kind, channel.name),
    }


def click_payload(
    world: World, user_id: str, target: Payload, action: Payload
) -> Payload:
    """Build what a click sends, on a message or in a view."""
    payload = {
        **common(world, user_id),
        "type": "block_actions",
        "trigger_id": world.new_trigger(user_id, target.get("id", "")),
        "actions": [action],
    }
    if "ts" not in target:
        container = {"type": "view", "view_id": target["id"]}
        return {**payload, "container": container, "view": target}
    channel = world.channels[target["channel"]]
    ts, thread_ts = target["ts"], target.get("thread_ts", "")
    grant = ResponseUrl(user_id, channel.id, world.ticks(), ts, thread_ts)
    container = {
        "type": "message",
        "message_ts": ts,
        "channel_id": channel.id,
        "is_ephemeral": bool(target.get("is_ephemeral")),
        **({"thread_ts": thread_ts} if thread_ts else {}),
    }
    # Slack leaves the text of an ephemeral message out of the payload.
    shown = {} if target.get("is_ephemeral") else {"message": target}
    return {
        **payload,
        "container": container,
        "channel": _brief(channel),
        "state": {"values": {}},
        "response_url": world.new_response_url(grant),
        **shown,
    }


def submission_payload(world: World, user_id: str, view: Payload) -> Payload:
    """Build what submitting a modal sends."""
    trigger_id = world.new_trigger(user_id, view["id"])
    payload = {**common(world, user_id), "type": "view_submission"}
    return {**payload, "trigger_id": trigger_id, "view": view, "response_urls": []}


def closing_payload(
    world: World, user_id: str, view: Payload, *, is_cleared: bool
) -> Payload:
    """Build what closing a modal sends, if the view asked to be told."""
    payload = {**common(world, user_id), "type": "view_closed", "view": view}
    return {**payload, "is_cleared": is_cleared}


def find_target(world: World, user_id: str, target: Payload) -> Payload:
    """Find a message or view as it is now, if this person sees it.

    Raises:
        ClientError: when it is gone, or not theirs to see.
    """
    found = None
    if "ts" not in target:
        modals = world.modals.get(user_id, [])[-1:]
        mine = [*modals, world.homes.get(user_id, {})]
        found = next((v for v in mine if v.get("id") == target["id"]), None)
    elif target.get("is_ephemeral"):
        found = find_ephemeral(world, target["ts"], user_id)
    else:
        channel = world.channels.get(target["channel"])
        if channel is not None and _may_see(channel, user_id):
            found = channel.messages.get(target["ts"])
            found = found and {**found, "channel": channel.id}
    if found is None:
        raise ClientError(
            f"{user_id} does not see {target.get('ts', target.get('id'))}"
        )
    return found


def _may_see(channel: Channel, user_id: str) -> bool:
    return channel.kind == "channel" or user_id in channel.members


def find_element(
    shown: Payload, action_id: str, value: object, block_id: str
) -> tuple[Payload, Payload]:
    """Find the one element that a person means, with its block.

    Raises:
        ClientError: when there is none, or more than one.
    """
    found = [
        (block, element)
        for block in shown.get("blocks", ())
        for element in elements_of(block)
        if element.get("action_id") == action_id
        and block_id in {"", block["block_id"]}
        and (element["type"] != "button" or value in {None, element.get("value")})
    ]
    if len(found) != 1:
        raise ClientError(f"{len(found)} elements with action_id {action_id!r}")
    return found[0]


def settle_submission(
    world: World, user_id: str, view: Payload, response: Payload
) -> dict[str, str]:
    """Do what the app answered to a submission.

    Returns:
        Errors by `block_id`; the modal stays open with them.

    Raises:
        ClientError: when Slack would not understand the answer.
    """
    action = response.get("response_action", "")
    stack = world.modals[user_id]
    if action == "errors":
        return _errors(world, view, response.get("errors", {}))
    if action == "clear":
        stack.clear()
    elif action in {"update", "push"}:
        _show(world, user_id, view, response)
    elif response:
        raise _refused(world, f"unknown response to a submission: {response}")
    else:
        stack[:] = [each for each in stack if each["id"] != view["id"]]
    return {}


def _show(world: World, user_id: str, view: Payload, response: Payload) -> None:
    new = response.get("view", {})
    try:
        check_view(world, new, "modal")
    except ApiError as error:
        raise _refused(world, f"view in response: {error.code} {error.extra}") from None
    # The app may have replaced it with views.update before it acknowledged.
    current = world.find_view(view["id"])
    if response["response_action"] == "push":
        push_modal(world, user_id, new)
    elif current is not None:
        replace_view(world, current, new)


def _errors(world: World, view: Payload, errors: dict[str, str]) -> dict[str, str]:
    inputs = {b["block_id"] for b in view["blocks"] if b["type"] == "input"}
    if not errors or not {*errors} <= inputs:
        raise _refused(world, f"errors for no input: {sorted({*errors} - inputs)}")
    return errors


def _refused(world: World, reason: str) -> ClientError:
    world.logs.refused.append(reason)
    return ClientError(reason)
