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
_PUBLIC = "Counted in public channels only"


def topics(listed: Sequence[TopicCounted]) -> Spoken:
    """Show topics with how many asked how much; an empty list says why."""
    if not listed:
        return say(
            "Nothing keeps coming up yet. When several people ask about the same thing "
            "in channels I'm in, it shows here. Invite me to a channel with "
            "`/invite @Grapevine`."
        )
    lines = bulleted(*map(_line, listed))
    step = _step(listed)
    return say(
        f"{_LEAD}:\n{lines}\n{step}.",
        [section(f"*{_LEAD}*\n{lines}"), context(step, _PUBLIC)],
    )


def _step(listed: Sequence[TopicCounted]) -> str:
    """Say how to go on, with the first topic for an example."""
    example = named(listed[0].label.replace("`", "")) if listed else "a topic"
    return f"`/who-knows {example}` says who knows about it"


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
    step = _step(listed)
    return say(
        f"{_LEAD}:\n{shown}\n{step}.",
        [
            section(f"*{_LEAD}*"),
            *(section(line, accessory=_manage(i)) for i, line in lines),
            context(step, _PUBLIC, "Only workspace admins see Manage"),
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
