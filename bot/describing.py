"""People and channels as Slack describes them: in events, answers and exports alike."""

from collections.abc import Mapping
from typing import Any

from bot.fields import MAX_NAME, MAX_TEXT, object_of, read_id, text_of
from bot.happenings import ChannelTold, PersonTold


def read_person(
    user: Mapping[str, Any], version_ts: str, *, team_id: str | None = None
) -> PersonTold | None:
    """Read a person, as `users.info`, an event or an export describes them.

    Args:
        user: Slack's user object.
        version_ts: When it was said.
        team_id: The workspace; people of another one are external.
    """
    user_id = read_id(user.get("id"))
    if user_id is None:
        return None
    profile = object_of(user.get("profile"))
    shown = profile.get("display_name") or profile.get("real_name")
    name = shown or user.get("real_name") or user.get("name") or ""
    elsewhere = bool(team_id and user.get("team_id") not in (None, "", team_id))
    return PersonTold(
        user_id=user_id,
        version_ts=version_ts,
        name=text_of(name, MAX_NAME),
        zone=text_of(user.get("tz"), MAX_NAME),
        is_bot=bool(user.get("is_bot")) or user_id == "USLACKBOT",
        is_deactivated=bool(user.get("deleted")),
        is_guest=bool(user.get("is_restricted") or user.get("is_ultra_restricted")),
        is_external=bool(user.get("is_stranger")) or elsewhere,
        is_admin=bool(user.get("is_admin") or user.get("is_owner")),
    )


def read_channel(
    channel: Mapping[str, Any], version_ts: str, *, is_joined: bool | None = None
) -> ChannelTold | None:
    """Read a channel, as `conversations.info` or an export describes it."""
    channel_id = read_id(channel.get("id"))
    if channel_id is None:
        return None
    return ChannelTold(
        channel_id=channel_id,
        version_ts=version_ts,
        name=text_of(channel.get("name"), MAX_NAME),
        purpose=text_of(object_of(channel.get("purpose")).get("value"), MAX_TEXT),
        is_private=bool(channel.get("is_private") or channel.get("is_group")),
        is_archived=bool(channel.get("is_archived")),
        is_general=bool(channel.get("is_general")),
        is_external=bool(channel.get("is_ext_shared")),
        is_joined=bool(channel["is_member"]) if "is_member" in channel else is_joined,
    )
