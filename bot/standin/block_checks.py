"""Checks that the tables of Block Kit are made of; each says what is wrong where."""

from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass
from typing import Any

Check = Callable[[object, str], Iterator[str]]
"""Takes a value and its JSON pointer; gives one line for each fault."""


@dataclass(frozen=True, slots=True)
class Rule:
    """What a key takes, and whether its object needs it."""

    check: Check
    needed: bool = False


def fault(reason: str, path: str) -> str:
    """Word a fault the way Slack does."""
    return f"{reason} [json-pointer:{path}]"


def string(most: int, least: int = 1) -> Check:
    """Take a string of a length between two bounds, both inclusive."""

    def check(value: object, path: str) -> Iterator[str]:
        if not isinstance(value, str):
            yield fault("must be a string", path)
        elif len(value) > most:
            yield fault(f"must be less than {most + 1} characters", path)
        elif len(value) < least:
            yield fault(f"must be more than {least - 1} characters", path)

    return check


def integer(least: int, most: int) -> Check:
    """Take a whole number between two bounds, both inclusive."""

    def check(value: object, path: str) -> Iterator[str]:
        is_number = isinstance(value, int) and not isinstance(value, bool)
        if not (is_number and least <= int(str(value)) <= most):
            yield fault(f"must be an integer from {least} to {most}", path)

    return check


def one_of(*names: str) -> Check:
    """Take one of a few words."""

    def check(value: object, path: str) -> Iterator[str]:
        if value not in names:
            yield fault(f"must be one of {', '.join(names)}", path)

    return check


def flag(value: object, path: str) -> Iterator[str]:
    """Take true or false."""
    if not isinstance(value, bool):
        yield fault("must be a boolean", path)


def any_list(value: object, path: str) -> Iterator[str]:
    """Take a list; what is in it is checked elsewhere, or not at all."""
    if not isinstance(value, list):
        yield fault("must be an array", path)


def text(most: int, *, plain: bool = False) -> Check:
    """Take a text object, of any kind or plain only; it must not be empty."""
    kinds = {"plain_text"} if plain else {"plain_text", "mrkdwn"}

    def check(value: object, path: str) -> Iterator[str]:
        if not isinstance(value, dict):
            yield fault("must provide an object", path)
            return
        kind = value.get("type")
        if kind not in kinds:
            yield fault(f"unsupported text type: {kind}", f"{path}/type")
        extra = {"emoji"} if kind == "plain_text" else {"verbatim"}
        yield from unknown_keys(value, {"type", "text"} | extra, path)
        yield from string(most)(value.get("text"), f"{path}/text")
        for key in extra & {*value}:
            yield from flag(value[key], f"{path}/{key}")

    return check


def items(each: Check, most: int, least: int = 1) -> Check:
    """Take a list of so many, each of which passes a check."""

    def check(value: object, path: str) -> Iterator[str]:
        if not isinstance(value, list):
            yield fault("must be an array", path)
            return
        if len(value) > most:
            yield fault(f"no more than {most} items allowed", path)
        if len(value) < least:
            yield fault(f"no fewer than {least} items allowed", path)
        for index, item in enumerate(value):
            yield from each(item, f"{path}/{index}")

    return check


def obj(table: dict[str, Rule]) -> Check:
    """Take an object with the keys of a table."""

    def check(value: object, path: str) -> Iterator[str]:
        yield from against(value, table, path)

    return check


def kinds(tables: dict[str, dict[str, Rule]], allowed: Collection[str]) -> Check:
    """Take an object whose `type` names one of several tables."""

    def check(value: object, path: str) -> Iterator[str]:
        kind = value.get("type") if isinstance(value, dict) else None
        if not isinstance(kind, str) or kind not in allowed:
            yield fault(f"unsupported type: {kind}", f"{path}/type")
            return
        yield from against(value, tables[kind], path)

    return check


def against(value: object, table: dict[str, Rule], path: str) -> Iterator[str]:
    """Check an object against a table: no unknown key, none missing, each right."""
    if not isinstance(value, dict):
        yield fault("must provide an object", path)
        return
    yield from unknown_keys(value, table, path)
    for key, rule in table.items():
        if key in value:
            yield from rule.check(value[key], f"{path}/{key}")
        elif rule.needed:
            yield fault(f"missing required field: {key}", path)


def unknown_keys(
    value: dict[str, Any], known: Collection[str], path: str
) -> Iterator[str]:
    """Name the keys that no table has."""
    for key in value:
        if key not in known:
            yield fault(f"invalid additional property: {key}", path)
