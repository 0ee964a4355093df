"""Which events the app is told about, and the envelopes they travel in.

https://docs.slack.dev/apis/events-api
"""

from bot.standin.delivery import Delivery
from bot.standin.values import Channel, Kind, Payload
from bot.standin.world import World

CHANNEL_TYPES: dict[Kind, str] = {
    "channel": "channel",
    "private": "group",
    "im": "im",
    "mpim": "mpim",
}

_MESSAGE_EVENTS: dict[Kind, tuple[str, str]] = {
    "channel": ("message.channels", "channels:history"),
    "private": ("message.groups", "groups:history"),
    "im": ("message.im", "im:history"),
    "mpim": ("message.mpim", "mpim:history"),
}

_READ_SCOPES: dict[Kind, str] = {
    "channel": "channels:read",
    "private": "groups:read",
    "im": "im:read",
    "mpim": "mpim:read",
}

# What an organisation does, rather than one of its workspaces.
_OF_THE_WHOLE = frozenset(
    {"app_uninstalled", "team_access_granted", "team_access_revoked", "tokens_revoked"}
)


def send_event(
    world: World, name: str, scope: str, event: Payload, *, is_ext_shared: bool = False
) -> None:
    """Queue an event, if the app subscribes to it and may know of it.

    Args:
        world: where it happened.
        name: as in the manifest, such as `message.im`.
        scope: what the app must hold; empty for none.
        event: the inner event.
        is_ext_shared: whether its channel is shared with another organisation.
    """
    app = world.app
    may_know = not scope or scope in app.scopes
    if not (app.is_installed and name in app.events and may_know):
        return
    if not world.lets_in and name not in _OF_THE_WHOLE:
        return
    event_id = world.new_id("Ev")
    whole, above = app.is_org_wide, world.workspace.enterprise_id or None
    team_id = None if whole and name in _OF_THE_WHOLE else world.workspace.id
    payload = {
        "token": "local",
        "team_id": team_id,
        "enterprise_id": above,
        "context_team_id": team_id,
        "context_enterprise_id": above,
        "api_app_id": app.id,
        "event": event,
        "type": "event_callback",
        "event_id": event_id,
        "event_time": int(world.now().timestamp()),
        "authorizations": [
            {
                "enterprise_id": above,
                "team_id": None if whole else world.workspace.id,
                "user_id": app.user_id,
                "is_bot": True,
                "is_enterprise_install": whole,
            }
        ],
        "is_ext_shared_channel": is_ext_shared,
        "event_context": f"4-{event_id}",
    }
    world.send(Delivery(event_id, "events_api", payload))


def event_ts(world: World) -> str:
    """Give the time of an event that has no message of its own."""
    return f"{world.now().timestamp():.6f}"


def message_event(world: World, channel: Channel, message: Payload) -> None:
    """Tell of a message, or of a change to one, where the bot is a member.

    A message that mentions the bot arrives twice outside of DMs, as `message` and as
    `app_mention`, with two event ids: https://docs.slack.dev/reference/events/app_mention
    """
    if not world.bot_is_in(channel):
        return
    shared = channel.is_ext_shared
    place = {"channel": channel.id, "event_ts": message.get("event_ts", message["ts"])}
    name, scope = _MESSAGE_EVENTS[channel.kind]
    event = {**message, **place, "channel_type": CHANNEL_TYPES[channel.kind]}
    send_event(world, name, scope, event, is_ext_shared=shared)
    if not channel.is_im and _mentions_bot(world, message):
        mention = {**message, **place, "type": "app_mention"}
        scope = "app_mentions:read"
        send_event(world, "app_mention", scope, mention, is_ext_shared=shared)


def _mentions_bot(world: World, message: Payload) -> bool:
    is_new = message.get("subtype") in {None, "file_share", "thread_broadcast"}
    by_bot = message.get("user") == world.app.user_id
    return is_new and not by_bot and f"<@{world.app.user_id}>" in message["text"]


def channel_event(
    world: World, channel: Channel, event: Payload, *, about: str = ""
) -> None:
    """Tell of a change to a channel that the bot is in.

    Args:
        world: where it happened.
        channel: the channel, whose kind decides the scope and, for private ones, the
            name of the event.
        event: without `event_ts`.
        about: who joined or left; the bot hears of its own leaving too.
    """
    if not world.bot_is_in(channel) and about != world.app.user_id:
        return
    full = {**event, "event_ts": event_ts(world)}
    if channel.kind == "private" and full["type"] in _GROUP_TWINS:
        full["type"] = _GROUP_TWINS[full["type"]]
    scope = _READ_SCOPES[channel.kind]
    shared = channel.is_ext_shared
    send_event(world, full["type"], scope, full, is_ext_shared=shared)


_GROUP_TWINS = {
    f"channel_{change}": f"group_{change}"
    for change in ("rename", "archive", "unarchive", "deleted", "left")
}
