"""chat.*: posting, updating, deleting, linking."""

import json
import re
from collections.abc import Sequence

from bot.standin import acts
from bot.standin.blocks import message_errors, with_ids
from bot.standin.calls import ApiError, Call, Method
from bot.standin.limits import SPECIAL
from bot.standin.values import Channel, Payload
from bot.standin.world import World

# https://docs.slack.dev/reference/methods/chat.postMessage
MAX_TEXT = 40_000


def post_message(call: Call) -> Payload:
    """Post as the bot, into a channel or to a person by user id."""
    channel = _target(call)
    body = read_body(call)
    message = {**bot_author(call.world), **body, **_thread(call, channel)}
    if call.tree("metadata") is not None:
        message["metadata"] = _metadata(call)
    message = acts.post(call.world, channel, message)
    call.world.logs.posts.append({**message, "channel": channel.id})
    return {"channel": channel.id, "ts": message["ts"], "message": message}


def post_ephemeral(call: Call) -> Payload:
    """Show something to one member of a channel."""
    channel = call.own_channel()
    _refuse_archived(channel)
    if call.user().id not in channel.members:
        raise ApiError("user_not_in_channel")
    body = {**bot_author(call.world), **read_body(call), **_thread(call, channel)}
    ts = show_ephemeral(call.world, channel, call.user().id, body)
    return {"message_ts": ts}


def show_ephemeral(world: World, channel: Channel, user_id: str, body: Payload) -> str:
    """Show something to one person, and give its `ts`."""
    ts = world.next_ts(channel)
    shown = {"type": "message", "subtype": "ephemeral", "is_ephemeral": True, **body}
    shown |= {"channel": channel.id, "recipient": user_id, "ts": ts}
    world.logs.ephemerals.append(shown)
    return ts


def update(call: Call) -> Payload:
    """Change a message of the bot's."""
    channel, message = _own_message(call, "cant_update_message")
    _refuse_archived(channel)
    body = read_body(call)
    if call.tree("metadata") is not None:
        body["metadata"] = _metadata(call)
    if "blocks" not in body and "blocks" in message and "blocks" in call.args:
        body["blocks"] = []
    acts.edit(call.world, channel, message["ts"], body, call.world.app.user_id)
    changed = channel.messages[message["ts"]]
    answer = {"channel": channel.id, "ts": message["ts"], "text": changed["text"]}
    return {**answer, "message": changed}


def delete(call: Call) -> Payload:
    """Delete a message of the bot's."""
    channel, message = _own_message(call, "cant_delete_message")
    acts.delete(call.world, channel, message["ts"])
    return {"channel": channel.id, "ts": message["ts"]}


def get_permalink(call: Call) -> Payload:
    """Give the link of a message."""
    channel = call.channel()
    message = channel.messages.get(call.text("message_ts"))
    if message is None:
        raise ApiError("message_not_found")
    return {"channel": channel.id, "permalink": permalink(call.world, channel, message)}


def permalink(world: World, channel: Channel, message: Payload) -> str:
    """Build the link of a message the way Slack does."""
    path = f"{channel.id}/p{message['ts'].replace('.', '')}"
    url = f"https://{world.workspace.domain}.slack.com/archives/{path}"
    thread_ts = message.get("thread_ts")
    if thread_ts and thread_ts != message["ts"]:
        url += f"?thread_ts={thread_ts}&cid={channel.id}"
    return url


def bot_author(world: World) -> Payload:
    """Say who the bot is, as its messages do."""
    app = world.app
    profile = {"id": app.bot_id, "app_id": app.id, "name": app.bot_name}
    return {
        "user": app.user_id,
        "bot_id": app.bot_id,
        "app_id": app.id,
        "bot_profile": {**profile, "team_id": world.workspace.id, "deleted": False},
    }


def read_body(call: Call) -> Payload:
    """Read and check text and blocks.

    Raises:
        ApiError: `no_text`, `msg_too_long`, `invalid_blocks`,
            `invalid_blocks_format`.
    """
    text, blocks = call.text("text"), _blocks(call)
    if not text.strip() and not blocks:
        raise ApiError("no_text")
    if len(text) > MAX_TEXT:
        raise ApiError("msg_too_long")
    if not text.strip():
        call.world.logs.warnings.append("missing_text_in_message")
    call.world.note_broadcast(call.args, text + json.dumps(blocks))
    body: Payload = {"text": text}
    if blocks:
        body["blocks"] = with_ids(blocks, call.world.new_id)
    return body


def _blocks(call: Call) -> Sequence[Payload]:
    try:
        blocks = call.tree("blocks")
    except ApiError:
        raise ApiError("invalid_blocks_format") from None
    if blocks is None:
        return ()
    if not isinstance(blocks, list):
        raise ApiError("invalid_blocks_format")
    errors = message_errors(blocks)
    if errors:
        lines = [f"[ERROR] {error}" for error in errors]
        metadata = {"messages": lines}
        raise ApiError("invalid_blocks", errors=errors, response_metadata=metadata)
    return blocks


def _target(call: Call) -> Channel:
    world, wanted = call.world, call.text("channel")
    if re.match(r"[UW]", wanted):
        return _im_with(call, wanted)
    named = world.find_channel_named(wanted.removeprefix("#")) if wanted else None
    if named is not None:
        call.args["channel"] = named.id
    channel = call.channel()
    _refuse_archived(channel)
    may_enter = channel.kind == "channel" and "chat:write.public" in world.app.scopes
    if not world.bot_is_in(channel) and not may_enter:
        raise ApiError("not_in_channel")
    if channel.restriction:
        raise ApiError(channel.restriction)
    return channel


def _im_with(call: Call, user_id: str) -> Channel:
    user = call.world.users.get(user_id)
    if user is None or user.deleted:
        raise ApiError("channel_not_found")
    if user.is_bot:
        raise ApiError("cannot_dm_bot")
    return call.world.open_im(user_id)


def _refuse_archived(channel: Channel) -> None:
    if channel.is_archived:
        raise ApiError("is_archived")


def _thread(call: Call, channel: Channel) -> Payload:
    thread_ts = call.text("thread_ts")
    if not thread_ts:
        return {}
    parent = channel.messages.get(thread_ts)
    if parent is None:
        raise ApiError("thread_not_found")
    if parent.get("thread_ts", thread_ts) != thread_ts:
        raise ApiError("cannot_reply_to_message")
    broadcast = {"subtype": "thread_broadcast"} if call.flag("reply_broadcast") else {}
    return {"thread_ts": thread_ts, **broadcast}


def _metadata(call: Call) -> Payload:
    metadata = call.tree("metadata")
    is_object = isinstance(metadata, dict)
    if not is_object or {*metadata} != {"event_type", "event_payload"}:  # type: ignore[misc]
        raise ApiError("invalid_metadata_format")
    return dict(metadata)  # type: ignore[call-overload,no-any-return]


def _own_message(call: Call, refusal: str) -> tuple[Channel, Payload]:
    channel = call.channel()
    message = channel.messages.get(call.text("ts"))
    if message is None:
        raise ApiError("message_not_found")
    if message["user"] != call.world.app.user_id:
        raise ApiError(refusal)
    return channel, message


_BODY = "channel text blocks thread_ts metadata mrkdwn parse link_names "
METHODS = (
    Method(
        "chat.postMessage",
        post_message,
        _BODY + "unfurl_links unfurl_media reply_broadcast",
        "channel",
        ("chat:write",),
        SPECIAL,
    ),
    Method(
        "chat.postEphemeral",
        post_ephemeral,
        _BODY + "user",
        "channel user",
        ("chat:write",),
        4,
    ),
    Method("chat.update", update, _BODY + "ts", "channel ts", ("chat:write",)),
    Method("chat.delete", delete, "channel ts", "channel ts", ("chat:write",)),
    Method(
        "chat.getPermalink",
        get_permalink,
        "channel message_ts",
        "channel message_ts",
        tier=SPECIAL,
    ),
)
