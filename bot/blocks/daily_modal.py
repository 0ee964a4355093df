"""The form that sets up a channel's daily question, with a preview of its dates."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.blocks.daily import DAY_NAMES, date_in_words, days_in_words
from bot.blocks.spoken import (
    Block,
    actions,
    button,
    clip,
    confirm,
    context,
    plain,
    section,
)

CALLBACK = "daily_setup"

# Each input's block and action share a name: errors are keyed by the block.
CHANNEL = "daily_channel"
TIME = "daily_time"
DAYS = "daily_days"
ZONE = "daily_zone"
PACK = "daily_pack"
GENERAL = "daily_general"

PAUSE_ACTION = "daily_pause"
RESUME_ACTION = "daily_resume"
REMOVE_ACTION = "daily_remove"

# Those after whose change the form is drawn again: with other dates, or with
# the buttons of the schedule that the channel already has.
REDRAWN = (CHANNEL, TIME, DAYS, ZONE)

_MAX_OPTION = 75


@dataclass(frozen=True, slots=True)
class Draft:
    """A form as far as it is filled in.

    Attributes:
        channel_id, time, zone, pack: As a schedule holds them; None if empty.
        days: Of `bot.daily.WEEKDAYS`.
        asks_general: Whether the box for the channel of everybody is shown.
        general_is_meant: Whether it is ticked.
    """

    channel_id: str | None
    time: str | None
    days: tuple[str, ...]
    zone: str | None
    pack: str | None
    asks_general: bool = False
    general_is_meant: bool = False


@dataclass(frozen=True, slots=True)
class Existing:
    """What the chosen channel has already."""

    channel_id: str
    time: str
    days: str
    zone: str
    set_up_by: str
    is_paused: bool


def daily_modal(
    draft: Draft,
    *,
    packs: Mapping[str, str],
    zones: Sequence[str],
    next_times: Sequence[datetime],
    existing: Existing | None = None,
) -> Block:
    """Make the form.

    Args:
        draft: What it is filled in with.
        packs: Titles of the question packs, by name.
        zones: Offered, best first; at most a hundred.
        next_times: When the draft's next questions would come; may be empty.
        existing: The schedule that saving would replace.
    """
    blocks = [
        *(_existing(existing) if existing else []),
        _channel(draft),
        _input(TIME, "Time", _time(draft), redraws=True),
        _input(DAYS, "Days", _days(draft), redraws=True),
        _input(ZONE, "Time zone", _zone(draft, zones), redraws=True),
        _input(PACK, "Questions", _pack(draft, packs)),
        *([_general(draft)] if draft.asks_general else []),
        context(_preview(next_times), "Save tells the channel that you set this up"),
    ]
    return {
        "type": "modal",
        "callback_id": CALLBACK,
        "title": plain("Daily question", 24),
        "submit": plain("Save", 24),
        "close": plain("Cancel", 24),
        "blocks": blocks,
    }


def _input(
    name: str, label: str, element: Block, *, redraws: bool = False, hint: str = ""
) -> Block:
    block: Block = {
        "type": "input",
        "block_id": name,
        "label": plain(label, 2_000),
        "element": element | {"action_id": name},
        "dispatch_action": redraws,
    }
    return block | ({"hint": plain(hint, 2_000)} if hint else {})


def _channel(draft: Draft) -> Block:
    element: Block = {
        "type": "conversations_select",
        "filter": {
            "include": ["public"],
            "exclude_external_shared_channels": True,
            "exclude_bot_users": True,
        },
        "placeholder": plain("Choose a public channel", 150),
    }
    if draft.channel_id:
        element["initial_conversation"] = draft.channel_id
    hint = "I must be in it: write /invite @Grapevine there first."
    return _input(CHANNEL, "Channel", element, redraws=True, hint=hint)


def _time(draft: Draft) -> Block:
    element: Block = {"type": "timepicker"}
    return element | ({"initial_time": draft.time} if draft.time else {})


def _days(draft: Draft) -> Block:
    options = {day: _option(name, day) for day, name in DAY_NAMES.items()}
    element: Block = {"type": "checkboxes", "options": list(options.values())}
    chosen = [options[day] for day in options if day in draft.days]
    return element | ({"initial_options": chosen} if chosen else {})


def _zone(draft: Draft, zones: Sequence[str]) -> Block:
    return _select([_option(zone, zone) for zone in zones], draft.zone)


def _pack(draft: Draft, packs: Mapping[str, str]) -> Block:
    return _select([_option(title, name) for name, title in packs.items()], draft.pack)


def _select(options: list[Block], chosen: str | None) -> Block:
    element: Block = {"type": "static_select", "options": options}
    initial = next((o for o in options if o["value"] == chosen), None)
    return element | ({"initial_option": initial} if initial else {})


def _general(draft: Draft) -> Block:
    option = _option("Yes, interrupt everybody in this channel", GENERAL)
    element: Block = {"type": "checkboxes", "options": [option]}
    if draft.general_is_meant:
        element["initial_options"] = [option]
    block = _input(GENERAL, "This is the channel that everybody is in", element)
    return block | {"optional": True}


def _option(words: str, value: str) -> Block:
    return {"text": plain(words, _MAX_OPTION), "value": clip(value, 150)}


def _preview(next_times: Sequence[datetime]) -> str:
    if not next_times:
        return "Choose days, a time and a zone to see the next dates"
    dates = ", ".join(f"{date_in_words(at)} {at:%H:%M}" for at in next_times)
    return f"Next: {dates} ({next_times[0].tzinfo})"


def _existing(existing: Existing) -> list[Block]:
    told = (
        f"<#{existing.channel_id}> has a daily question, "
        f"{days_in_words(existing.days)} at {existing.time} ({existing.zone}), "
        f"set up by <@{existing.set_up_by}>."
    )
    rests = " It is paused." if existing.is_paused else ""
    return [
        section(f"{told}{rests} Saving replaces it."),
        actions(*_controls(existing)),
    ]


def _controls(existing: Existing) -> Collection[Block]:
    value = existing.channel_id
    first = (
        button("Resume", RESUME_ACTION, value=value)
        if existing.is_paused
        else button("Pause", PAUSE_ACTION, value=value)
    )
    sure = confirm(
        "Remove the daily question?",
        "No more questions are posted in this channel. Those posted and their "
        "answers stay.",
        "Remove",
        is_danger=True,
    )
    gone = button("Remove", REMOVE_ACTION, value=value, style="danger", confirm=sure)
    return (first, gone)
