"""reactions.*: reading and adding reactions."""

import re

from bot.standin import acts
from bot.standin.calls import ApiError, Call, Method
from bot.standin.methods.conversations import capped
from bot.standin.values import Channel, Payload


def add(call: Call) -> Payload:
    """Add the bot's reaction."""
    channel, message = _message(call)
    bot, name = call.world.app.user_id, call.text("name")
    if not re.fullmatch(r"[\w+:-]+", name):
        raise ApiError("invalid_name")
    given = message.get("reactions", [])
    if any(each["name"] == name and bot in each["users"] for each in given):
        raise ApiError("already_reacted")
    acts.react(call.world, channel, message["ts"], bot, name)
    return {}


def get(call: Call) -> Payload:
    """Give a message with its reactions."""
    channel, message = _message(call)
    cap = None if call.flag("full") else call.world.reaction_cap
    shown = capped(message, cap)
    return {"type": "message", "channel": channel.id, "message": shown}


def _message(call: Call) -> tuple[Channel, Payload]:
    channel = call.own_channel()
    if channel.is_archived:
        raise ApiError("is_archived")
    message = channel.messages.get(call.text("timestamp"))
    if message is None:
        raise ApiError("message_not_found")
    return channel, message


METHODS = (
    Method(
        "reactions.add",
        add,
        "channel name timestamp",
        "channel name timestamp",
        ("reactions:write",),
    ),
    Method(
        "reactions.get",
        get,
        "channel timestamp full",
        "channel timestamp",
        ("reactions:read",),
    ),
)
