"""conversations.*: looking at channels and their messages."""

from bot.standin import acts
from bot.standin.calls import HISTORY, READ, ApiError, Call, Method
from bot.standin.methods.pages import page
from bot.standin.values import Channel, Kind, Payload
from bot.standin.world import World

_TYPES: dict[str, Kind] = {
    "public_channel": "channel",
    "private_channel": "private",
    "im": "im",
    "mpim": "mpim",
}


def channel_info(world: World, channel: Channel) -> Payload:
    """Describe a conversation in the shape of conversations.info."""
    if channel.is_im:
        other = next(m for m in channel.members if m != world.app.user_id)
        return {"id": channel.id, "is_im": True, "user": other, "is_archived": False}
    return {
        "id": channel.id,
        "name": channel.name,
        "name_normalized": channel.name,
        "is_channel": channel.kind == "channel",
        "is_group": channel.kind == "private",
        "is_im": False,
        "is_mpim": channel.kind == "mpim",
        "is_private": channel.is_private,
        "is_archived": channel.is_archived,
        "is_general": channel.is_general,
        "is_shared": channel.is_ext_shared,
        "is_ext_shared": channel.is_ext_shared,
        "is_org_shared": False,
        "is_member": world.bot_is_in(channel),
        "created": channel.created,
        "creator": channel.creator,
        "context_team_id": world.workspace.id,
        "topic": {"value": channel.topic, "creator": "", "last_set": 0},
        "purpose": {"value": channel.purpose, "creator": "", "last_set": 0},
        "num_members": len(channel.members),
    }


def info(call: Call) -> Payload:
    """Describe one conversation."""
    channel = call.channel()
    call.need(*READ[channel.kind])
    described = channel_info(call.world, channel)
    if not call.flag("include_num_members"):
        described.pop("num_members", None)
    return {"channel": described}


def list_channels(call: Call) -> Payload:
    """List what the bot may know of."""
    return _listing(call, list(call.world.visible_channels()))


def users_conversations(call: Call) -> Payload:
    """List the conversations that a member is in; by default the bot."""
    member = call.text("user") or call.world.app.user_id
    rows = [c for c in call.world.visible_channels() if member in c.members]
    return _listing(call, rows)


def _listing(call: Call, channels: list[Channel]) -> Payload:
    wanted = call.names("types") or ["public_channel"]
    if not {*wanted} <= {*_TYPES}:
        raise ApiError("invalid_types")
    kinds = {_TYPES[each] for each in wanted}
    for kind in kinds:
        call.need(*READ[kind])
    rows = [channel for channel in channels if channel.kind in kinds]
    if call.flag("exclude_archived"):
        rows = [channel for channel in rows if not channel.is_archived]
    shown, cursor = page(call, rows, default=100, most=1000)
    described = [channel_info(call.world, channel) for channel in shown]
    return {"channels": described, "response_metadata": {"next_cursor": cursor}}


def members(call: Call) -> Payload:
    """List the ids of the members of a conversation."""
    channel = call.channel()
    call.need(*READ[channel.kind])
    shown, cursor = page(call, channel.members, default=100, most=1000)
    return {"members": shown, "response_metadata": {"next_cursor": cursor}}


def history(call: Call) -> Payload:
    """Give the messages of a conversation, newest first, without replies."""
    channel = call.own_channel()
    call.need(*HISTORY[channel.kind])
    top = [message for message in channel.messages.values() if _is_on_top(message)]
    rows = _between(call, top)[::-1]
    shown, cursor = page(call, rows, default=100, most=999, cap=call.world.page_cap)
    return _messages(call, shown, cursor)


def replies(call: Call) -> Payload:
    """Give a thread: its parent, then its replies, oldest first."""
    channel = call.own_channel()
    call.need(*HISTORY[channel.kind])
    asked = channel.messages.get(call.text("ts"))
    if asked is None:
        raise ApiError("thread_not_found")
    parent = channel.messages[str(asked.get("thread_ts", asked["ts"]))]
    rows = [parent, *_between(call, acts.replies(channel, parent["ts"]))]
    shown, cursor = page(call, rows, default=1000, most=1000, cap=call.world.page_cap)
    if parent not in shown:  # every page begins with it
        shown = [parent, *shown]
    return _messages(call, shown, cursor)


def _messages(call: Call, messages: list[Payload], cursor: str) -> Payload:
    if not call.flag("include_all_metadata"):
        messages = [
            {key: value for key, value in message.items() if key != "metadata"}
            for message in messages
        ]
    cap = call.world.reaction_cap
    messages = [capped(message, cap) for message in messages]
    answer: Payload = {"messages": messages, "has_more": bool(cursor)}
    if cursor:
        answer["response_metadata"] = {"next_cursor": cursor}
    return answer


def capped(message: Payload, most: int | None) -> Payload:
    """Name only some of those who reacted.

    https://docs.slack.dev/reference/methods/reactions.get
    """
    if most is None or "reactions" not in message:
        return message
    shown = [{**each, "users": each["users"][:most]} for each in message["reactions"]]
    return {**message, "reactions": shown}


def _is_on_top(message: Payload) -> bool:
    is_reply = message.get("thread_ts", message["ts"]) != message["ts"]
    return not is_reply or message.get("subtype") == "thread_broadcast"


def _between(call: Call, messages: list[Payload]) -> list[Payload]:
    try:
        oldest = float(call.text("oldest") or 0)
        latest = float(call.text("latest") or "inf")
    except ValueError:
        raise ApiError("invalid_ts_oldest") from None
    if call.flag("inclusive"):
        return [m for m in messages if oldest <= float(m["ts"]) <= latest]
    return [m for m in messages if oldest < float(m["ts"]) < latest]


_RANGE = "channel cursor limit oldest latest inclusive include_all_metadata"
_LIST = "cursor limit types exclude_archived"
METHODS = (
    Method(
        "conversations.info",
        info,
        "channel include_num_members include_locale",
        "channel",
    ),
    Method("conversations.list", list_channels, _LIST, tier=2),
    Method("users.conversations", users_conversations, _LIST + " user"),
    Method("conversations.members", members, "channel cursor limit", "channel", tier=4),
    Method("conversations.history", history, _RANGE, "channel"),
    Method("conversations.replies", replies, _RANGE + " ts", "channel ts"),
)
