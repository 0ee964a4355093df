"""Which words a person would put in a label, and how."""

import re
from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path

from bot.text import stem, stop_words, words
from bot.topics.names import aliases_of

_MIN_LETTERS = 3  # "jl" and "ok" are no names; "CI" and "HR" are
_MAX_LENGTH = 40
_ID_DIGITS, _ID_LENGTH = 3, 7  # "a1b2c3d4" is an id, "Windows11" a name
_PLAIN = re.compile(r"[^\W\d_][\w.+#&-]*(?: [^\W_][\w.+#&-]*)*", re.UNICODE)
_CODE = re.compile(
    r"[_(){}\[\]=<>@$\\/|`\"]|\.\w+\.|::|--|^\.|[a-z][A-Z]{2,}[a-z]"
    r"|[a-z][A-Z]\w*\.\w|\w\.[a-z]+[A-Z]"  # a part of a part: some.thingElse
)
_ADDRESS = re.compile(r"(?i)\bwww\b|\.(?:com|org|net|edu|gov|html?)\b")
# nthLe, isFalse: so are variables and functions called. iPhone and miniF2F are names.
_VARIABLE = re.compile(r"[a-z]{2,}[A-Z][a-z]\w*")
# "easily" says how; of thousands of such words few name anything.
_ADVERB = re.compile(r"[a-z]{3,}ly")
_NO_ADVERBS = frozenset(
    {"anomaly", "assembly", "butterfly", "family", "monopoly", "reply", "supply"}
)
# What stands for any name in an example: MyStruct.
_EXAMPLE = re.compile(r"[Mm]y(?:_\w+|[A-Z][a-z]\w*)")
# A machine or a region of machines: us-east2.
_MACHINE = re.compile(r"[a-z]+(?:-[a-z]+)*-?\d+(?:-\w+)*")
_CAREFUL = 0.25  # of how often the commonest way of writing is used
_HUMPS = re.compile(r"(?<=[a-z])(?=[A-Z])")
_FILE = re.compile(r"(?i)\.(?:jl|py|js|ts|rs|rb|go|md|toml|json|ya?ml|txt|lean|sh)$")
# What somebody attached names no subject, whatever the file is called.
_ATTACHED = re.compile(r"(?i)\.(?:png|jpe?g|gif|svg|pdf|webp|mp4|mov|zip|docx?|xlsx?)$")


@lru_cache(maxsize=1)
def given_names() -> frozenset[str]:
    """Given names, lower-case: people are named in text who are no members.

    Names that are commoner as something else (Julia, Ruby, Mark) are not listed.
    """
    listed = Path(__file__).with_name("given_names.txt").read_text(encoding="utf-8")
    return frozenset(listed.split())


def surname_after(surface: str) -> str | None:
    """The surname in "Ann Example", so that it is known when it stands alone."""
    first, _, last = surface.partition(" ")
    is_name = first.lower() in given_names() and first[:1].isupper()
    return _bare(last) if is_name and last[:1].isupper() else None


@lru_cache(maxsize=1)
def _dull() -> frozenset[str]:
    """Stems of words that say nothing alone: verbs, days, manners."""
    return _stems_listed("dull_words.txt")


@lru_cache(maxsize=1)
def _elsewhere_dull() -> frozenset[str]:
    """Stems of words that say nothing in other languages: "nicht", "porque"."""
    return _stems_listed("function_words.txt")


@lru_cache(maxsize=1)
def _general() -> frozenset[str]:
    """Stems of what is talked about everywhere: environment, release, string."""
    return _stems_listed("general_words.txt")


def _stems_listed(file: str) -> frozenset[str]:
    listed = Path(__file__).with_name(file).read_text(encoding="utf-8").splitlines()
    told = (word for line in listed if line[:1] != "#" for word in line.split())
    return frozenset(stem(_bare(word)) for word in told)


def _bare(word: str) -> str:
    return word.lower().replace("'", "").replace("\u2019", "")


def is_sayable(surface: str, closed: frozenset[str]) -> bool:
    """Say whether a way of writing may appear in a label at all.

    Args:
        surface: As people wrote it.
        closed: Stems that no label may contain: people's names.
    """
    if len(surface) > _MAX_LENGTH or not _PLAIN.fullmatch(surface):
        return False
    if any(kind.search(surface) for kind in (_CODE, _ADDRESS, _ATTACHED)):
        return False
    return all(_is_word(w) for w in surface.split(" ")) and not (
        closed & {stem(_bare(part)) for part in _parts(surface)}
    )


def _parts(surface: str) -> list[str]:
    """Words, and what stands before a dot or a hyphen in them."""
    return [part for w in surface.split(" ") for part in (w, *re.split(r"[.-]", w))]


def _is_word(word: str) -> bool:
    if word.lower() in stop_words() or "'" in word or "\u2019" in word:
        return False
    if word.lower() in given_names() and not word.islower():
        return False
    if _VARIABLE.fullmatch(word) or _EXAMPLE.fullmatch(word) or _names_somebody(word):
        return False
    if "-" in word and _MACHINE.fullmatch(word):
        return False
    digits = sum(c.isdigit() for c in word)
    if digits >= _ID_DIGITS and len(word) >= _ID_LENGTH:
        return False
    letters = sum(c.isalpha() for c in word)
    return letters >= _MIN_LETTERS or (word.isupper() and len(word) > 1)


def _names_somebody(word: str) -> bool:
    """Find a given name in what people call themselves: "AnnaExample"."""
    parts = _HUMPS.split(word)
    return len(parts) > 1 and any(
        part[:1].isupper()
        and len(part) > _MIN_LETTERS
        and part.lower() in given_names()
        for part in parts
    )


def preferred(ways: Sequence[tuple[str, int]]) -> str:
    """Choose how a term is written, of ways with how often each is used.

    The commonest, but for capitals within a word: "vscode" is typed in haste, "VSCode"
    never by accident.

    Args:
        ways: At least one; of two as common, the later one goes first.
    """
    ways = sorted(ways, key=lambda way: way[1])
    commonest, uses = ways[-1]
    careful = [
        way
        for way, n in ways
        if n >= _CAREFUL * uses
        and any(c.isupper() for word in way.split(" ") for c in word[1:])
    ]
    return careful[-1] if careful else commonest


def can_stand_alone(text: str) -> bool:
    """Say whether a name tells a subject by itself: not all its words are dull.

    What the shipped table of aliases knows does: "machine learning".
    """
    is_known = " " in text and bool(aliases_of(text))
    return is_known or not all(_is_dull(word) for word in words(text))


def is_general(text: str) -> bool:
    """Say whether a name tells a subject, but none that is this workspace's own."""
    return all(
        _is_dull(word) or stem(_bare(word)) in _general() for word in words(text)
    )


@lru_cache(maxsize=50_000)
def _is_dull(word: str) -> bool:
    if _ADVERB.fullmatch(word) and word not in _NO_ADVERBS:
        return True
    stems = {stem(_bare(part)) for part in word.split("-")}
    if word.isupper():
        # AWS is nothing awful, and MIT no German "mit"; ASAP is as dull as "asap".
        return stems <= _dull() and not aliases_of(word)
    return stems <= _dull() | _elsewhere_dull()


def tidy(surface: str) -> str:
    """Leave a file ending out of a name: "Plots.jl" is called Plots."""
    return _FILE.sub("", surface)
