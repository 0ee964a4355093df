"""What people keep asking about, as a list."""

from collections.abc import Sequence

from bot.blocks.spoken import Spoken, bulleted, context, counted, named, say, section
from bot.overview import TopicCounted


def topics(listed: Sequence[TopicCounted]) -> Spoken:
    """Show topics with how many asked how much; an empty list says why."""
    if not listed:
        return say(
            "Nothing recurs yet. When several people ask about the same thing in "
            "channels that I am in, it shows here. Invite me to a channel with "
            "`/invite @Grapevine`."
        )
    lead = "What people keep asking about"
    lines = bulleted(*map(_line, listed))
    step = "`/who-knows` with one of them names people"
    return say(
        f"{lead}:\n{lines}\n{step}.",
        [section(f"*{lead}*\n{lines}"), context(step, "Public channels only")],
    )


def _line(topic: TopicCounted) -> str:
    return (
        f"{named(topic.label)}: {counted(topic.questions, 'question')} by "
        f"{counted(topic.people, 'person', 'people')} in "
        f"{counted(topic.channels, 'channel')}"
    )
