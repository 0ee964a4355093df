from typing import Any

import pytest

from bot.standin.blocks import message_errors, view_errors, with_ids

Block = dict[str, Any]


def plain(text: str) -> Block:
    return {"type": "plain_text", "text": text}


def mrkdwn(text: str) -> Block:
    return {"type": "mrkdwn", "text": text}


def button(**more: Any) -> Block:
    return {"type": "button", "text": plain("Go"), "action_id": "go", **more}


def actions(*elements: Block) -> Block:
    return {"type": "actions", "elements": list(elements)}


def option(value: str = "a", **more: Any) -> Block:
    return {"text": plain("A"), "value": value, **more}


def menu(**more: Any) -> Block:
    select = {"type": "static_select", "action_id": "pick", "options": [option()]}
    return actions({**select, **more})


def field(**more: Any) -> Block:
    element = {"type": "plain_text_input", "action_id": "say", **more}
    return {"type": "input", "label": plain("Say"), "element": element}


def modal(*blocks: Block, **more: Any) -> Block:
    return {"type": "modal", "title": plain("T"), "blocks": list(blocks), **more}


SECTION = {"type": "section", "text": mrkdwn("hello")}
CONFIRM = {
    "title": plain("Sure?"),
    "text": plain("Really"),
    "confirm": plain("Yes"),
    "deny": plain("No"),
}

GOOD = [
    pytest.param(SECTION, id="section"),
    pytest.param({"type": "section", "text": mrkdwn("x" * 3000)}, id="section_3000"),
    pytest.param({"type": "section", "fields": [plain("x" * 2000)] * 10}, id="fields"),
    pytest.param({"type": "header", "text": plain("x" * 150)}, id="header_150"),
    pytest.param({"type": "context", "elements": [mrkdwn("x")] * 10}, id="context"),
    pytest.param(actions(*[button(action_id=str(n)) for n in range(25)]), id="buttons"),
    pytest.param(actions(button(value="x" * 2000, style="primary")), id="value_2000"),
    pytest.param(actions(button(confirm=CONFIRM)), id="confirm"),
    pytest.param(menu(initial_option=option()), id="initial"),
    pytest.param(menu(options=[option(str(n)) for n in range(100)]), id="options_100"),
    pytest.param(field(max_length=3000), id="input"),
    pytest.param({"type": "markdown", "text": "x" * 12_000}, id="markdown"),
    pytest.param({"type": "divider", "block_id": "x" * 255}, id="block_id_255"),
    pytest.param({**SECTION, "accessory": button()}, id="accessory"),
]


@pytest.mark.parametrize("block", GOOD)
def test_what_slack_takes(block: Block) -> None:
    assert message_errors([block]) == []


BAD = [
    pytest.param({"type": "nonsense"}, "unsupported type: nonsense", id="type"),
    pytest.param("text", "unsupported type", id="no_object"),
    pytest.param({**SECTION, "colour": "red"}, "additional property: colour", id="key"),
    pytest.param({"type": "section"}, "text or fields", id="empty_section"),
    pytest.param({"type": "section", "text": mrkdwn("")}, "more than 0", id="no_text"),
    pytest.param({"type": "section", "text": mrkdwn("x" * 3001)}, "3001", id="long"),
    pytest.param({"type": "section", "text": "hello"}, "provide an object", id="bare"),
    pytest.param(
        {"type": "section", "fields": [plain("x" * 2001)]}, "2001", id="field_long"
    ),
    pytest.param(
        {"type": "section", "fields": [plain("x")] * 11}, "more than 10", id="fields"
    ),
    pytest.param({"type": "header", "text": plain("x" * 151)}, "151", id="header"),
    pytest.param({"type": "header", "text": mrkdwn("x")}, "mrkdwn", id="header_kind"),
    pytest.param({"type": "header"}, "missing required field: text", id="header_empty"),
    pytest.param(
        {"type": "context", "elements": [mrkdwn("x")] * 11},
        "more than 10",
        id="context",
    ),
    pytest.param({"type": "context", "elements": []}, "fewer than 1", id="context_0"),
    pytest.param({"type": "context", "elements": [button()]}, "text", id="context_btn"),
    pytest.param(
        actions(*[button(action_id=str(n)) for n in range(26)]), "than 25", id="actions"
    ),
    pytest.param(actions(button(), button()), "`action_id` go", id="action_id_twice"),
    pytest.param(actions(button(action_id="x" * 256)), "256", id="action_id_long"),
    pytest.param(actions(button(text=plain("x" * 76))), "76", id="button_text"),
    pytest.param(actions(button(text=mrkdwn("x"))), "mrkdwn", id="button_mrkdwn"),
    pytest.param(actions(button(value="x" * 2001)), "2001", id="button_value"),
    pytest.param(actions(button(url="x" * 3001)), "3001", id="button_url"),
    pytest.param(actions(button(style="gold")), "one of primary", id="style"),
    pytest.param(actions(button(disabled=True)), "disabled", id="button_key"),
    pytest.param(
        actions(button(confirm={**CONFIRM, "title": plain("x" * 101)})),
        "101",
        id="conf",
    ),
    pytest.param(actions(button(confirm={})), "field: title", id="confirm_empty"),
    pytest.param(
        actions(field()["element"]), "plain_text_input", id="input_in_actions"
    ),
    pytest.param(
        {**SECTION, "accessory": field()["element"]}, "unsupp", id="accessory"
    ),
    pytest.param(menu(options=[]), "fewer than 1", id="no_options"),
    pytest.param(
        menu(options=[option(str(n)) for n in range(101)]), "than 100", id="options"
    ),
    pytest.param(menu(options=[option(), option()]), "unique", id="option_twice"),
    pytest.param(menu(options=[option("x" * 151)]), "151", id="option_value"),
    pytest.param(menu(options=[option(text=plain("x" * 76))]), "76", id="option_text"),
    pytest.param(menu(options=[option(url="http://x")]), "overflow", id="option_url"),
    pytest.param(menu(options=[{"text": plain("A")}]), "value", id="option_no_value"),
    pytest.param(menu(initial_option=option("b")), "not among", id="initial"),
    pytest.param(menu(option_groups=[]), "either options", id="options_and_groups"),
    pytest.param(menu(placeholder=plain("x" * 151)), "151", id="placeholder"),
    pytest.param(
        menu(type="overflow", options=[option(str(n)) for n in range(6)]),
        "more than 5",
        id="overflow",
    ),
    pytest.param(
        menu(type="checkboxes", options=[option(str(n)) for n in range(11)]),
        "more than 10",
        id="checkboxes",
    ),
    pytest.param(field(max_length=3001), "1 to 3000", id="max_length"),
    pytest.param(field(min_length=5, max_length=4), "greater", id="min_over_max"),
    pytest.param(field(max_length=True), "integer", id="max_length_bool"),
    pytest.param(field(multiline="yes"), "boolean", id="flag"),
    pytest.param({**field(), "label": plain("x" * 2001)}, "2001", id="label"),
    pytest.param({"type": "markdown", "text": "x" * 12_001}, "12001", id="markdown"),
    pytest.param({"type": "context", "elements": {}}, "array", id="context_no_list"),
    pytest.param(actions(button(confirm="Sure?")), "an object", id="confirm_bare"),
    pytest.param(
        {"type": "header", "text": {**plain("x"), "emoji": 1}}, "boolean", id="emoji"
    ),
    pytest.param({"type": "rich_text", "elements": {}}, "array", id="rich_text"),
    pytest.param({"type": "divider", "block_id": 1}, "a string", id="block_id"),
]


@pytest.mark.parametrize(("block", "reason"), BAD)
def test_what_slack_refuses(block: Block, reason: str) -> None:
    errors = message_errors([block])

    assert any(reason in error for error in errors), errors
    assert all("[json-pointer:/blocks" in error for error in errors)


@pytest.mark.parametrize(("count", "is_fine"), [(50, True), (51, False)])
def test_a_message_holds_fifty_blocks(count: int, *, is_fine: bool) -> None:
    assert (message_errors([SECTION] * count) == []) is is_fine


@pytest.mark.parametrize(("count", "is_fine"), [(100, True), (101, False)])
def test_a_home_holds_a_hundred_blocks(count: int, *, is_fine: bool) -> None:
    home = {"type": "home", "blocks": [SECTION] * count}

    assert (view_errors(home, "home") == []) is is_fine


def test_ids_of_blocks_are_unique() -> None:
    twin = {"type": "divider", "block_id": "a"}

    assert message_errors([twin, twin]) == [
        "`block_id` a already exists [json-pointer:/blocks]"
    ]


def test_markdown_blocks_share_their_room() -> None:
    half = {"type": "markdown", "text": "x" * 6001}

    assert "12000" in message_errors([half, half])[0]


def test_one_element_has_the_focus() -> None:
    first, second = (field(focus_on_load=True, action_id=n) for n in "ab")

    assert "focus_on_load" in message_errors([first, second])[0]


SUBMIT = {"submit": plain("Save")}
VIEWS = [
    pytest.param(modal(SECTION), "", id="modal"),
    pytest.param(modal(field(), **SUBMIT), "", id="form"),
    pytest.param(modal(field()), "submit is required", id="no_submit"),
    pytest.param(modal(title=plain("x" * 24)), "", id="title_24"),
    pytest.param(modal(title=plain("x" * 25)), "25", id="title_25"),
    pytest.param({"type": "modal", "blocks": []}, "field: title", id="no_title"),
    pytest.param(modal(submit=plain("x" * 25)), "25", id="submit_25"),
    pytest.param(modal(close=plain("x" * 25)), "25", id="close_25"),
    pytest.param(modal(private_metadata="x" * 3000), "", id="metadata_3000"),
    pytest.param(modal(private_metadata="x" * 3001), "3001", id="metadata_3001"),
    pytest.param(modal(callback_id="x" * 256), "256", id="callback_256"),
    pytest.param(modal(state={}), "property: state", id="key"),
    pytest.param(
        modal({"type": "markdown", "text": "x"}), "unsupported", id="markdown"
    ),
    pytest.param({"type": "home", "blocks": []}, "must be a modal", id="home"),
    pytest.param({**modal(), "blocks": {}}, "array", id="no_list"),
]


@pytest.mark.parametrize(("view", "reason"), VIEWS)
def test_views(view: Block, reason: str) -> None:
    errors = view_errors(view, "modal")

    assert (not errors) if not reason else any(reason in each for each in errors)


def test_a_home_has_no_buttons_of_its_own() -> None:
    errors = view_errors({"type": "home", "blocks": [], **SUBMIT}, "home")

    assert errors == ["invalid additional property: submit [json-pointer:/view]"]


def test_blocks_without_ids_are_given_some() -> None:
    sent = [{"type": "section", "text": mrkdwn("x"), "accessory": {"type": "button"}}]

    (block,) = with_ids(sent, lambda prefix: f"{prefix}1")

    assert (block["block_id"], block["accessory"]["action_id"]) == ("b1", "a1")
    assert "block_id" not in sent[0]
