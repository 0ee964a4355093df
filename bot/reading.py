"""Slack's payloads read as plain values: what happened, and nothing else.

The same readers serve live events, history and exports, so that all end in the same
graph. What is not ours (bots, joins' small print, odd shapes) reads as None.
"""

from collections.abc import Callable, Mapping
from typing import Any

from bot.describing import read_person
from bot.fields import MAX_NAME, MAX_REACTION, MAX_TEXT, object_of, read_id, text_of
from bot.happenings import (
    ChannelConverted,
    ChannelGone,
    ChannelRenumbered,
    ChannelTold,
    Deleted,
    Happening,
    HomeOpened,
    LetIn,
    Mentioned,
    Moved,
    Reacted,
    Said,
    Uninstalled,
    is_ts,
)

# Messages that a person wrote. Source: Slack, "message event", subtypes.
HUMAN_SUBTYPES = frozenset({None, "", "file_share", "thread_broadcast", "me_message"})

# What a channel says of itself, as a message. Source: as above.
_CONVERTED = frozenset({"channel_convert_to_private", "channel_convert_to_public"})

# Source: Slack, "message event", channel_type.
CHANNEL_TYPES = frozenset({"channel", "group", "im", "mpim", "app_home"})


def read_event(payload: Mapping[str, Any]) -> Happening | None:
    """Read the payload of an Events API delivery; None if it tells nothing of ours."""
    event = payload.get("event")
    if not isinstance(event, Mapping):
        return None
    read = _READERS.get(str(event.get("type")))
    return read(event) if read else None


def _kind(event: Mapping[str, Any], channel_id: str) -> str:
    """Tell what sort of conversation a message is in; what is unheard of is private."""
    kind = event.get("channel_type")
    if kind is None:
        return "im" if channel_id.startswith("D") else "channel"
    return kind if isinstance(kind, str) and kind in CHANNEL_TYPES else "mpim"


def read_message(
    message: Mapping[str, Any], *, channel_id: str, channel_type: str = "channel"
) -> Said | None:
    """Read one message, as an event or a day file of an export has it."""
    user, text, ts = (
        read_id(message.get("user")),
        message.get("text"),
        message.get("ts"),
    )
    if not (user and isinstance(text, str) and is_ts(ts)):
        return None
    subtype = message.get("subtype")
    is_odd = not isinstance(subtype, str | None) or subtype not in HUMAN_SUBTYPES
    if message.get("bot_id") or is_odd:
        return None
    thread_ts = message.get("thread_ts")
    edited_ts = object_of(message.get("edited")).get("ts")
    return Said(
        channel_id=channel_id,
        ts=str(ts),
        root_ts=str(thread_ts) if is_ts(thread_ts) else str(ts),
        user_id=user,
        text=text_of(text, MAX_TEXT),
        version_ts=str(edited_ts) if is_ts(edited_ts) else str(ts),
        channel_type=channel_type,
    )


def _message(event: Mapping[str, Any]) -> Happening | None:
    channel_id = read_id(event.get("channel"))
    if channel_id is None:
        return None
    subtype = event.get("subtype")
    if subtype == "message_deleted":
        deleted = event.get("deleted_ts")
        return Deleted(channel_id, str(deleted)) if is_ts(deleted) else None
    if subtype == "message_changed":
        return _edited(event, channel_id)
    if isinstance(subtype, str) and subtype in _CONVERTED:
        return ChannelConverted(channel_id)
    kind = _kind(event, channel_id)
    return read_message(event, channel_id=channel_id, channel_type=kind)


def _edited(event: Mapping[str, Any], channel_id: str) -> Happening | None:
    message = event.get("message")
    if not isinstance(message, Mapping):
        return None
    if message.get("subtype") == "tombstone":  # deleted, but it has replies
        ts = message.get("ts")
        return Deleted(channel_id, str(ts)) if is_ts(ts) else None
    kind = _kind(event, channel_id)
    said = read_message(message, channel_id=channel_id, channel_type=kind)
    if said is None or not message.get("edited"):
        return None  # a link unfurled or a thread counter moved: no new words
    return Said(
        said.channel_id,
        said.ts,
        said.root_ts,
        said.user_id,
        said.text,
        said.version_ts,
        kind,
        is_edit=True,
    )


def _mention(event: Mapping[str, Any]) -> Happening | None:
    channel_id = read_id(event.get("channel"))
    if channel_id is None:
        return None
    said = read_message(event, channel_id=channel_id)
    return Mentioned(said) if said else None


def _reaction(event: Mapping[str, Any]) -> Happening | None:
    item = object_of(event.get("item"))
    channel_id, user_id = read_id(item.get("channel")), read_id(event.get("user"))
    ok = item.get("type") == "message" and is_ts(item.get("ts"))
    if not (ok and channel_id and user_id and is_ts(event.get("event_ts"))):
        return None
    return Reacted(
        channel_id=channel_id,
        ts=str(item["ts"]),
        user_id=user_id,
        # A skin tone does not change what a thumb means.
        name=text_of(event.get("reaction"), MAX_REACTION).partition("::")[0],
        is_present=event.get("type") == "reaction_added",
        version_ts=str(event["event_ts"]),
    )


def _moved(event: Mapping[str, Any]) -> Happening | None:
    channel_id, user_id = read_id(event.get("channel")), read_id(event.get("user"))
    if not (channel_id and user_id):
        return None
    joined = event.get("type") == "member_joined_channel"
    return Moved(channel_id, user_id, joined, _when(event))


def _when(event: Mapping[str, Any]) -> str:
    ts = event.get("event_ts")
    return str(ts) if is_ts(ts) else "0"


def _channel_id(event: Mapping[str, Any]) -> str | None:
    channel = event.get("channel")
    return read_id(channel.get("id") if isinstance(channel, Mapping) else channel)


def _channel_told(
    event: Mapping[str, Any],
    *,
    name: str | None = None,
    is_archived: bool | None = None,
    is_external: bool | None = None,
    is_joined: bool | None = None,
) -> ChannelTold | None:
    channel_id = _channel_id(event)
    if channel_id is None:
        return None
    return ChannelTold(
        channel_id,
        _when(event),
        name=name,
        is_archived=is_archived,
        is_external=is_external,
        is_joined=is_joined,
    )


def _renamed(event: Mapping[str, Any]) -> Happening | None:
    name = object_of(event.get("channel")).get("name")
    return (
        _channel_told(event, name=text_of(name, MAX_NAME))
        if isinstance(name, str)
        else None
    )


def _archived(event: Mapping[str, Any]) -> Happening | None:
    return _channel_told(event, is_archived=str(event["type"]).endswith("_archive"))


def _shared(event: Mapping[str, Any]) -> Happening | None:
    return _channel_told(event, is_external=event["type"] == "channel_shared")


def _left(event: Mapping[str, Any]) -> Happening | None:
    return _channel_told(event, is_joined=False)


def _gone(event: Mapping[str, Any]) -> Happening | None:
    channel_id = _channel_id(event)
    return ChannelGone(channel_id) if channel_id else None


def _renumbered(event: Mapping[str, Any]) -> Happening | None:
    old_id, new_id = (
        read_id(event.get("old_channel_id")),
        read_id(event.get("new_channel_id")),
    )
    return ChannelRenumbered(old_id, new_id) if old_id and new_id else None


def _home(event: Mapping[str, Any]) -> Happening | None:
    user_id = read_id(event.get("user"))
    return HomeOpened(user_id) if user_id else None


def _revoked(event: Mapping[str, Any]) -> Happening | None:
    return Uninstalled() if object_of(event.get("tokens")).get("bot") else None


def _let_in(event: Mapping[str, Any]) -> Happening | None:
    listed = event.get("team_ids")
    found = (read_id(one) for one in (listed if isinstance(listed, list) else ()))
    team_ids = tuple(team_id for team_id in found if team_id)
    return LetIn(team_ids, event["type"] == "team_access_granted") if team_ids else None


def _person(event: Mapping[str, Any]) -> Happening | None:
    user = event.get("user")
    return read_person(user, _when(event)) if isinstance(user, Mapping) else None


_READERS: dict[str, Callable[[Mapping[str, Any]], Happening | None]] = {
    "message": _message,
    "app_mention": _mention,
    "reaction_added": _reaction,
    "reaction_removed": _reaction,
    "member_joined_channel": _moved,
    "member_left_channel": _moved,
    "channel_rename": _renamed,
    "group_rename": _renamed,
    "channel_archive": _archived,
    "channel_unarchive": _archived,
    "group_archive": _archived,
    "group_unarchive": _archived,
    "channel_left": _left,
    "group_left": _left,
    "channel_shared": _shared,
    "channel_unshared": _shared,
    "channel_deleted": _gone,
    "group_deleted": _gone,
    "channel_id_changed": _renumbered,
    "user_change": _person,
    "team_join": _person,
    "app_home_opened": _home,
    "app_uninstalled": lambda _: Uninstalled(),
    "tokens_revoked": _revoked,
    # https://docs.slack.dev/reference/events/team_access_revoked
    "team_access_granted": _let_in,
    "team_access_revoked": _let_in,
}
