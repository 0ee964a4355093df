"""One call of the Web API: its arguments, its rights, and its refusals."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from bot.standin.values import Channel, Kind, Payload, User
from bot.standin.world import World


class ApiError(Exception):
    """A refusal: the answer is `{"ok": false, "error": code, **extra}`."""

    def __init__(self, code: str, **extra: object) -> None:
        super().__init__(code)
        self.code = code
        self.extra = extra


@dataclass(frozen=True, slots=True)
class Method:
    """A method of the Web API.

    Attributes:
        args: every argument it knows; others are refused.
        required: those it cannot do without.
        scopes: any one of these suffices; empty when the method itself asks.
        tier: its rate limit, a key of `limits.TIERS`.
        token: which kind of token it takes: `bot`, `app`, or `none`.
    """

    name: str
    run: Callable[["Call"], Payload]
    args: str = ""
    required: str = ""
    scopes: tuple[str, ...] = ()
    tier: int = 3
    token: str = "bot"  # noqa: S105 - a kind of token, not one


@dataclass(slots=True)
class Call:
    """The arguments of one call, read the way Slack reads them."""

    world: World
    args: Payload
    headers: dict[str, str] = field(default_factory=dict)

    def text(self, name: str, default: str = "") -> str:
        """Read a string."""
        value = self.args.get(name, default)
        if isinstance(value, (dict, list, bool)):
            raise invalid_arguments(f"{name} must be a string")
        return str(value)

    def flag(self, name: str, *, default: bool = False) -> bool:
        """Read a boolean, which a form sends as `1`, `true` or `True`."""
        return str(self.args.get(name, default)).lower() in {"1", "true"}

    def number(self, name: str, default: int, most: int) -> int:
        """Read a count between 1 and `most`."""
        try:
            value = int(self.args.get(name) or default)
        except ValueError:
            raise invalid_arguments(f"{name} must be an integer") from None
        if not 1 <= value <= most:
            raise ApiError("invalid_limit")
        return value

    def names(self, name: str) -> list[str]:
        """Read a list that is sent with commas between."""
        return [each for each in self.text(name).split(",") if each]

    def tree(self, name: str) -> object:
        """Read JSON, sent as such or as a string; `None` when it is absent."""
        value = self.args.get(name)
        if not isinstance(value, str):
            return value
        try:
            return json.loads(value)
        except ValueError:
            raise invalid_arguments(f"{name} is not JSON") from None

    def need(self, *any_of: str) -> None:
        """Refuse unless one of these scopes was granted."""
        granted = self.world.app.scopes
        if any_of and not granted & {*any_of}:
            provided = ",".join(sorted(granted))
            raise ApiError("missing_scope", needed=any_of[0], provided=provided)

    def channel(self, name: str = "channel") -> Channel:
        """Find a conversation that the bot may know of."""
        channel = self.world.channels.get(self.text(name))
        if channel is None:
            raise ApiError("channel_not_found")
        if channel.kind != "channel" and not self.world.bot_is_in(channel):
            raise ApiError("channel_not_found")
        return channel

    def own_channel(self) -> Channel:
        """Find a conversation that the bot is a member of."""
        channel = self.channel()
        if not self.world.bot_is_in(channel):
            raise ApiError("not_in_channel")
        return channel

    def user(self, name: str = "user") -> User:
        """Find a person."""
        user = self.world.users.get(self.text(name))
        if user is None:
            raise ApiError("user_not_found")
        return user


def invalid_arguments(*reasons: str) -> ApiError:
    """Say what is wrong with the arguments, in the place where Slack says it."""
    messages = [f"[ERROR] {reason}" for reason in reasons]
    return ApiError("invalid_arguments", response_metadata={"messages": messages})


READ: Mapping[Kind, tuple[str, ...]] = {
    "channel": ("channels:read",),
    "private": ("groups:read",),
    "im": ("im:read",),
    "mpim": ("mpim:read",),
}
HISTORY: Mapping[Kind, tuple[str, ...]] = {
    "channel": ("channels:history",),
    "private": ("groups:history",),
    "im": ("im:history",),
    "mpim": ("mpim:history",),
}
