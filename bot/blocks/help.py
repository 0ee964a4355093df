"""How to use Grapevine, in the words of whoever has to."""

from bot.blocks.spoken import Spoken, bulleted, context, named, say, section

_WAYS = bulleted(
    "`/who-knows connection pooling` names people and channels, to you alone",
    "\u201cwho knows about connection pooling?\u201d in a channel of mine, or here",
    "*Find who knows* in the menu of any message",
    "`/grapevine topics` lists what people keep asking about",
    "`/grapevine daily` sets up a daily question for a channel",
    "`/grapevine forget-me` erases what is held about you",
)

_PLACE = (
    "My Home tab shows what is held about you, and lets you hide, pause or erase it."
)


def usage() -> Spoken:
    """Show what can be asked and how."""
    lead = "Ask me who knows about something, and I'll say who answered about it."
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
        f"Hello <@{user_id}>. I listen to questions and answers in the channels I "
        "am in, so that I can tell you who knows about something."
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
