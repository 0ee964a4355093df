"""A person's Home tab: what is held about them and why, and what they can do."""

from bot.blocks.spoken import (
    Block,
    actions,
    button,
    clip,
    confirm,
    context,
    counted,
    day,
    divider,
    header,
    linked_day,
    listed,
    named,
    plain,
    section,
    times,
)
from bot.pages import TOPICS_A_PAGE, HeldTopic, Page
from models import TopicChoice

TOPIC_ACTION = "home_topic"
SNOOZE_ACTION = "home_snooze"
WAKE_ACTION = "home_wake"
OPT_OUT_ACTION = "home_opt_out"
OPT_IN_ACTION = "home_opt_in"
EXPORT_ACTION = "home_export"
ERASE_ACTION = "home_erase"
BEFORE_ACTION = "home_before"
AFTER_ACTION = "home_after"
SHOW_HIDDEN_ACTION = "home_show_hidden"
LEAVE_HIDDEN_ACTION = "home_leave_hidden"

# What the overflow menu of a topic carries when it takes a choice back.
UNDO = "undo"

_OFFERED = {
    TopicChoice.HIDDEN: "Hide this topic",
    TopicChoice.NOT_ME: "Not me any more",
    TopicChoice.NO_ROUTING: "Don't send people to me",
}

_CHOSEN = {
    TopicChoice.HIDDEN: "Hidden: you are not named for it",
    TopicChoice.NOT_ME: "Not you any more: you are not named for it",
    TopicChoice.NO_ROUTING: "You know this, but nobody is sent to you",
}


def home(page: Page) -> Block:
    """Make the view of a person's Home tab."""
    blocks = [
        header("What Grapevine knows about you"),
        *_status(page),
        *(_topics(page) if page.total or page.hidden else _nothing_yet(page)),
        divider(),
        *_quiet(page),
        divider(),
        *_data(page),
        context("`/grapevine help` says what else Grapevine does"),
    ]
    return {
        "type": "home",
        "private_metadata": remember(page.offset, shows_hidden=page.shows_hidden),
        "blocks": blocks,
    }


def remember(offset: int, *, shows_hidden: bool) -> str:
    """Note which part of the page is shown, in the view itself."""
    return f"{offset}:{int(shows_hidden)}"


def recall(metadata: str) -> tuple[int, bool]:
    """Read back which part of the page is shown; its start if that is lost."""
    offset, _, hidden = metadata.partition(":")
    return (int(offset) if offset.isdecimal() else 0), hidden == "1"


def _status(page: Page) -> list[Block]:
    if page.is_opted_out:
        return [
            section(
                "*You have opted out.* Nobody is sent to you, and nothing you write "
                "is heard. Only you can see this."
            )
        ]
    if page.snoozed_until:
        return [
            section(
                f"*You are not named until {day(page.snoozed_until)}.* "
                "After that it resumes by itself."
            )
        ]
    return []


def _nothing_yet(page: Page) -> list[Block]:
    if page.is_opted_out:
        return []  # an example of what will not come would only unsettle
    lead = (
        "*No topics yet.* When others ask about the same things as you, they show "
        "here, for example:"
        if page.messages
        else "*Nothing yet.* When you ask or answer in a channel that Grapevine is in, "
        "it shows here under its topic, for example:"
    )
    return [
        section(lead),
        section(
            "> *connection pooling*\n> Answered 4 questions, was thanked twice, "
            "most recently 5 March"
        ),
        context(
            "Invite Grapevine to a channel with `/invite @Grapevine`",
            "Try `/who-knows connection pooling`",
        ),
    ]


def _topics(page: Page) -> list[Block]:
    first, last = page.offset + 1, page.offset + len(page.topics)
    part = f"; here are {first} to {last}" if len(page.topics) < page.total else ""
    blocks = [
        section(
            f"{counted(page.total, 'topic')} from what you wrote in channels, the "
            f"latest first{part}. Your words themselves are not kept."
        )
    ]
    blocks += [_topic(topic) for topic in page.topics]
    turning = _turning(page)
    return [*blocks, actions(*turning)] if turning else blocks


def _topic(topic: HeldTopic) -> Block:
    label = named(topic.label)
    last = linked_day(topic.last_at, topic.link)
    lines = [f"*{label}*", f"{_evidence(topic)}, most recently {last}"]
    if topic.choice:
        lines.append(f"_{_CHOSEN[topic.choice]}_")
    return section("\n".join(lines), accessory=_menu(topic))


def _evidence(topic: HeldTopic) -> str:
    told = []
    if topic.answered:
        told.append(f"answered {counted(topic.answered, 'question')}")
    if topic.thanked:
        told.append(f"was thanked {times(topic.thanked)}")
    if topic.asked:
        told.append(f"asked {counted(topic.asked, 'question')}")
    if topic.shared:
        told.append(f"wrote {counted(topic.shared, 'daily answer')}")
    said = listed(told)
    return said[:1].upper() + said[1:]


def _menu(topic: HeldTopic) -> Block:
    options = [
        _option(words, f"{choice}:{topic.topic_id}")
        for choice, words in _OFFERED.items()
        if choice != topic.choice
    ]
    if topic.choice:
        options.append(_option("Undo", f"{UNDO}:{topic.topic_id}"))
    return {"type": "overflow", "action_id": TOPIC_ACTION, "options": options}


def _option(words: str, value: str) -> Block:
    return {"text": plain(words, 75), "value": clip(value, 150)}


def _turning(page: Page) -> list[Block]:
    found = []
    if page.offset > 0:
        before = str(page.offset - TOPICS_A_PAGE)
        found.append(button("Newer Topics", BEFORE_ACTION, value=before))
    if page.offset + TOPICS_A_PAGE < page.total:
        after = str(page.offset + TOPICS_A_PAGE)
        found.append(button("Older Topics", AFTER_ACTION, value=after))
    if page.shows_hidden:
        found.append(button("Leave Out Hidden", LEAVE_HIDDEN_ACTION))
    elif page.hidden:
        found.append(button(f"Show {page.hidden} Hidden", SHOW_HIDDEN_ACTION))
    return found


def _quiet(page: Page) -> list[Block]:
    if page.is_opted_out:
        lead = "*Come back*\nYou can be named again, and what you write is heard again."
        again = button("Opt In Again", OPT_IN_ACTION, style="primary")
        return [section(lead), actions(again)]
    picker: Block = {
        "type": "datepicker",
        "action_id": SNOOZE_ACTION,
        "placeholder": plain("Pick a day", 150),
    }
    if page.snoozed_until:
        picker["initial_date"] = page.snoozed_until.date().isoformat()
    blocks = [
        section("*Leave me in peace until*\nNobody is sent to you until that day.")
        | {"accessory": picker}
    ]
    controls = [button("Name Me Again Now", WAKE_ACTION)] if page.snoozed_until else []
    return [*blocks, actions(*controls, _opting_out())]


def _opting_out() -> Block:
    return button(
        "Opt Out",
        OPT_OUT_ACTION,
        confirm=confirm(
            "Opt out of Grapevine?",
            "Nobody is sent to you any more, and nothing you write is heard. "
            "Nobody is told. What is held stays until you erase it.",
            "Opt Out",
        ),
    )


def _data(page: Page) -> list[Block]:
    held = (
        f"Grapevine holds {counted(page.messages, 'message')} of yours as who, where, "
        "when and topic, never the text."
        if page.messages
        else "Grapevine holds no message of yours."
    )
    return [
        section(f"*Your data*\n{held}"),
        actions(button("Show My Data", EXPORT_ACTION), erase_button()),
    ]


def erase_button() -> Block:
    """Make the button that erases a person, with the question before it."""
    return button(
        "Erase My Data",
        ERASE_ACTION,
        style="danger",
        confirm=confirm(
            "Erase everything about you?",
            "It is removed now and for good, and you are opted out, so that "
            "nothing is collected again. You can opt in later.",
            "Erase",
            is_danger=True,
        ),
    )
