"""Read the line format of `channels/*.txt` into drafts of messages.

    # a comment
    week 1, mon                        the day of what follows
    09:04 @ines: text                  a message
      +wave: kofi, lena                reactions to the message above
      ~09:06: better text              its author changed it to this
      | second line                    one more line of its text
      09:10 @kofi: text                an answer in its thread
      tue 08:55 @lena: text            an answer on the next Tuesday
    09:20 @aroha joined                somebody joins the channel
    09:30 @oskar shares dock.jpg: text a message with a file

This module knows the form only: whether a person exists, `load` finds out.
"""

import re
from dataclasses import dataclass, field

from bot.sample.values import SampleError

WEEKDAYS = ("mon", "tue", "wed", "thu", "fri")
DAYS_A_WEEK = 7
MINUTES_A_DAY = 24 * 60

_DAY = "|".join(WEEKDAYS)
_CLOCK = r"(?P<hour>[01]\d|2[0-3]):(?P<minute>[0-5]\d)"
_HEADER = re.compile(rf"week (?P<week>[1-9]\d*), (?P<day>{_DAY})")
_MESSAGE = re.compile(
    rf"(?P<indent>  )?(?:(?P<day>{_DAY}) )?{_CLOCK} @(?P<who>[a-z]+)"
    r"(?:(?P<joined> joined)|(?: shares (?P<file>[\w.-]+))?: (?P<text>\S.*))"
)
_REACTION = re.compile(
    r" +\+(?P<name>[a-z0-9_+-]+): (?P<users>[a-z]+(?:, [a-z]+)*)",
)
_EDIT = re.compile(rf" +~{_CLOCK}: (?P<text>\S.*)")
_MORE = re.compile(r" +\| ?(?P<text>.*)")


@dataclass(slots=True)
class Draft:
    """A message as written, before names become ids.

    Minutes count from midnight, local time, of the sample's first Monday.
    """

    place: str
    minute: int
    who: str
    text: str
    parent: "Draft | None" = None
    joined: bool = False
    file: str | None = None
    reactions: list[tuple[str, tuple[str, ...]]] = field(default_factory=list)
    edit: tuple[int, str] | None = None


def parse(text: str, source: str) -> list[Draft]:
    """Parse a channel's file.

    Args:
        text: The whole file.
        source: Its name, for messages about errors.

    Returns:
        Messages in the order of the file: each thread follows its first message.

    Raises:
        SampleError: A line has no known form, or time runs backwards.
    """
    reader = _Reader()
    for number, line in enumerate(text.splitlines(), 1):
        if not line.strip() or line.startswith("#"):
            continue
        place = f"{source}, line {number}"
        try:
            reader.read(line.rstrip(), place)
        except SampleError as error:
            raise SampleError(f"{place}: {error}") from None
    return reader.drafts


class _Reader:
    """What the lines so far say about the next one."""

    def __init__(self) -> None:
        self.drafts: list[Draft] = []
        self.day: int | None = None
        self.parent: Draft | None = None

    def read(self, line: str, place: str) -> None:
        if header := _HEADER.fullmatch(line):
            self._start_day(header)
        elif message := _MESSAGE.fullmatch(line):
            self._add(message, place)
        elif reaction := _REACTION.fullmatch(line):
            users = tuple(reaction["users"].split(", "))
            self._above().reactions.append((reaction["name"], users))
        elif edit := _EDIT.fullmatch(line):
            self._edit(edit)
        elif more := _MORE.fullmatch(line):
            self._above().text += "\n" + more["text"]
        else:
            raise SampleError(f"not a known form: {line!r}")

    def _start_day(self, match: re.Match[str]) -> None:
        week = int(match["week"]) - 1
        day = week * DAYS_A_WEEK + WEEKDAYS.index(match["day"])
        if self.day is not None and day <= self.day:
            raise SampleError("this day is not after the one before")
        self.day, self.parent = day, None

    def _add(self, match: re.Match[str], place: str) -> None:
        parent = self.parent if match["indent"] else None
        if match["indent"] and parent is None:
            raise SampleError("an answer needs a message above it on this day")
        draft = Draft(
            place=place,
            minute=self._minute(match, parent),
            who=match["who"],
            text=match["text"] or "",
            parent=parent,
            joined=bool(match["joined"]),
            file=match["file"],
        )
        self.drafts.append(draft)
        self.parent = parent or draft

    def _minute(self, match: re.Match[str], parent: Draft | None) -> int:
        if self.day is None:
            raise SampleError("a day must come first, such as: week 1, mon")
        before = self._latest(parent)
        day = self.day
        if parent is not None and before is not None:
            day = _day_on(before // MINUTES_A_DAY, match["day"])
        elif match["day"]:
            raise SampleError("only an answer in a thread names its day")
        minute = day * MINUTES_A_DAY + _clock(match)
        if before is not None and minute < before:
            raise SampleError("this is earlier than the message before it")
        return minute

    def _latest(self, parent: Draft | None) -> int | None:
        """Find the minute of the message before, in the thread or at top level."""
        for draft in reversed(self.drafts):
            if draft is parent or draft.parent is parent:
                return draft.minute
        return None

    def _above(self) -> Draft:
        if not self.drafts:
            raise SampleError("there is no message above")
        return self.drafts[-1]

    def _edit(self, match: re.Match[str]) -> None:
        above = self._above()
        day = above.minute // MINUTES_A_DAY
        minute = day * MINUTES_A_DAY + _clock(match)
        if minute < above.minute:
            raise SampleError("the edit is earlier than the message")
        above.edit, above.text = (minute, above.text), match["text"]


def _clock(match: re.Match[str]) -> int:
    return int(match["hour"]) * 60 + int(match["minute"])


def _day_on(day: int, name: str | None) -> int:
    """Find the first day called `name`, from `day` on."""
    if name is None:
        return day
    return day + (WEEKDAYS.index(name) - day) % DAYS_A_WEEK
