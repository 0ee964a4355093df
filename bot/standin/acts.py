"""Changes to the workspace, with the events that tell of them.

Both the Web API and people act through these, so that an edit looks the same to the
app whoever made it. Callers hold the world's lock and have checked permissions.
"""

from dataclasses import replace

from bot.standin.events import channel_event, event_ts, message_event, send_event
from bot.standin.values import Channel, Payload, User
from bot.standin.world import World


def post(world: World, channel: Channel, message: Payload) -> Payload:
    """Add a message; `ts`, `type` and the bookkeeping of its thread are filled in."""
    ts = world.next_ts(channel)
    full = {"type": "message", **message, "ts": ts, "team": world.workspace.id}
    channel.messages[ts] = full
    thread_ts = full.get("thread_ts")
    if thread_ts:
        _count_reply(channel.messages[thread_ts], full)
    message_event(world, channel, full)
    return full


def _count_reply(parent: Payload, reply: Payload) -> None:
    parent["thread_ts"] = parent["ts"]
    parent["reply_count"] = parent.get("reply_count", 0) + 1
    users = parent.setdefault("reply_users", [])
    if reply["user"] not in users:
        users.append(reply["user"])
    parent["reply_users_count"] = len(users)
    parent["latest_reply"] = reply["ts"]
    reply["parent_user_id"] = parent["user"]


def edit(
    world: World, channel: Channel, ts: str, changes: Payload, editor: str
) -> None:
    """Change a message and tell of it with the one before."""
    before = channel.messages[ts]
    stamp = event_ts(world)
    after = {**before, **changes, "edited": {"user": editor, "ts": stamp}}
    channel.messages[ts] = after
    change = {
        "type": "message",
        "subtype": "message_changed",
        "hidden": True,
        "message": after,
        "previous_message": before,
        "ts": stamp,
        "event_ts": stamp,
    }
    message_event(world, channel, change)


def delete(world: World, channel: Channel, ts: str) -> None:
    """Remove a message; one with replies leaves a tombstone, as in Slack."""
    before = channel.messages[ts]
    if before.get("reply_count"):
        channel.messages[ts] = {
            **before,
            "subtype": "tombstone",
            "text": "This message was deleted.",
            "user": "USLACKBOT",
            "hidden": True,
        }
        channel.messages[ts].pop("blocks", None)
    else:
        del channel.messages[ts]
        _uncount_reply(channel, before)
    stamp = event_ts(world)
    change = {
        "type": "message",
        "subtype": "message_deleted",
        "hidden": True,
        "deleted_ts": ts,
        "previous_message": before,
        "ts": stamp,
        "event_ts": stamp,
    }
    message_event(world, channel, change)


def _uncount_reply(channel: Channel, reply: Payload) -> None:
    parent = channel.messages.get(reply.get("thread_ts", ""))
    if parent is None:
        return
    left = [m for m in channel.messages.values() if _is_reply_to(m, parent["ts"])]
    parent["reply_count"] = len(left)
    parent["reply_users"] = list(dict.fromkeys(m["user"] for m in left))
    parent["reply_users_count"] = len(parent["reply_users"])


def _is_reply_to(message: Payload, thread_ts: str) -> bool:
    return bool(message.get("thread_ts") == thread_ts != message["ts"])


def replies(channel: Channel, thread_ts: str) -> list[Payload]:
    """Give the replies of a thread, oldest first, without its parent."""
    return [m for m in channel.messages.values() if _is_reply_to(m, thread_ts)]


def react(world: World, channel: Channel, ts: str, user_id: str, name: str) -> None:
    """Add one person's reaction."""
    reactions = channel.messages[ts].setdefault("reactions", [])
    found = next((each for each in reactions if each["name"] == name), None)
    if found is None:
        found = {"name": name, "users": [], "count": 0}
        reactions.append(found)
    found["users"].append(user_id)
    found["count"] = len(found["users"])
    _reaction_event(world, channel, ts, user_id, ("reaction_added", name))


def unreact(world: World, channel: Channel, ts: str, user_id: str, name: str) -> None:
    """Take one person's reaction back."""
    message = channel.messages[ts]
    found = next(each for each in message["reactions"] if each["name"] == name)
    found["users"].remove(user_id)
    found["count"] = len(found["users"])
    message["reactions"] = [each for each in message["reactions"] if each["users"]]
    _reaction_event(world, channel, ts, user_id, ("reaction_removed", name))


def _reaction_event(
    world: World, channel: Channel, ts: str, user_id: str, change: tuple[str, str]
) -> None:
    if not world.bot_is_in(channel):
        return
    kind, name = change
    event = {
        "type": kind,
        "user": user_id,
        "reaction": name,
        "item": {"type": "message", "channel": channel.id, "ts": ts},
        "item_user": channel.messages[ts]["user"],
        "event_ts": event_ts(world),
    }
    shared = channel.is_ext_shared
    send_event(world, kind, "reactions:read", event, is_ext_shared=shared)


def join(world: World, channel: Channel, user_id: str, inviter: str = "") -> None:
    """Add a member, with the event and the line that Slack writes into the channel."""
    channel.members.append(user_id)
    by = {"inviter": inviter} if inviter else {}
    event = {
        "type": "member_joined_channel",
        "user": user_id,
        "channel": channel.id,
        "channel_type": "G" if channel.kind == "private" else "C",
        "team": world.workspace.id,
        **by,
    }
    channel_event(world, channel, event)
    text = f"<@{user_id}> has joined the channel"
    line = {"subtype": "channel_join", "user": user_id, "text": text, **by}
    post(world, channel, line)


def leave(world: World, channel: Channel, user_id: str) -> None:
    """Remove a member; the bot hears of its own removal."""
    channel.members.remove(user_id)
    event = {
        "type": "member_left_channel",
        "user": user_id,
        "channel": channel.id,
        "channel_type": "G" if channel.kind == "private" else "C",
        "team": world.workspace.id,
    }
    channel_event(world, channel, event, about=user_id)


def set_line(world: World, channel: Channel, what: str, text: str, by: str) -> None:
    """Set the topic or the purpose (`what`), and write the line Slack writes."""
    setattr(channel, what, text)
    line = f"<@{by}> set the channel {what}: {text}"
    subtype = f"channel_{what}"
    post(world, channel, {"subtype": subtype, "user": by, "text": line, what: text})


def rename(world: World, channel: Channel, name: str) -> None:
    """Give a channel another name."""
    channel.name = name
    about = {"id": channel.id, "name": name, "created": channel.created}
    channel_event(world, channel, {"type": "channel_rename", "channel": about})


def archive(world: World, channel: Channel, by: str) -> None:
    """Close a channel; it keeps its name."""
    channel.is_archived = True
    event = {"type": "channel_archive", "channel": channel.id, "user": by}
    channel_event(world, channel, event)


def unarchive(world: World, channel: Channel, by: str) -> None:
    """Open an archived channel again."""
    channel.is_archived = False
    event = {"type": "channel_unarchive", "channel": channel.id, "user": by}
    channel_event(world, channel, event)


def delete_channel(world: World, channel: Channel) -> None:
    """Remove a channel for good."""
    name = "group_deleted" if channel.kind == "private" else "channel_deleted"
    channel_event(world, channel, {"type": name, "channel": channel.id})
    del world.channels[channel.id]


def share(world: World, channel: Channel, team_id: str) -> None:
    """Share a channel with another organisation."""
    channel.is_ext_shared = True
    event = {
        "type": "channel_shared",
        "connected_team_id": team_id,
        "channel": channel.id,
    }
    channel_event(world, channel, event)


def unshare(world: World, channel: Channel, team_id: str) -> None:
    """End sharing a channel."""
    channel.is_ext_shared = False
    event = {
        "type": "channel_unshared",
        "previously_connected_team_id": team_id,
        "channel": channel.id,
        "is_ext_shared": False,
    }
    channel_event(world, channel, event)


def change_id(world: World, channel: Channel, new_id: str) -> None:
    """Give a channel another id, as sharing a private channel does."""
    old_id = channel.id
    del world.channels[old_id]
    channel.id = new_id
    world.channels[new_id] = channel
    event = {
        "type": "channel_id_changed",
        "old_channel_id": old_id,
        "new_channel_id": new_id,
    }
    channel_event(world, channel, event)


def change_user(world: World, user_id: str, **changes: object) -> None:
    """Change what Slack knows of a person; `deleted=True` deactivates them."""
    user = replace(world.users[user_id], **changes)  # type: ignore[arg-type]
    world.users[user_id] = user
    event = {
        "type": "user_change",
        "user": world.user_info(user),
        "cache_ts": int(world.now().timestamp()),
        "event_ts": event_ts(world),
    }
    send_event(world, "user_change", "users:read", event)


def join_team(world: World, user: User) -> None:
    """Tell of a new person."""
    about = world.user_info(user)
    event = {"type": "team_join", "user": about, "event_ts": event_ts(world)}
    send_event(world, "team_join", "users:read", event)


def let_in(world: World, *, granted: bool) -> None:
    """Let an organisation's app into a workspace, or out; other ones keep it."""
    name = "team_access_granted" if granted else "team_access_revoked"
    world.lets_in = granted
    event = {
        "type": name,
        "team_ids": [world.workspace.id],
        "event_ts": event_ts(world),
    }
    send_event(world, name, "", event)


def uninstall(world: World) -> None:
    """Remove the app: it is told, and its tokens are dead from then on."""
    stamp = event_ts(world)
    tokens = {"oauth": [], "bot": [world.app.user_id]}
    event = {"type": "tokens_revoked", "tokens": tokens, "event_ts": stamp}
    send_event(world, "tokens_revoked", "", event)
    send_event(
        world, "app_uninstalled", "", {"type": "app_uninstalled", "event_ts": stamp}
    )
    world.app.revoked.add(world.app.bot_token)
    world.app.is_installed = False
