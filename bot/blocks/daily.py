"""The daily question and what is said about its schedule."""

from datetime import datetime

from bot.blocks.spoken import (
    Block,
    Spoken,
    context,
    header,
    say,
    section,
)
from bot.packs import PackQuestion
from bot.text import escape

DAY_NAMES = {
    "mon": "Monday",
    "tue": "Tuesday",
    "wed": "Wednesday",
    "thu": "Thursday",
    "fri": "Friday",
    "sat": "Saturday",
    "sun": "Sunday",
}

_WEEKDAYS = "mon,tue,wed,thu,fri"

_SMALL = (
    "Answer in the thread",
    "`/grapevine daily` shows who set this up, and changes it",
)


def question(number: int, asked: PackQuestion) -> Spoken:
    """Make the form of one day: a reading, the question, two things to do.

    Whoever set it up is not mentioned, which would call them every day: the channel
    was told when they did, and the form shows it.

    Args:
        number: Which day it is in the channel, from 1.
        asked: The question, as its pack has it.
    """
    title = f"Day {number}: {asked.title}"
    blocks: list[Block] = [header(title), section(escape(asked.reading))]
    if asked.source:
        blocks.append(context(escape(asked.source)))
    blocks += [
        _part("QUESTION", asked.question),
        _part("SHARE with your team", asked.share),
        _part("FIND OUT more", asked.find_out),
        context(*_SMALL),
    ]
    read = f"{asked.reading} ({asked.source})" if asked.source else asked.reading
    aloud = (
        title,
        asked.question,  # first, since it is what a notification has room for
        f"Share with your team: {asked.share}",
        f"Find out more: {asked.find_out}",
        f"To read: {read}",
        f"{'. '.join(_SMALL)}.",
    )
    return say(escape("\n".join(aloud)), blocks)


def _part(heading: str, text: str) -> Block:
    return section(f"*{heading}*\n{escape(text)}")


def configured(user_id: str, days: str, first: datetime) -> Spoken:
    """Tell a channel that it gets a daily question, from whom and when.

    Args:
        user_id: Who set it up.
        days: As a schedule holds them.
        first: When the first one comes, in the schedule's zone.
    """
    return say(
        f"<@{user_id}> set up a daily question for this channel: "
        f"{days_in_words(days)} at {first:%H:%M} ({first.tzinfo}), the first on "
        f"{date_in_words(first)}. Answer in its thread if you like; "
        "`/grapevine daily` changes, pauses or removes it."
    )


def paused_by(user_id: str) -> Spoken:
    """Tell a channel that its daily question rests."""
    return say(
        f"<@{user_id}> paused the daily question. `/grapevine daily` resumes it."
    )


def removed_by(user_id: str) -> Spoken:
    """Tell a channel that its daily question is gone."""
    return say(
        f"<@{user_id}> removed the daily question from this channel. "
        "`/grapevine daily` sets up another."
    )


def stopped(channel_id: str, code: str) -> Spoken:
    """Tell who set it up that Slack no longer takes the question, and the fix.

    Args:
        channel_id: Where it should have gone.
        code: Slack's word for why not, or what the channel has become.
    """
    if code in ("is_shared", "is_private"):
        with_whom = "shared with another organisation" * (code == "is_shared")
        return say(
            f"The daily question in <#{channel_id}> is paused: the channel is "
            f"{with_whom or 'private'} now, and the question is for public channels "
            "of this workspace. `/grapevine daily` sets it up for another."
        )
    return say(
        f"The daily question in <#{channel_id}> is paused: {_fix(code)} Then open "
        "`/grapevine daily` in the channel and press Resume."
    )


def _fix(code: str) -> str:
    if code == "is_archived":
        return "the channel is archived. Unarchive it, or choose another channel."
    if code in ("not_in_channel", "channel_not_found"):
        return "I'm not in that channel any more. Write `/invite @Grapevine` there."
    return (
        "only some people may post there. Ask an admin of the workspace to let "
        "Grapevine post in that channel."
    )


def days_in_words(days: str) -> str:
    """Write a schedule's days: every day, every weekday, or their names."""
    chosen = days.split(",")
    if len(chosen) == len(DAY_NAMES):
        return "every day"
    if days == _WEEKDAYS:
        return "every weekday"
    names = [f"{DAY_NAMES[day]}s" for day in chosen]
    return "on " + (
        names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"
    )


def date_in_words(at: datetime) -> str:
    """Write a day with its weekday, as `Mon 2 Mar 2026`, in its own zone."""
    return f"{at:%a} {at.day} {at:%b %Y}"
