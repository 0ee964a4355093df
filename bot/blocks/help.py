"""How to use Grapevine, in the words of whoever has to."""

from bot.blocks.spoken import Spoken, bulleted, context, named, say, section

_WAYS = bulleted(
    "`/who-knows connection pooling` names people and channels, to you alone",
    "\u201cwho knows about connection pooling?\u201d does the same, in a channel I'm "
    "in or in a direct message to me",
    "*Find who knows* in a message's menu does the same for that message",
    "`/grapevine topics` lists what people keep asking about",
    "`/grapevine daily` sets up a daily question for a channel",
    "`/grapevine forget-me` erases what is held about you, after asking once more",
)

_PLACE = (
    "My Home tab shows what is held about you, and lets you hide, pause or erase it."
)


def usage() -> Spoken:
    """Show what can be asked and how."""
    lead = (
        "Ask me who knows about something: I'll name people and channels, and say why."
    )
    return say(
        f"{lead}\n{_WAYS}\n{_PLACE}",
        [section(f"*{lead}*\n{_WAYS}"), context(_PLACE)],
    )


def unknown_command(word: str) -> Spoken:
    """Answer a subcommand that is none: say so, then show what there is."""
    lead = f"I don't know `{_coded(word)}`. Here is what I understand."
    return say(
        f"{lead}\n{_WAYS}\n{_PLACE}",
        [section(f"*{lead}*\n{_WAYS}"), context(_PLACE)],
    )


def _coded(word: str) -> str:
    return named(word.replace("`", ""), 30)


def hello(user_id: str) -> Spoken:
    """Answer somebody who writes to Grapevine for the first time."""
    lead = (
        f"Hello <@{user_id}>. I listen to questions and answers in the channels I'm "
        "in, so that I can tell you who knows about something. What would you like to "
        "know about?"
    )
    return say(
        f"{lead}\n{_WAYS}\n{_PLACE}",
        [section(lead), section(_WAYS), context(_PLACE)],
    )


def outsider() -> Spoken:
    """Refuse somebody of another organisation, without blame."""
    return say(
        "Grapevine answers people of the workspace it was set up in. "
        "Ask somebody there to share what they find."
    )
