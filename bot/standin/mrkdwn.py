"""Slack's mark-up as a person sees it: names for ids, dates, bold without asterisks.

https://docs.slack.dev/messaging/formatting-message-text
"""

import html
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, tzinfo
from zoneinfo import ZoneInfo

from bot.standin.world import World


@dataclass(frozen=True, slots=True)
class Span:
    """A run of text in one style; styles are words that rich knows too."""

    text: str
    style: str = ""


Line = tuple[Span, ...]

_EMOJI = {
    "+1": "👍",
    "bulb": "💡",
    "eyes": "👀",
    "grapes": "🍇",
    "heart": "❤️",
    "pray": "🙏",
    "raised_hands": "🙌",
    "seedling": "🌱",
    "speech_balloon": "💬",
    "tada": "🎉",
    "thumbsup": "👍",
    "wave": "👋",
    "white_check_mark": "✅",
}
_STYLES = {"*": "bold", "_": "italic", "~": "strike", "`": "cyan"}
_TOKEN = re.compile(
    r"<(?P<link>[^<>]+)>"
    r"|(?<![\w*_~`])(?P<mark>[*_~`])(?P<inner>\S(?:.*?\S)?)(?P=mark)(?![\w*_~`])"
    r"|:(?P<emoji>[\w+-]+):"
)
_TWELVE = 12
# A date's mark, its seconds and its shape; one part more is an address.
_DATE_PARTS = 2


class Reader:
    """Reads mark-up with the eyes of one person."""

    def __init__(self, world: World, viewer_id: str) -> None:
        self._world = world
        self._zone: tzinfo = ZoneInfo(world.users[viewer_id].tz)

    def lines(self, text: str, style: str = "") -> list[Line]:
        """Render mark-up, a line for each of its lines."""
        return [self._line(each, style) for each in text.split("\n")]

    def _line(self, text: str, style: str) -> Line:
        if text.startswith(("&gt;", ">")):
            quoted = re.sub(r"^(?:&gt;|>)\s?", "", text)
            return (Span("▎ ", "dim"), *self._spans(quoted, style))
        return tuple(self._spans(text, style))

    def _spans(self, text: str, style: str) -> Iterator[Span]:
        start = 0
        for found in _TOKEN.finditer(text):
            if found.start() > start:
                yield Span(html.unescape(text[start : found.start()]), style)
            yield from self._token(found, style)
            start = found.end()
        if start < len(text):
            yield Span(html.unescape(text[start:]), style)

    def _token(self, found: re.Match[str], style: str) -> Iterator[Span]:
        if found["link"]:
            yield self._link(found["link"], style)
        elif found["emoji"]:
            shown = _EMOJI.get(found["emoji"], found[0])
            yield Span(shown, style)
        elif found["mark"] == "`":
            yield Span(html.unescape(found["inner"]), _join(style, _STYLES["`"]))
        else:
            yield from self._spans(found["inner"], _join(style, _STYLES[found["mark"]]))

    def _link(self, inner: str, style: str) -> Span:
        target, _, label = inner.partition("|")
        if target.startswith("@"):
            return Span(f"@{self.person(target[1:])}", _join(style, "cyan"))
        if target.startswith("#"):
            name = self.channel(target[1:])
            return Span(name if name != "#" else f"#{label}", _join(style, "cyan"))
        if target.startswith("!date^"):
            linked = "underline" if target.count("^") > _DATE_PARTS else ""
            return Span(self._date(target, label), _join(style, linked))
        if target.startswith("!"):
            return Span(label or f"@{target[1:]}", _join(style, "bold"))
        return Span(html.unescape(label or target), _join(style, "underline"))

    def person(self, user_id: str) -> str:
        """Name a person the way messages do."""
        user = self._world.users.get(user_id)
        return (user.real_name or user.name) if user else user_id

    def channel(self, channel_id: str) -> str:
        """Name a channel."""
        channel = self._world.channels.get(channel_id)
        return f"#{channel.name}" if channel else "#"

    def clock(self, ts: str) -> str:
        """Give the time of day of a message, in the viewer's zone."""
        return self._at(float(ts)).strftime("%H:%M")

    def _at(self, seconds: float) -> datetime:
        return datetime.fromtimestamp(seconds, self._zone)

    def _date(self, target: str, fallback: str) -> str:
        parts = target.split("^")
        try:
            at = self._at(int(parts[1]))
        except (ValueError, IndexError):
            return fallback
        today = self._at(self._world.now().timestamp())
        return re.sub(r"{(\w+)}", lambda found: _format(at, today, found[1]), parts[2])


def _format(at: datetime, today: datetime, token: str) -> str:
    days = (at.date() - today.date()).days
    near = {-1: "yesterday", 0: "today", 1: "tomorrow"}
    if token.endswith("_pretty") and days in near:
        return near[days]
    hour = at.hour % _TWELVE or _TWELVE
    half = "AM" if at.hour < _TWELVE else "PM"
    shapes = {
        "date_num": f"{at:%Y-%m-%d}",
        "date": f"{at:%B} {at.day}, {at.year}",
        "date_short": f"{at:%b} {at.day}, {at.year}",
        "date_long": f"{at:%A}, {at:%B} {at.day}, {at.year}",
        "time": f"{hour}:{at:%M} {half}",
        "time_secs": f"{hour}:{at:%M:%S} {half}",
    }
    return shapes.get(token.removesuffix("_pretty"), "{" + token + "}")


def _join(style: str, more: str) -> str:
    return f"{style} {more}".strip()


def plain(line: Line) -> str:
    """Give a line without its styles."""
    return "".join(span.text for span in line)
