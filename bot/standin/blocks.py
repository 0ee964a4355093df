"""Would Slack take these blocks? Every payload of the app is asked this.

Checks Block Kit's limits for messages, modals and the Home tab. It knows the layouts in
`block_rules`; anything else is refused.
"""

import copy
from collections.abc import Callable, Iterator, Sequence
from typing import Any

from bot.standin.block_checks import against, fault
from bot.standin.block_rules import ALLOWED, BLOCKS, VIEWS
from bot.standin.values import Payload

# https://docs.slack.dev/reference/block-kit/blocks
MAX_BLOCKS = {"message": 50, "modal": 100, "home": 100}
VIEW_BYTES = 250_000
# All markdown blocks of one payload together.
MARKDOWN_TEXT = 12_000


def message_errors(blocks: Sequence[Any]) -> list[str]:
    """Say what Slack would refuse in the blocks of a message; empty if nothing."""
    return list(_surface_errors(blocks, "message"))


def view_errors(view: Payload, surface: str) -> list[str]:
    """Say what Slack would refuse in a view.

    Args:
        view: the view as the app sent it.
        surface: `modal` or `home`: which one the method takes.
    """
    if view.get("type") != surface:
        return [fault(f"must be a {surface}", "/view/type")]
    found = list(against(view, VIEWS[surface], "/view"))
    blocks = view.get("blocks")
    if isinstance(blocks, list):
        found += _surface_errors(blocks, surface, "/view/blocks")
        has_input = any(_kind(block) == "input" for block in blocks)
        if surface == "modal" and has_input and "submit" not in view:
            found.append(fault("submit is required with input blocks", "/view"))
    return found


def _surface_errors(
    blocks: Sequence[Any], surface: str, root: str = "/blocks"
) -> Iterator[str]:
    if len(blocks) > MAX_BLOCKS[surface]:
        yield fault(f"no more than {MAX_BLOCKS[surface]} items allowed", root)
    for index, block in enumerate(blocks):
        yield from _block_errors(block, surface, f"{root}/{index}")
    objects = [block for block in blocks if isinstance(block, dict)]
    yield from _repeats(objects, "block_id", root)
    yield from _focus_errors(objects, root)
    written = [b["text"] for b in objects if _kind(b) == "markdown" and "text" in b]
    if sum(len(text) for text in written if isinstance(text, str)) > MARKDOWN_TEXT:
        yield fault(f"markdown: no more than {MARKDOWN_TEXT} characters", root)


def _block_errors(block: object, surface: str, path: str) -> Iterator[str]:
    kind = _kind(block)
    if not isinstance(block, dict) or kind not in ALLOWED[surface]:
        yield fault(f"unsupported type: {kind}", f"{path}/type")
        return
    yield from against(block, BLOCKS[kind], path)
    if kind == "section" and not {"text", "fields"} & {*block}:
        yield fault("missing required field: text or fields", path)
    inner = elements_of(block)
    yield from _repeats(inner, "action_id", path)
    for element in inner:
        yield from _element_errors(element, path)


def _kind(block: object) -> str:
    kind = block.get("type") if isinstance(block, dict) else None
    return kind if isinstance(kind, str) else ""


def elements_of(block: Payload) -> list[Payload]:
    """Give the interactive elements of a block, wherever they stand in it."""
    listed = block.get("elements", []) if _kind(block) in {"actions", "context"} else []
    single = [block.get("accessory"), block.get("element")]
    every = [*(listed if isinstance(listed, list) else []), *single]
    return [each for each in every if isinstance(each, dict)]


def options_of(element: Payload) -> list[Payload]:
    """Give the options of an element, those in groups too."""
    groups = element.get("option_groups") or []
    return [*(element.get("options") or []), *(o for g in groups for o in g["options"])]


def _element_errors(element: Payload, path: str) -> Iterator[str]:
    kind = _kind(element)
    has_groups, has_options = "option_groups" in element, "options" in element
    if kind.endswith("static_select") and has_groups == has_options:
        yield fault("needs either options or option_groups", path)
    try:
        options = options_of(element)
        values = [option["value"] for option in options]
        first = element.get("initial_option")
        wanted = [*element.get("initial_options", ()), *([first] if first else ())]
    except (KeyError, TypeError):
        return  # the tables have already said so
    if len(values) != len(set(values)):
        yield fault("option values must be unique", path)
    if any(option not in options for option in wanted):
        yield fault("initial option is not among the options", path)
    if kind != "overflow" and any("url" in option for option in options):
        yield fault("url is only for the options of an overflow menu", path)
    if element.get("min_length", 0) > element.get("max_length", VIEW_BYTES):
        yield fault("min_length is greater than max_length", path)


def _repeats(objects: Sequence[Payload], key: str, path: str) -> Iterator[str]:
    ids = [str(each[key]) for each in objects if key in each]
    for each in sorted({each for each in ids if ids.count(each) > 1}):
        yield fault(f"`{key}` {each} already exists", path)


def _focus_errors(blocks: Sequence[Payload], root: str) -> Iterator[str]:
    every = [element for block in blocks for element in elements_of(block)]
    if sum(bool(element.get("focus_on_load")) for element in every) > 1:
        yield fault("only one element may have focus_on_load", root)


def with_ids(blocks: Sequence[Payload], new_id: Callable[[str], str]) -> list[Payload]:
    """Copy blocks, giving ids to those that have none, as Slack does."""
    copies = copy.deepcopy(list(blocks))
    for block in copies:
        block.setdefault("block_id", new_id("b"))
        for element in elements_of(block):
            if element["type"] not in {"image", "mrkdwn", "plain_text"}:
                element.setdefault("action_id", new_id("a"))
    return copies
