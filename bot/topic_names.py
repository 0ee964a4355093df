"""Names that a person gives a topic: checked before they are shown to anybody."""

import unicodedata
from collections.abc import Iterable

from bot.blocks.spoken import MAX_NAME
from bot.errors import BadInputError
from bot.graph.topics import HeldTopic

# Characters without a width that scripts need to join letters or keep them apart.
_JOINERS = "\u200c\u200d"


class NameTakenError(BadInputError):
    """Another topic has a name; `str()` gives the ids that commands take.

    Attributes:
        name: What is taken.
        label: Of the topic that has it.
    """

    def __init__(self, name: str, topic_id: int, other: HeldTopic) -> None:
        super().__init__(
            f"topic {other.id} has the name {name!r} already: choose another name, "
            f"or merge {topic_id} into {other.id}"
        )
        self.name = name
        self.label = other.label


def clean(text: str) -> str:
    """Make a name fit to be shown: one line, no control characters.

    Markup in it is harmless: every surface escapes names.

    Raises:
        BadInputError: Nothing is left to read, or it is too long.
    """
    name = unicodedata.normalize("NFC", visible(text))
    if not any(c.isalnum() for c in name):
        raise BadInputError("a topic's name needs a letter or a digit")
    if len(name) > MAX_NAME:
        raise BadInputError(
            f"a topic's name has at most {MAX_NAME} characters; this one has "
            f"{len(name)}: shorten it"
        )
    return name


def visible(text: str) -> str:
    """Leave out what is no letter or sign: a terminal would obey some of it."""
    return " ".join("".join(c if _is_shown(c) else " " for c in text).split())


def _is_shown(character: str) -> bool:
    # Category C: control, format (turns of the writing direction too), unassigned.
    return character in _JOINERS or unicodedata.category(character)[0] != "C"


def refuse_taken(name: str, topic_id: int, known: Iterable[HeldTopic]) -> None:
    """Refuse a name that another topic has.

    Raises:
        NameTakenError: It is.
    """
    for other in known:
        names = {other.label.casefold(), *(a.casefold() for a in other.aliases)}
        if other.id != topic_id and name.casefold() in names:
            raise NameTakenError(name, topic_id, other)
