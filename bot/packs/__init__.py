"""Question packs: daily questions kept as TOML files, read strictly.

A pack has a title and a list of questions; their order is the order of posting.
The packs of this folder are known by name, any other by the path of its file.
"""

import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bot.errors import BadInputError

FOLDER = Path(__file__).parent
# Slack's header block holds 150 characters; "Day 999: " goes before the title.
MAX_TITLE = 150 - len("Day 999: ")
# Slack's section block holds 3000 characters; the rest is for bold headings.
MAX_TEXT = 2_900
MAX_TOPICS = 4

_KEY = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
_REQUIRED = ("key", "title", "reading", "question", "share", "find_out")
_OPTIONAL = ("source", "topics")


class PackError(BadInputError):
    """A pack cannot be used; the text names the file, the question and why."""


@dataclass(frozen=True, slots=True)
class PackQuestion:
    """One daily question; `key` stays the same when its words are improved."""

    key: str
    title: str
    reading: str
    question: str
    share: str
    find_out: str
    source: str | None = None
    topics: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Pack:
    """Questions in the order of posting; `name` is the file's, without .toml."""

    name: str
    title: str
    questions: tuple[PackQuestion, ...]


def pack_names() -> list[str]:
    """List the packs that come with Grapevine."""
    return sorted(path.stem for path in FOLDER.glob("*.toml"))


def load_pack(name: str) -> Pack:
    """Load a pack that comes with Grapevine.

    Raises:
        PackError: There is none of this name.
    """
    if name not in pack_names():
        known = ", ".join(pack_names())
        raise PackError(f"There is no question pack {name!r}; there is: {known}")
    return read_pack(FOLDER / f"{name}.toml")


def read_pack(path: Path) -> Pack:
    """Read a pack from a file of one's own.

    Raises:
        PackError: The file cannot be read, or a question in it cannot be posted.
    """
    source = _read(path)
    try:
        return _pack(path.stem, source)
    except PackError as error:
        raise PackError(f"{path.name}: {error}") from None


def _read(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise PackError(f"{path}: {error.strerror}") from None
    except UnicodeDecodeError:
        raise PackError(f"{path.name}: this file is not UTF-8 text") from None
    except tomllib.TOMLDecodeError as error:  # its text names line and column
        raise PackError(f"{path.name}: {error}") from None


def _pack(name: str, source: dict[str, Any]) -> Pack:
    if unknown := source.keys() - {"title", "question"}:
        raise PackError(f"unknown key {min(unknown)!r}")
    entries = source.get("question")
    if not isinstance(entries, list) or not entries:
        raise PackError("a pack needs at least one [[question]]")
    questions = tuple(_question(entry, at) for at, entry in enumerate(entries, 1))
    for what in ("key", "title"):
        if twice := _find_twice([getattr(each, what) for each in questions]):
            raise PackError(f"the {what} {twice!r} appears twice")
    title = _text("title", source.get("title"), MAX_TITLE)
    return Pack(name=name, title=title, questions=questions)


def _question(entry: object, number: int) -> PackQuestion:
    """Check and build one question; `number` counts from 1, for errors."""
    if not isinstance(entry, dict):
        raise PackError(f"question {number} is not a table: write [[question]]")
    try:
        return _checked(entry)
    except PackError as error:
        key = entry.get("key", "without a key")
        raise PackError(f"question {number} ({key}): {error}") from None


def _checked(entry: dict[str, Any]) -> PackQuestion:
    for name in entry:
        if name not in _REQUIRED + _OPTIONAL:
            raise PackError(f"unknown key {name!r}")
    texts = dict(_texts(entry))
    if not _KEY.fullmatch(texts["key"]):
        raise PackError("a key is lower case words joined by hyphens")
    return PackQuestion(**texts, topics=_topics(entry.get("topics", [])))


def _texts(entry: dict[str, Any]) -> Iterator[tuple[str, str]]:
    for name in _REQUIRED:
        longest = MAX_TITLE if name == "title" else MAX_TEXT
        yield name, _text(name, entry.get(name), longest)
    if "source" in entry:
        yield "source", _text("source", entry["source"], MAX_TEXT)


def _text(name: str, value: object, longest: int) -> str:
    """Join the lines of each paragraph, for a TOML file is wrapped to be read."""
    if value is None:
        raise PackError(f"{name!r} is missing")
    if not isinstance(value, str):
        raise PackError(f"{name!r} should be text")
    paragraphs = re.split(r"\n\s*\n", value.strip())
    text = "\n\n".join(" ".join(paragraph.split()) for paragraph in paragraphs)
    if not text:
        raise PackError(f"{name!r} is empty")
    if len(text) > longest:
        raise PackError(f"{name!r} has {len(text)} characters, {longest} at most")
    return text


def _topics(value: object) -> tuple[str, ...]:
    if not isinstance(value, list):
        raise PackError("'topics' should be a list of words")
    if len(value) > MAX_TOPICS:
        raise PackError(f"'topics' has {len(value)} words, {MAX_TOPICS} at most")
    return tuple(_text("topics", each, MAX_TITLE) for each in value)


def _find_twice(names: list[str]) -> str | None:
    folded = [name.casefold() for name in names]
    return next((n for n in names if folded.count(n.casefold()) > 1), None)
