"""What a local Slack remembers: people, channels, views, grants, and its logs.

It answers what is there and who may see it. It sends nothing and refuses nothing.
"""

import itertools
import re
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

from bot.standin.delivery import Delivery
from bot.standin.values import App, Channel, Payload, User, Workspace, app_of

# https://docs.slack.dev/interactivity/handling-user-interaction
TRIGGER_LIFE_S = 3.0
RESPONSE_URL_LIFE_S = 30 * 60
RESPONSE_URL_USES = 5

_BROADCAST = re.compile(
    r"<!(?:channel|here|everyone|group)(?:\|[^>]*)?>|\"type\": \"broadcast\""
)
_MICRO = 1_000_000


def wall_clock() -> datetime:
    """Tell the time of this Slack, which like Slack has a clock of its own."""
    return datetime.now(UTC)  # noqa: TID251 - Slack's clock, not the bot's


@dataclass(slots=True)
class Trigger:
    """The right to open a modal: once, and for a short time."""

    user_id: str
    born_s: float
    view_id: str = ""
    is_used: bool = False


@dataclass(slots=True)
class ResponseUrl:
    """The right to answer an interaction where it happened."""

    user_id: str
    channel_id: str
    born_s: float
    message_ts: str = ""
    thread_ts: str = ""
    uses: int = 0


@dataclass(slots=True)
class Logs:
    """What happened, for tests to look at.

    Attributes:
        calls: every Web API call that arrived: (method, arguments without token).
        refused: unknown methods and arguments, and payloads Slack would drop.
        broadcasts: payloads of the bot that would notify a whole channel.
        posts: messages the bot posted, as first posted.
        ephemerals: messages that only one person sees.
        warnings: accepted, but Slack advises against it.
    """

    calls: list[tuple[str, Payload]] = field(default_factory=list)
    refused: list[str] = field(default_factory=list)
    broadcasts: list[Payload] = field(default_factory=list)
    posts: list[Payload] = field(default_factory=list)
    ephemerals: list[Payload] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)
    deliveries: list[Delivery] = field(default_factory=list)


class World:
    """The state of one workspace with one app; hold `lock` while touching it."""

    def __init__(
        self,
        workspace: Workspace,
        manifest: Mapping[str, Any],
        now: Callable[[], datetime],
        ticks: Callable[[], float] = time.monotonic,
    ) -> None:
        self.workspace = workspace
        self.app: App = app_of(manifest)
        self.now = now
        self.ticks = ticks
        self.lock = threading.RLock()
        self.logs = Logs()
        self.users: dict[str, User] = {}
        self.channels: dict[str, Channel] = {}
        self.homes: dict[str, Payload] = {}
        self.modals: dict[str, list[Payload]] = {}
        self.triggers: dict[str, Trigger] = {}
        self.response_urls: dict[str, ResponseUrl] = {}
        self.tickets: set[str] = set()
        self.may_create_channels = True
        # Whether the organisation's app may be here; it serves others meanwhile.
        self.lets_in = True
        self.page_cap: int | None = None
        # How many of those who reacted a history names; it counts all of them.
        self.reaction_cap: int | None = None
        self.send: Callable[[Delivery], None] = self.logs.deliveries.append
        self.base_url = ""
        self._serial = itertools.count(1)
        bot = User(self.app.user_id, self.app.bot_name, self.app.name, is_bot=True)
        for user in (*workspace.users, bot):
            self.users[user.id] = user
        for channel in workspace.channels:
            self.add_channel(channel)

    def new_id(self, prefix: str) -> str:
        """Make an id in the form of Slack's: a letter or two and capitals."""
        return f"{prefix}{next(self._serial):08X}"

    def add_channel(self, channel: Channel) -> Channel:
        """Take a channel in, with the time at which it was made."""
        channel.created = channel.created or int(self.now().timestamp())
        self.channels[channel.id] = channel
        return channel

    def next_ts(self, channel: Channel) -> str:
        """Give the `ts` of a new message: unique and increasing in its channel."""
        now_us = round(self.now().timestamp() * _MICRO)
        channel.last_us = max(now_us, channel.last_us + 1)
        return f"{channel.last_us // _MICRO}.{channel.last_us % _MICRO:06d}"

    def is_external(self, user_id: str) -> bool:
        """Whether this person belongs to another workspace."""
        team = self.users[user_id].team_id
        return bool(team) and team != self.workspace.id

    def bot_is_in(self, channel: Channel) -> bool:
        """Whether the bot is a member."""
        return self.app.user_id in channel.members

    def find_im(self, user_id: str) -> Channel | None:
        """Find the conversation of the bot with one person."""
        pair = {user_id, self.app.user_id}
        found = (c for c in self.channels.values() if c.is_im and {*c.members} == pair)
        return next(found, None)

    def open_im(self, user_id: str) -> Channel:
        """Find or make the conversation of the bot with one person."""
        found = self.find_im(user_id)
        if found is not None:
            return found
        members = [user_id, self.app.user_id]
        return self.add_channel(Channel(self.new_id("D"), "", members, kind="im"))

    def find_channel_named(self, name: str) -> Channel | None:
        """Find a channel by name; archived ones keep theirs."""
        return next((c for c in self.channels.values() if c.name == name), None)

    def visible_channels(self) -> Iterator[Channel]:
        """Give the conversations that the bot may know of."""
        for channel in self.channels.values():
            if channel.kind == "channel" or self.bot_is_in(channel):
                yield channel

    def new_trigger(self, user_id: str, view_id: str = "") -> str:
        """Grant one modal to the app."""
        trigger_id = f"{next(self._serial)}.{self.workspace.id}.local"
        self.triggers[trigger_id] = Trigger(user_id, self.ticks(), view_id)
        return trigger_id

    def new_response_url(self, grant: ResponseUrl) -> str:
        """Grant answers to an interaction."""
        key = self.new_id("R")
        self.response_urls[key] = grant
        return f"{self.base_url}/respond/{key}"

    def find_view(self, view_id: str) -> Payload | None:
        """Find an open modal or a published home by id."""
        stacks = (view for stack in self.modals.values() for view in stack)
        views = itertools.chain(stacks, self.homes.values())
        return next((view for view in views if view["id"] == view_id), None)

    def note_broadcast(self, payload: Payload, rendered: str) -> None:
        """Write down a payload that would notify everybody.

        Slack accepts it, so it is no error here; a test asserts that none is there.
        """
        if _BROADCAST.search(rendered):
            self.logs.broadcasts.append(payload)

    def user_info(self, user: User) -> Payload:
        """Describe a person in the shape of users.info."""
        zone = self.now().astimezone(ZoneInfo(user.tz))
        offset = zone.utcoffset()
        name = user.real_name or user.name
        return {
            "id": user.id,
            "team_id": user.team_id or self.workspace.id,
            "name": user.name,
            "real_name": name,
            "deleted": user.deleted,
            "tz": user.tz,
            "tz_label": zone.tzname() or user.tz,
            "tz_offset": int(offset.total_seconds()) if offset else 0,
            "profile": {
                "real_name": name,
                "display_name": user.name,
                "team": user.team_id or self.workspace.id,
                **({"bot_id": self.app.bot_id} if user.id == self.app.user_id else {}),
            },
            "is_admin": user.is_admin,
            "is_owner": False,
            "is_bot": user.is_bot,
            "is_app_user": False,
            "is_restricted": user.is_restricted,
            "is_ultra_restricted": user.is_ultra_restricted,
            "is_stranger": self.is_external(user.id),
            "updated": int(self.now().timestamp()),
        }
