"""The form that starts a community: its name, its purpose, whom to invite."""

from collections.abc import Sequence

from bot.blocks.spoken import Block, bulleted, context, named, plain, section
from bot.channel_names import MAX_CHANNEL_NAME, MAX_PURPOSE
from bot.taken_names import Taken

CALLBACK = "community_create"

NAME = "community_name"
PURPOSE = "community_purpose"
PEOPLE = "community_people"

# Each gets a message of their own; more would be a mailing.
MOST_INVITED = 30

_STEPS = bulleted(
    "Makes the channel, with you in it",
    "Sends each person chosen a message with Join and No Thanks; nobody is added",
    "Says in the latest threads about it that the channel is there",
)

_NAME_PROBLEMS = {
    "invalid_name_maxlength": f"At most {MAX_CHANNEL_NAME} characters, please.",
    "invalid_name_punctuation": "At least one letter or digit, please.",
    "invalid_name_required": "Give the channel a name.",
}


def community_modal(
    suggestion_id: int, label: str, name: str, people: Sequence[str]
) -> Block:
    """Make the form.

    Args:
        suggestion_id: What it answers.
        label: The topic's.
        name: Proposed for the channel; may be empty.
        people: Proposed to be invited.
    """
    lead = f"A public channel for *{named(label)}*. You can change everything here."
    return {
        "type": "modal",
        "callback_id": CALLBACK,
        "private_metadata": str(suggestion_id),
        "title": plain("Start a community", 24),
        "submit": plain("Create", 24),
        "close": plain("Cancel", 24),
        "blocks": [
            section(lead),
            _input(NAME, "Channel name", _text(name, MAX_CHANNEL_NAME)),
            _input(PURPOSE, "Purpose", _purpose(label)),
            _input(PEOPLE, "Invite", _people(people)) | {"optional": True},
            context(f"What Create does:\n{_STEPS}"),
        ],
    }


def _input(name: str, label: str, element: Block) -> Block:
    return {
        "type": "input",
        "block_id": name,
        "label": plain(label, 2_000),
        "element": element | {"action_id": name},
    }


def _text(initial: str, most: int) -> Block:
    element: Block = {"type": "plain_text_input", "min_length": 1, "max_length": most}
    return element | ({"initial_value": initial} if initial else {})


def _purpose(label: str) -> Block:
    proposed = f"Questions and answers about {label}"
    return _text(proposed[:MAX_PURPOSE], MAX_PURPOSE) | {"multiline": True}


def _people(people: Sequence[str]) -> Block:
    element: Block = {
        "type": "multi_users_select",
        "max_selected_items": MOST_INVITED,
        "placeholder": plain("Choose people", 150),
    }
    return element | ({"initial_users": list(people)} if people else {})


def name_error(name: str, code: str, taken: Taken | None) -> str:
    """Say beside the name why Slack does not take it, and what it would."""
    if taken is None:
        return _NAME_PROBLEMS.get(
            code, "Only lower-case letters, digits, hyphens and underscores, please."
        )
    free = " or ".join(taken.free)
    if taken.existing_id is not None:
        return (
            f"#{name} exists and seems to be about this: perhaps join it instead. "
            f"Free names: {free}."
        )
    return f"#{name} is taken. Free names: {free}."
