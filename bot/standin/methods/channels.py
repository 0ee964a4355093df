"""conversations.*: making and changing channels."""

import re

from bot.standin import acts
from bot.standin.calls import ApiError, Call, Method, invalid_arguments
from bot.standin.methods.conversations import channel_info
from bot.standin.values import Channel, Payload

# https://docs.slack.dev/reference/methods/conversations.create
MAX_NAME = 80
MAX_TOPIC = 250
MAX_INVITED = 100


def create(call: Call) -> Payload:
    """Make a channel; the bot becomes its first member."""
    world, is_private = call.world, call.flag("is_private")
    call.need("groups:write" if is_private else "channels:manage")
    name = call.text("name")
    _check_name(name)
    if not world.may_create_channels:
        raise ApiError("restricted_action")
    if world.find_channel_named(name) is not None:
        raise ApiError("name_taken")
    channel = Channel(
        world.new_id("C"),
        name,
        [world.app.user_id],
        kind="private" if is_private else "channel",
        creator=world.app.user_id,
    )
    return {"channel": channel_info(world, world.add_channel(channel))}


def _check_name(name: str) -> None:
    if not name:
        raise ApiError("invalid_name_required")
    if len(name) > MAX_NAME:
        raise ApiError("invalid_name_maxlength")
    if not re.search(r"[^\W_]", name):
        raise ApiError("invalid_name_punctuation")
    is_plain = re.fullmatch(r"[\w-]+", name) is not None
    if not is_plain or name != name.lower():
        raise ApiError("invalid_name_specials")


def invite(call: Call) -> Payload:
    """Add people to a channel, with a reason for each who cannot be added."""
    channel = _own_open_channel(call, "write.invites")
    wanted = call.names("users")
    if not wanted:
        raise ApiError("no_user")
    if len(wanted) > MAX_INVITED:
        raise invalid_arguments(f"users: at most {MAX_INVITED} in one call")
    reasons = {user_id: _refusal(call, channel, user_id) for user_id in wanted}
    errors = [
        {"user": user_id, "ok": False, "error": reason}
        for user_id, reason in reasons.items()
        if reason
    ]
    if errors and not (call.flag("force") and len(errors) < len(wanted)):
        raise ApiError(str(errors[0]["error"]), errors=errors)
    for user_id, reason in reasons.items():
        if not reason:
            acts.join(call.world, channel, user_id, call.world.app.user_id)
    answer: Payload = {"channel": channel_info(call.world, channel)}
    return {**answer, "errors": errors} if errors else answer


def _refusal(call: Call, channel: Channel, user_id: str) -> str:
    world, user = call.world, call.world.users.get(user_id)
    if user is None:
        return "user_not_found"
    if user_id == world.app.user_id:
        return "cant_invite_self"
    if user_id in channel.members:
        return "already_in_channel"
    if user.deleted or world.is_external(user_id):
        return "cant_invite"
    if user.is_ultra_restricted:
        return "ura_max_channels"
    return "user_is_restricted" if user.is_restricted else ""


def set_topic(call: Call) -> Payload:
    """Set the topic."""
    return _set_line(call, "topic")


def set_purpose(call: Call) -> Payload:
    """Set the purpose, which Slack's people call the description."""
    return _set_line(call, "purpose")


def _set_line(call: Call, what: str) -> Payload:
    channel = _own_open_channel(call, "write.topic")
    text = call.text(what)
    if len(text) > MAX_TOPIC:
        raise ApiError("too_long")
    acts.set_line(call.world, channel, what, text, call.world.app.user_id)
    return {"channel": channel_info(call.world, channel), what: text}


def _own_open_channel(call: Call, narrow: str) -> Channel:
    channel = call.channel()
    area = "groups" if channel.kind == "private" else "channels"
    wide = "groups:write" if channel.kind == "private" else "channels:manage"
    call.need(wide, f"{area}:{narrow}")
    if channel.is_im:
        raise ApiError("method_not_supported_for_channel_type")
    if channel.is_archived:
        raise ApiError("is_archived")
    if not call.world.bot_is_in(channel):
        raise ApiError("not_in_channel")
    return channel


def join(call: Call) -> Payload:
    """Join a public channel."""
    channel = call.channel()
    if channel.kind != "channel":
        raise ApiError("method_not_supported_for_channel_type")
    if channel.is_archived:
        raise ApiError("is_archived")
    if not call.world.bot_is_in(channel):
        acts.join(call.world, channel, call.world.app.user_id)
        return {"channel": channel_info(call.world, channel)}
    already = {"warning": "already_in_channel"}
    return {"channel": channel_info(call.world, channel), **already}


def open_im(call: Call) -> Payload:
    """Open a conversation with one person."""
    users = call.names("users")
    if len(users) != 1:
        raise invalid_arguments("users: the local Slack opens DMs with one person")
    user = call.world.users.get(users[0])
    if user is None:
        raise ApiError("user_not_found")
    if user.deleted:
        raise ApiError("user_disabled")
    if user.is_bot:
        raise ApiError("cannot_dm_bot")
    found = call.world.find_im(user.id)
    channel = found or call.world.open_im(user.id)
    return {"channel": {"id": channel.id}, "already_open": found is not None}


def archive(call: Call) -> Payload:
    """Archive a channel."""
    channel = call.channel()
    call.need("groups:write" if channel.kind == "private" else "channels:manage")
    if channel.is_archived:
        raise ApiError("already_archived")
    if channel.is_general:
        raise ApiError("cant_archive_general")
    if not call.world.bot_is_in(channel):
        raise ApiError("not_in_channel")
    acts.archive(call.world, channel, call.world.app.user_id)
    return {}


METHODS = (
    Method("conversations.create", create, "name is_private", "", tier=2),
    Method("conversations.invite", invite, "channel users force", "channel users"),
    Method(
        "conversations.setTopic", set_topic, "channel topic", "channel topic", tier=2
    ),
    Method(
        "conversations.setPurpose",
        set_purpose,
        "channel purpose",
        "channel purpose",
        tier=2,
    ),
    Method("conversations.join", join, "channel", "channel", ("channels:join",)),
    Method("conversations.open", open_im, "users return_im", "users", ("im:write",)),
    Method("conversations.archive", archive, "channel", "channel", tier=2),
)
