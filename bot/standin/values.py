"""The plain values that a local Slack is made of; no behaviour of Slack's."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal

Payload = dict[str, Any]
"""A JSON object in the shape in which Slack sends or takes it."""

Kind = Literal["channel", "private", "im", "mpim"]

# What an app needs that listens in public channels, answers, and opens channels:
# used when no manifest is given.
DEFAULT_MANIFEST: Payload = {
    "display_information": {"name": "Local Bot"},
    "features": {"bot_user": {"display_name": "localbot"}},
    "oauth_config": {
        "scopes": {
            "bot": [
                "app_mentions:read",
                "channels:history",
                "channels:manage",
                "channels:read",
                "chat:write",
                "commands",
                "im:history",
                "reactions:read",
                "users:read",
            ]
        }
    },
    "settings": {
        "event_subscriptions": {
            "bot_events": [
                "app_home_opened",
                "app_mention",
                "app_uninstalled",
                "channel_archive",
                "channel_deleted",
                "channel_id_changed",
                "channel_rename",
                "channel_shared",
                "channel_unarchive",
                "channel_unshared",
                "member_joined_channel",
                "member_left_channel",
                "message.channels",
                "message.im",
                "reaction_added",
                "reaction_removed",
                "team_join",
                "tokens_revoked",
                "user_change",
            ]
        }
    },
}


@dataclass(frozen=True, slots=True)
class User:
    """A person or a bot of the workspace.

    Attributes:
        tz: IANA name of the time zone.
        team_id: another workspace's id makes this an external person.
        is_restricted: a guest in several channels.
        is_ultra_restricted: a guest in one channel.
    """

    id: str
    name: str
    real_name: str = ""
    tz: str = "UTC"
    team_id: str = ""
    is_bot: bool = False
    deleted: bool = False
    is_admin: bool = False
    is_restricted: bool = False
    is_ultra_restricted: bool = False


@dataclass(slots=True)
class Channel:
    """A conversation with its members and messages; it changes as people act.

    Attributes:
        messages: by `ts`, in the order in which they were posted.
        restriction: the error that a bot gets that posts here, such as
            `restricted_action_read_only_channel`.
        last_us: the last `ts` given here, in microseconds.
    """

    id: str
    name: str
    members: list[str] = field(default_factory=list)
    kind: Kind = "channel"
    creator: str = ""
    topic: str = ""
    purpose: str = ""
    is_general: bool = False
    is_archived: bool = False
    is_ext_shared: bool = False
    restriction: str = ""
    created: int = 0
    messages: dict[str, Payload] = field(default_factory=dict)
    last_us: int = 0

    @property
    def is_im(self) -> bool:
        """Whether this is a conversation of two."""
        return self.kind == "im"

    @property
    def is_private(self) -> bool:
        """Whether only its members know of it."""
        return self.kind != "channel"


@dataclass(frozen=True, slots=True)
class Workspace:
    """What the local Slack starts with."""

    id: str = "T0LOCAL"
    name: str = "Local"
    domain: str = "local"
    users: tuple[User, ...] = ()
    channels: tuple[Channel, ...] = ()
    enterprise_id: str = ""


@dataclass(slots=True)
class App:
    """The installed app: what it may do and what it is told about.

    Attributes:
        commands: its slash commands; `None` accepts any.
        shortcuts: callback ids of its shortcuts; `None` accepts any.
        is_org_wide: its token serves every workspace of an organisation.
        token_ends_at: with token rotation: when its token ends.
        older: tokens that were replaced, with their end.
    """

    name: str
    bot_name: str
    scopes: set[str]
    events: set[str]
    commands: set[str] | None = None
    shortcuts: set[str] | None = None
    id: str = "A0APP"
    bot_id: str = "B0BOT"
    user_id: str = "U0BOT"
    bot_token: str = "xoxb-local-bot"  # noqa: S105 - opens nothing but this server
    app_token: str = "xapp-local-app"  # noqa: S105 - same
    app_scopes: set[str] = field(default_factory=lambda: {"connections:write"})
    signing_secret: str = "local-signing-secret"  # noqa: S105 - same
    client_id: str = "1.2"
    client_secret: str = "local-client-secret"  # noqa: S105 - same
    is_org_wide: bool = False
    refresh_token: str = ""
    token_ends_at: datetime | None = None
    older: dict[str, datetime] = field(default_factory=dict)
    is_installed: bool = True
    revoked: set[str] = field(default_factory=set)

    def has_ended(self, token: str, now: datetime) -> bool:
        """Whether a token is past its time."""
        current = self.token_ends_at if token == self.bot_token else None
        ends_at = self.older.get(token, current)
        return ends_at is not None and now >= ends_at


def app_of(manifest: Mapping[str, Any]) -> App:
    """Read an app from its manifest; optional scopes count as granted."""
    features = manifest.get("features", {})
    scopes = manifest.get("oauth_config", {}).get("scopes", {})
    settings = manifest.get("settings", {})
    name = manifest.get("display_information", {}).get("name", "Local Bot")
    app = App(
        name=name,
        bot_name=features.get("bot_user", {}).get("display_name", name),
        scopes={*scopes.get("bot", ()), *scopes.get("bot_optional", ())},
        events=set(settings.get("event_subscriptions", {}).get("bot_events", ())),
    )
    if "slash_commands" in features:
        app.commands = {each["command"] for each in features["slash_commands"]}
    if "shortcuts" in features:
        app.shortcuts = {each["callback_id"] for each in features["shortcuts"]}
    return app
