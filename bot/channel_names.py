"""Names for channels: proposed from a topic's label, checked before Slack does."""

import re
import unicodedata
from collections.abc import Callable, Iterator
from itertools import islice

# https://docs.slack.dev/reference/methods/conversations.create: lower-case
# letters, digits, hyphens and underscores, 80 characters at most.
MAX_CHANNEL_NAME = 80

# https://docs.slack.dev/reference/methods/conversations.setPurpose, and setTopic
MAX_PURPOSE = 250

_NOT_ALLOWED = re.compile(r"[^\w-]+")
_HYPHENS = re.compile(r"-{2,}")

# Names that people give to a second channel on one subject.
_ENDINGS = ("-community", "-questions", "-circle")


def propose_name(label: str) -> str:
    """Make a channel's name of a topic's label: "C++ & Qt" becomes "c-qt".

    Letters of other scripts stay; accents of Latin ones go.

    Returns:
        "" if the label has neither letter nor digit.
    """
    plain = "".join(map(_bare, label.lower()))
    name = _HYPHENS.sub("-", _NOT_ALLOWED.sub("-", plain)).strip("-_")
    return name[:MAX_CHANNEL_NAME].rstrip("-_")


def _bare(character: str) -> str:
    base = unicodedata.normalize("NFKD", character)[0]
    return base if base.isascii() else character


def problem_with(name: str) -> str | None:
    """Say what is wrong with a channel's name; None if nothing is."""
    if not name:
        return "Give the channel a name."
    if len(name) > MAX_CHANNEL_NAME:
        return f"At most {MAX_CHANNEL_NAME} characters, please."
    if name != name.lower() or _NOT_ALLOWED.search(name):
        proposed = propose_name(name)
        hint = f", for example {proposed}" if proposed else ""
        return f"Only lower-case letters, digits, hyphens and underscores{hint}."
    if not re.search(r"[^\W_]", name):
        return "At least one letter or digit, please."
    return None


def free_names(base: str, is_free: Callable[[str], bool], n: int) -> list[str]:
    """List names like a taken one that are free."""
    return list(islice(filter(is_free, _like(base)), n))


def _like(base: str) -> Iterator[str]:
    for ending in _ENDINGS:
        yield _with(base, ending)
    number = 2
    while True:
        yield _with(base, f"-{number}")
        number += 1


def _with(base: str, ending: str) -> str:
    return base[: MAX_CHANNEL_NAME - len(ending)].rstrip("-_") + ending
