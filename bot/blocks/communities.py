"""From a suggestion to a community: every message on the way, and its buttons."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from bot.blocks.reasons import Conversation, in_numbers, linked
from bot.blocks.spoken import (
    Spoken,
    actions,
    bulleted,
    button,
    context,
    counted,
    day,
    named,
    say,
    section,
)
from bot.text import escape

YES_ACTION = "community_yes"
NOT_NOW_ACTION = "community_not_now"
NOT_TOPIC_ACTION = "community_not_topic"
OPEN_ACTION = "community_open"
ACCEPT_ACTION = "invitation_accept"
DECLINE_ACTION = "invitation_decline"


def suggestion(
    suggestion_id: int,
    label: str,
    gates: Sequence[Mapping[str, Any]],
    conversations: Sequence[Conversation],
    *,
    others: int,
) -> Spoken:
    """Ask a person whether they would start a community.

    Args:
        suggestion_id: What the buttons carry.
        label: The topic's.
        gates: Why now.
        conversations: Where it was talked about; public ones only.
        others: How many more people are asked the same.
    """
    lead = (
        f"*{named(label)}* keeps coming up: {in_numbers(gates)}. You're one of the "
        "people who keep that conversation going. Would you like to start a community "
        "for it, a channel of its own?"
    )
    value = str(suggestion_id)
    blocks = [section(lead)]
    if conversations:
        blocks.append(section(linked("The latest questions", conversations)))
    small = (
        "Start It opens a form; nothing is created yet",
        "Nobody is told if you say no",
        _others(others),
    )
    blocks += [
        actions(
            button("Start It", YES_ACTION, value=value, style="primary"),
            button("Not Now", NOT_NOW_ACTION, value=value),
            button("Not This Topic", NOT_TOPIC_ACTION, value=value),
        ),
        context(*small),
    ]
    return say(_aloud(lead, *small), blocks)


def _aloud(lead: str, *small: str) -> str:
    """Say a message with its small print, for screen readers."""
    return f"{lead}\n{'. '.join(small)}."


def _others(others: int) -> str:
    if not others:
        return "Nobody else was asked"
    were = "was" if others == 1 else "were"
    return f"{counted(others, 'other person', 'other people')} {were} asked too"


def existing(
    suggestion_id: int,
    label: str,
    gates: Sequence[Mapping[str, Any]],
    channel_id: str,
    *,
    url: str,
) -> Spoken:
    """Point a person to the channel that is already there for a topic."""
    lead = (
        f"*{named(label)}* keeps coming up: {in_numbers(gates)}. There is a channel "
        f"for it already, <#{channel_id}>. Perhaps you'd like it there."
    )
    value = str(suggestion_id)
    join = button("Open Channel", OPEN_ACTION, value=value, style="primary")
    small = "Open Channel only shows it; whether you join is up to you"
    return say(
        _aloud(lead, small),
        [
            section(lead),
            actions(
                join | {"url": url},
                button("Not This Topic", NOT_TOPIC_ACTION, value=value),
            ),
            context(small),
        ],
    )


def not_now(label: str, again_at: datetime) -> Spoken:
    """Confirm a "not now"."""
    return say(
        f"*{named(label)}*: not now. I won't bring it up again before {day(again_at)}."
    )


def not_topic(label: str) -> Spoken:
    """Confirm a "not this topic"."""
    return say(f"*{named(label)}*: understood, I won't ask you about it again.")


def opened(label: str, channel_id: str) -> Spoken:
    """Replace the pointer to a channel once it was followed."""
    return say(f"*{named(label)}*: see you in <#{channel_id}>.")


def expired(label: str) -> Spoken:
    """Replace a suggestion that nobody answered in time."""
    return say(
        f"*{named(label)}*: nobody took this up, and that's fine. It is closed now."
    )


def started(channel_id: str, invited: int) -> Spoken:
    """Tell the starter that the channel is there, and what happened with it."""
    asked = (
        f"{counted(invited, 'invitation is', 'invitations are')} on the way; each "
        "person joins or not, as they like."
        if invited
        else "Nobody is invited yet."
    )
    return say(
        f"You started <#{channel_id}>. {asked} A question of your own in the first "
        "days helps most."
    )


def handed_over(label: str) -> Spoken:
    """Tell the starter that the rest is in another's hands, and where it stands."""
    return say(f"*{named(label)}*: thank you. My next message says what is needed.")


def starting_by_hand(label: str, started_by: str) -> Spoken:
    """Tell others who were asked that somebody took it on, outside Grapevine."""
    return say(f"<@{started_by}> is starting a community for *{named(label)}*.")


def co_host(community_id: int, label: str, started_by: str, channel_id: str) -> Spoken:
    """Tell others who were asked that it starts, and invite them to hold it too."""
    lead = (
        f"<@{started_by}> is starting <#{channel_id}> for *{named(label)}*. "
        "Would you host it together?"
    )
    return _invitation(lead, community_id, "Host Together")


def invitation(
    community_id: int,
    label: str,
    started_by: str,
    channel_id: str,
    purpose: str,
) -> Spoken:
    """Invite one person to a community."""
    lead = (
        f"<@{started_by}> started <#{channel_id}> for *{named(label)}* and would "
        f"like you there.\n> {named(purpose, 250)}"
    )
    return _invitation(lead, community_id, "Join")


def _invitation(lead: str, community_id: int, yes: str) -> Spoken:
    value = str(community_id)
    small = (f"{yes} adds you to the channel", "Nobody is told if you say no")
    return say(
        _aloud(lead, *small),
        [
            section(lead),
            actions(
                button(yes, ACCEPT_ACTION, value=value, style="primary"),
                button("No Thanks", DECLINE_ACTION, value=value),
            ),
            context(*small),
        ],
    )


def joined(channel_id: str, *, is_host: bool) -> Spoken:
    """Replace an invitation that was accepted."""
    if is_host:
        return say(f"You're a host of <#{channel_id}> now. Thank you.")
    return say(f"You joined <#{channel_id}>. Welcome.")


def declined(channel_id: str) -> Spoken:
    """Replace an invitation that was declined."""
    return say(
        f"You won't be invited to <#{channel_id}> again, and nobody is told. The "
        "channel is public, should you change your mind."
    )


def not_added(channel_id: str) -> Spoken:
    """Tell somebody who accepted that Slack would not let them be added."""
    return say(
        f"I couldn't add you to <#{channel_id}>. Open it and press Join Channel."
    )


def seed(
    label: str,
    started_by: str,
    gates: Sequence[Mapping[str, Any]],
    conversations: Sequence[Conversation],
) -> Spoken:
    """Open a community: why it is here, who started it, what it grew from."""
    lead = (
        f"This channel is for *{named(label)}*. It grew out of {in_numbers(gates)}. "
        f"<@{started_by}> started it."
    )
    blocks = [section(lead)]
    if conversations:
        blocks.append(section(linked("Some of those questions", conversations)))
    ask = "Bring the next question here. Half-formed ones are welcome."
    return say(f"{lead} {ask}", [*blocks, section(ask)])


def moved(channel_id: str, started_by: str) -> Spoken:
    """Say in an old thread where its topic now lives, in one line."""
    return say(
        f"There is a place for this now: <#{channel_id}>, started by <@{started_by}>."
    )


def checklist(
    name: str, purpose: str, people: Sequence[str], *, code: str, suggestion_id: int
) -> Spoken:
    """Give the starter what somebody who may create channels needs.

    Args:
        name: The channel's, without `#`.
        purpose: The channel's.
        people: Whom to invite; mentioned, which in a DM calls nobody.
        code: Slack's word for why Grapevine may not.
        suggestion_id: What the button for another attempt carries.
    """
    invited = ", ".join(f"<@{user_id}>" for user_id in people) or "nobody yet"
    lead = (
        "I'm not allowed to create channels here. Somebody who is, perhaps an admin, "
        "only needs to do this:"
    )
    steps = bulleted(
        f"Create the public channel `{escape(name)}`",
        f"Give it the purpose: {named(purpose, 250)}",
        f"Invite, if they like: {invited}",
        "Write `/invite @Grapevine` in it, so that I hear what is asked there",
    )
    retry = button("Try Again", YES_ACTION, value=str(suggestion_id))
    return say(
        f"{lead}\n{steps}",
        [
            section(f"{lead}\n{steps}"),
            actions(retry),
            context(
                "Try Again is for when I'm allowed to", f"Slack says `{escape(code)}`"
            ),
        ],
    )


def name_went(name: str, suggestion_id: int) -> Spoken:
    """Tell the starter that the name was taken before Slack could be reached."""
    lead = f"`#{escape(name)}` was taken in the meantime. Choose another name?"
    again = button("Choose Name", YES_ACTION, value=str(suggestion_id))
    return say(lead, [section(lead), actions(again)])


def too_late(started_by: str | None) -> str:
    """Answer a click on something that is settled."""
    if started_by:
        return f"<@{started_by}> is starting this already."
    return "This is settled already; nothing was changed."


NOT_YOURS = "This was put to somebody else, so only they can answer it."
ANSWERED = "You have answered this already; nothing was changed."
