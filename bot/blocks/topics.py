"""What people keep asking about, as a list."""

from collections.abc import Sequence

from bot.blocks.spoken import (
    Block,
    Spoken,
    bulleted,
    button,
    context,
    counted,
    named,
    say,
    section,
)
from bot.overview import TopicCounted

MANAGE_ACTION = "topic_manage"

_LEAD = "What people keep asking about"
_STEP = "`/who-knows` with one of them names people"
_PUBLIC = "Public channels only"


def topics(listed: Sequence[TopicCounted]) -> Spoken:
    """Show topics with how many asked how much; an empty list says why."""
    if not listed:
        return say(
            "Nothing recurs yet. When several people ask about the same thing in "
            "channels that I am in, it shows here. Invite me to a channel with "
            "`/invite @Grapevine`."
        )
    lines = bulleted(*map(_line, listed))
    return say(
        f"{_LEAD}:\n{lines}\n{_STEP}.",
        [section(f"*{_LEAD}*\n{lines}"), context(_STEP, _PUBLIC)],
    )


def managed_topics(
    listed: Sequence[TopicCounted], hidden: Sequence[tuple[int, str]]
) -> Spoken:
    """Show topics to a workspace admin, who may change them.

    Args:
        listed: As everybody sees them.
        hidden: Ids and names of those that nobody else sees.
    """
    if not listed and not hidden:
        return topics(listed)
    lines = [(one.topic_id, _line(one)) for one in listed]
    lines += [
        (i, f"{named(label)}: hidden, only admins see it here") for i, label in hidden
    ]
    shown = bulleted(*(line for _, line in lines))
    return say(
        f"{_LEAD}:\n{shown}\n{_STEP}.",
        [
            section(f"*{_LEAD}*"),
            *(section(line, accessory=_manage(i)) for i, line in lines),
            context(_STEP, _PUBLIC, "Manage is for workspace admins"),
        ],
    )


def _manage(topic_id: int) -> Block:
    return button("Manage", MANAGE_ACTION, value=str(topic_id))


def _line(topic: TopicCounted) -> str:
    return (
        f"{named(topic.label)}: {counted(topic.questions, 'question')} by "
        f"{counted(topic.people, 'person', 'people')} in "
        f"{counted(topic.channels, 'channel')}"
    )
