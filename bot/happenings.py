"""Slack's payloads read as plain values: what happened, and nothing else.

The same reader serves live events and exports, so that both end in the same
graph. What is not ours (bots, joins' small print, odd shapes) reads as None.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

# Messages that a person wrote. Source: Slack, "message event", subtypes.
HUMAN_SUBTYPES = frozenset({None, "", "file_share", "thread_broadcast", "me_message"})

MAX_TEXT = 40_000  # Slack truncates a message here

_TS = re.compile(r"[0-9]{1,12}(?:\.[0-9]{1,12})?", re.ASCII)


@dataclass(frozen=True, slots=True)
class Said:
    """A message as it reads now; `version_ts` grows with every edit."""

    channel_id: str
    ts: str
    root_ts: str
    user_id: str
    text: str
    version_ts: str
    channel_type: str = "channel"
    # Set when an edit arrives: an answer is given to the first version alone.
    is_edit: bool = False

    @property
    def is_root(self) -> bool:
        """Whether it opens a thread."""
        return self.root_ts == self.ts


@dataclass(frozen=True, slots=True)
class Mentioned:
    """Somebody addressed Grapevine by name in a channel."""

    said: Said


@dataclass(frozen=True, slots=True)
class Deleted:
    """A message was taken back."""

    channel_id: str
    ts: str


@dataclass(frozen=True, slots=True)
class Reacted:
    """An emoji was put on a message, or taken off."""

    channel_id: str
    ts: str
    user_id: str
    name: str
    is_present: bool
    version_ts: str


@dataclass(frozen=True, slots=True)
class Moved:
    """Somebody joined or left a channel."""

    channel_id: str
    user_id: str
    is_member: bool
    version_ts: str


@dataclass(frozen=True, slots=True)
class ChannelTold:
    """What is known of a channel; None where the payload does not say."""

    channel_id: str
    version_ts: str
    name: str | None = None
    purpose: str | None = None
    is_private: bool | None = None
    is_archived: bool | None = None
    is_general: bool | None = None
    is_external: bool | None = None
    is_joined: bool | None = None


@dataclass(frozen=True, slots=True)
class ChannelGone:
    """A channel was deleted, with everything in it."""

    channel_id: str


@dataclass(frozen=True, slots=True)
class ChannelRenumbered:
    """A channel got another id (Slack does so when it is shared)."""

    old_id: str
    new_id: str


@dataclass(frozen=True, slots=True)
class PersonTold:
    """What Slack says of a person."""

    user_id: str
    version_ts: str
    name: str
    zone: str
    is_bot: bool
    is_deactivated: bool
    is_guest: bool
    is_external: bool
    is_admin: bool


@dataclass(frozen=True, slots=True)
class HomeOpened:
    """Somebody looks at Grapevine's Home tab."""

    user_id: str


@dataclass(frozen=True, slots=True)
class Uninstalled:
    """The workspace took Grapevine out, or its token back."""


Happening = (
    Said
    | Mentioned
    | Deleted
    | Reacted
    | Moved
    | ChannelTold
    | ChannelGone
    | ChannelRenumbered
    | PersonTold
    | HomeOpened
    | Uninstalled
)


def instant(ts: str) -> datetime:
    """The moment a Slack timestamp names (aware)."""
    return datetime.fromtimestamp(float(ts), tz=UTC)


def is_ts(value: object) -> bool:
    """Whether a value is a Slack timestamp that names a moment."""
    if not isinstance(value, str):
        return False
    return _TS.fullmatch(value) is not None


def read_event(payload: Mapping[str, Any]) -> Happening | None:
    """Read the payload of an Events API delivery."""
    event = payload.get("event")
    if not isinstance(event, Mapping):
        return None
    if event.get("type") == "tokens_revoked":
        return Uninstalled() if (event.get("tokens") or {}).get("bot") else None
    read = _READERS.get(str(event.get("type")))
    return read(event) if read else None


def read_message(
    message: Mapping[str, Any], *, channel_id: str, channel_type: str = "channel"
) -> Said | None:
    """Read one message, as an event or a day file of an export has it."""
    user, text, ts = (message.get(k) for k in ("user", "text", "ts"))
    if not (isinstance(user, str) and isinstance(text, str) and is_ts(ts)):
        return None
    subtype = message.get("subtype")
    if message.get("bot_id") or not user or subtype not in HUMAN_SUBTYPES:
        return None
    thread_ts = message.get("thread_ts")
    edited = message.get("edited")
    edited_ts = edited.get("ts") if isinstance(edited, Mapping) else None
    return Said(
        channel_id=channel_id,
        ts=str(ts),
        root_ts=str(thread_ts) if is_ts(thread_ts) else str(ts),
        user_id=user,
        text=text[:MAX_TEXT],
        version_ts=str(edited_ts) if is_ts(edited_ts) else str(ts),
        channel_type=channel_type,
    )


def _message(event: Mapping[str, Any]) -> Happening | None:
    channel_id = event.get("channel")
    if not isinstance(channel_id, str):
        return None
    subtype = event.get("subtype")
    if subtype == "message_deleted":
        deleted = event.get("deleted_ts")
        return Deleted(channel_id, str(deleted)) if is_ts(deleted) else None
    if subtype == "message_changed":
        return _edited(event, channel_id)
    kind = str(event.get("channel_type") or "channel")
    return read_message(event, channel_id=channel_id, channel_type=kind)


def _edited(event: Mapping[str, Any], channel_id: str) -> Happening | None:
    message = event.get("message")
    if not isinstance(message, Mapping):
        return None
    if message.get("subtype") == "tombstone":  # deleted, but it has replies
        ts = message.get("ts")
        return Deleted(channel_id, str(ts)) if is_ts(ts) else None
    kind = str(event.get("channel_type") or "channel")
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
    channel_id = event.get("channel")
    if not isinstance(channel_id, str):
        return None
    said = read_message(event, channel_id=channel_id)
    return Mentioned(said) if said else None


def _reaction(event: Mapping[str, Any]) -> Happening | None:
    item = event.get("item") or {}
    ok = item.get("type") == "message" and is_ts(item.get("ts"))
    if not ok or not is_ts(event.get("event_ts")):
        return None
    return Reacted(
        channel_id=str(item.get("channel")),
        ts=str(item["ts"]),
        user_id=str(event.get("user")),
        # A skin tone does not change what a thumb means.
        name=str(event.get("reaction", "")).partition("::")[0][:100],
        is_present=event.get("type") == "reaction_added",
        version_ts=str(event["event_ts"]),
    )


def _moved(event: Mapping[str, Any]) -> Happening | None:
    channel_id, user_id = event.get("channel"), event.get("user")
    if not (isinstance(channel_id, str) and isinstance(user_id, str)):
        return None
    joined = event.get("type") == "member_joined_channel"
    return Moved(channel_id, user_id, joined, _when(event))


def _when(event: Mapping[str, Any]) -> str:
    ts = event.get("event_ts")
    return str(ts) if is_ts(ts) else "0"


def _channel_id(event: Mapping[str, Any]) -> str:
    channel = event.get("channel")
    return str(channel.get("id") if isinstance(channel, Mapping) else channel)


def _renamed(event: Mapping[str, Any]) -> Happening | None:
    channel = event.get("channel")
    if not isinstance(channel, Mapping):
        return None
    return ChannelTold(_channel_id(event), _when(event), name=channel.get("name"))


def _archived(event: Mapping[str, Any]) -> Happening:
    gone = str(event["type"]).endswith("_archive")
    return ChannelTold(_channel_id(event), _when(event), is_archived=gone)


def _shared(event: Mapping[str, Any]) -> Happening:
    out = event["type"] == "channel_shared"
    return ChannelTold(_channel_id(event), _when(event), is_external=out)


def _left(event: Mapping[str, Any]) -> Happening:
    return ChannelTold(_channel_id(event), _when(event), is_joined=False)


def _renumbered(event: Mapping[str, Any]) -> Happening:
    return ChannelRenumbered(
        str(event.get("old_channel_id")), str(event.get("new_channel_id"))
    )


def _person(event: Mapping[str, Any]) -> Happening | None:
    user = event.get("user")
    return read_person(user, _when(event)) if isinstance(user, Mapping) else None


def read_person(
    user: Mapping[str, Any], version_ts: str, *, team_id: str | None = None
) -> PersonTold | None:
    """Read a person, as `users.info`, an event or an export describes them.

    Args:
        user: Slack's user object.
        version_ts: When it was said.
        team_id: The workspace; people of another one are external.
    """
    if not isinstance(user.get("id"), str):
        return None
    profile = user.get("profile")
    profile = profile if isinstance(profile, Mapping) else {}
    shown = profile.get("display_name") or profile.get("real_name")
    name = shown or user.get("real_name") or user.get("name") or ""
    elsewhere = bool(team_id and user.get("team_id") not in (None, "", team_id))
    return PersonTold(
        user_id=user["id"],
        version_ts=version_ts,
        name=str(name),
        zone=str(user.get("tz") or ""),
        is_bot=bool(user.get("is_bot")) or user["id"] == "USLACKBOT",
        is_deactivated=bool(user.get("deleted")),
        is_guest=bool(user.get("is_restricted") or user.get("is_ultra_restricted")),
        is_external=bool(user.get("is_stranger")) or elsewhere,
        is_admin=bool(user.get("is_admin") or user.get("is_owner")),
    )


def read_channel(
    channel: Mapping[str, Any], version_ts: str, *, is_joined: bool | None = None
) -> ChannelTold | None:
    """Read a channel, as `conversations.info` or an export describes it."""
    if not isinstance(channel.get("id"), str):
        return None
    purpose = channel.get("purpose")
    return ChannelTold(
        channel_id=channel["id"],
        version_ts=version_ts,
        name=str(channel.get("name") or ""),
        purpose=str(purpose.get("value") or "") if isinstance(purpose, Mapping) else "",
        is_private=bool(channel.get("is_private") or channel.get("is_group")),
        is_archived=bool(channel.get("is_archived")),
        is_general=bool(channel.get("is_general")),
        is_external=bool(channel.get("is_ext_shared")),
        is_joined=bool(channel["is_member"]) if "is_member" in channel else is_joined,
    )


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
    "channel_deleted": lambda e: ChannelGone(_channel_id(e)),
    "channel_id_changed": _renumbered,
    "user_change": _person,
    "team_join": _person,
    "app_home_opened": lambda e: HomeOpened(str(e.get("user"))),
    "app_uninstalled": lambda _: Uninstalled(),
}
