"""The form by which a workspace admin changes a topic."""

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass

from bot.blocks.spoken import MAX_NAME, Block, context, modal, named, plain, section

CALLBACK = "topic_change"
TITLE = "Manage topic"

# Each input's block and action share a name: errors are keyed by the block.
NAME = "topic_name"
NAMES = "topic_names"
INTO = "topic_into"
STATES = "topic_states"

HIDDEN, LOCKED = "hidden", "locked"

MOST_OFFERED = 100  # options of a menu, https://docs.slack.dev/reference/block-kit
_MAX_NAMES_TEXT = 1_000
_MAX_OPTION = 75


@dataclass(frozen=True, slots=True)
class Topic:
    """A topic as the form shows it.

    Attributes:
        names: Its other names.
    """

    id: int
    label: str
    names: tuple[str, ...]
    is_hidden: bool
    is_locked: bool

    def dump(self) -> str:
        """Write it into the form: what is left as shown is left alone."""
        return json.dumps(asdict(self), ensure_ascii=False)


def load_topic(held: str) -> Topic | None:
    """Read what a form showed; None if it is no form of ours."""
    try:
        found = json.loads(held)
        return Topic(
            id=int(found["id"]),
            label=str(found["label"]),
            names=tuple(map(str, found["names"])),
            is_hidden=bool(found["is_hidden"]),
            is_locked=bool(found["is_locked"]),
        )
    except (KeyError, TypeError, ValueError):
        return None


def topic_modal(topic: Topic, others: Sequence[tuple[int, str]]) -> Block:
    """Make the form.

    Args:
        topic: What it is about.
        others: Ids and names of topics it could be merged into, the first
            hundred are offered.
    """
    lead = f"What you change about *{named(topic.label)}* stays as you leave it."
    return {
        "type": "modal",
        "callback_id": CALLBACK,
        "private_metadata": topic.dump(),
        "title": plain(TITLE, 24),
        "submit": plain("Save", 24),
        "close": plain("Cancel", 24),
        "blocks": [
            section(lead),
            _input(NAME, "Name", _text(topic.label, MAX_NAME)),
            _names(topic),
            _states(topic),
            *([_into(others[:MOST_OFFERED])] if others else []),
            context(
                "Everybody sees these names",
                "Whoever runs Grapevine sees who changed what",
            ),
        ],
    }


def _input(name: str, label: str, element: Block, hint: str = "") -> Block:
    block: Block = {
        "type": "input",
        "block_id": name,
        "label": plain(label, 2_000),
        "element": element | {"action_id": name},
    }
    return block | ({"hint": plain(hint, 2_000)} if hint else {})


def _text(initial: str, most: int) -> Block:
    element: Block = {"type": "plain_text_input", "max_length": most}
    return element | ({"initial_value": initial} if initial else {})


def _names(topic: Topic) -> Block:
    element = _text(", ".join(topic.names), _MAX_NAMES_TEXT)
    hint = "Abbreviations and other words for it, separated by commas."
    return _input(NAMES, "Also called", element, hint) | {"optional": True}


def _states(topic: Topic) -> Block:
    hidden = _option(
        "Hide it", HIDDEN, "It is shown nowhere; nothing is deleted. Untick to undo."
    )
    locked = _option(
        "Lock it", LOCKED, "I keep its names and questions. A new name locks it too."
    )
    ticked = [
        option
        for option, is_so in ((hidden, topic.is_hidden), (locked, topic.is_locked))
        if is_so
    ]
    element: Block = {"type": "checkboxes", "options": [hidden, locked]}
    element |= {"initial_options": ticked} if ticked else {}
    return _input(STATES, "Settings", element) | {"optional": True}


def _into(others: Sequence[tuple[int, str]]) -> Block:
    element: Block = {
        "type": "static_select",
        "placeholder": plain("Leave it on its own", 150),
        "options": [_option(label, str(i)) for i, label in others],
    }
    hint = (
        "Its questions and names go there, and your other changes here are dropped. "
        "Whoever runs Grapevine can split them again."
    )
    return _input(INTO, "Merge it into", element, hint) | {"optional": True}


def _option(words: str, value: str, description: str = "") -> Block:
    option: Block = {"text": plain(words, _MAX_OPTION), "value": value}
    if description:
        option["description"] = plain(description, _MAX_OPTION)
    return option


def told(text: str) -> Block:
    """Say what came of it, in the form's place."""
    return modal(TITLE, [section(text)])
