"""What a person enters into one element, in the shape in which Slack reports it."""

from typing import Any

from bot.standin.blocks import elements_of, options_of
from bot.standin.values import Payload


class ClientError(Exception):
    """Slack's own client would not let a person do this, or the app did not answer."""


_SINGLE = {
    "users_select": "selected_user",
    "channels_select": "selected_channel",
    "conversations_select": "selected_conversation",
    "datepicker": "selected_date",
    "timepicker": "selected_time",
    "datetimepicker": "selected_date_time",
}
_INITIAL = {
    "users_select": "initial_user",
    "channels_select": "initial_channel",
    "conversations_select": "initial_conversation",
    "datepicker": "initial_date",
    "timepicker": "initial_time",
    "datetimepicker": "initial_date_time",
}
_MANY = {
    "multi_users_select": "users",
    "multi_channels_select": "channels",
    "multi_conversations_select": "conversations",
}
_ONE_OPTION = {"static_select", "radio_buttons", "overflow"}
_OPTIONS = {"multi_static_select", "checkboxes"}


def entered(element: Payload, raw: Any) -> Payload:  # noqa: ANN401 - what they entered
    """Report what a person entered: a value, an option's value, an id, or several.

    Raises:
        ClientError: when the element offers no such thing.
    """
    kind = element["type"]
    if kind in _ONE_OPTION:
        chosen = None if raw is None else _option(element, raw)
        return {"type": kind, "selected_option": chosen}
    if kind in _OPTIONS:
        every = [_option(element, each) for each in raw or ()]
        return {"type": kind, "selected_options": every}
    if kind in _SINGLE:
        return {"type": kind, _SINGLE[kind]: raw}
    if kind in _MANY:
        return {"type": kind, f"selected_{_MANY[kind]}": list(raw or ())}
    if kind == "button":
        return {"type": kind, "text": element["text"], "value": element.get("value")}
    return {"type": kind, "value": _typed(element, raw)}


def _option(element: Payload, value: str) -> Payload:
    for option in options_of(element):
        if option["value"] == value:
            return option
    offered = [option["value"] for option in options_of(element)]
    raise ClientError(f"no option {value!r} among {offered}")


def _typed(element: Payload, raw: Any) -> str | None:  # noqa: ANN401 - same
    if raw is None or raw == "":
        return None
    text = str(raw)
    least, most = element.get("min_length", 0), element.get("max_length", 3000)
    if not least <= len(text) <= most:
        raise ClientError(f"{element['action_id']}: {len(text)} characters")
    if element["type"] == "number_input" and not text.lstrip("-").isdecimal():
        raise ClientError(f"{element['action_id']}: not a number")
    return text


def initial(element: Payload) -> Any:  # noqa: ANN401 - as `entered` takes it
    """Give what an element shows before anybody touches it."""
    kind = element["type"]
    if kind in _ONE_OPTION:
        option = element.get("initial_option")
        return option and option["value"]
    if kind in _OPTIONS:
        return [option["value"] for option in element.get("initial_options", ())]
    if kind in _MANY:
        return element.get(f"initial_{_MANY[kind]}", [])
    return element.get(_INITIAL.get(kind, "initial_value"))


def is_empty(report: Payload) -> bool:
    """Whether a person entered nothing."""
    return not any(value for key, value in report.items() if key != "type")


def is_stateful(element: Payload) -> bool:
    """Whether an element keeps what was entered."""
    return element["type"] not in {
        "button",
        "overflow",
        "image",
        "mrkdwn",
        "plain_text",
    }


def read_form(view: Payload, values: Payload) -> Payload:
    """Fill in a view: by `block_id` or `action_id`, else what is there already.

    Returns:
        The `state` of the view, as a submission carries it.

    Raises:
        ClientError: when something required is missing, or a value has no input.
    """
    state: Payload = {}
    left = {*values}
    held = view["state"]["values"]
    for block in view["blocks"]:
        for element in filter(is_stateful, elements_of(block)):
            block_id, action_id = block["block_id"], element["action_id"]
            report = held.get(block_id, {}).get(action_id)
            keys = [key for key in (block_id, action_id) if key in values]
            if keys or report is None:
                raw = values[keys[0]] if keys else initial(element)
                report = entered(element, raw)
            left -= {*keys}
            if block["type"] == "input" and not block.get("optional"):
                _require(report, block)
            state.setdefault(block_id, {})[action_id] = report
    if left:
        raise ClientError(f"the view has no input for {sorted(left)}")
    return {"values": state}


def _require(report: Payload, block: Payload) -> None:
    if is_empty(report):
        raise ClientError(f"{block['label']['text']!r} is required")
