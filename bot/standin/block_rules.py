"""Block Kit as tables: which keys each object takes and how long each may be.

https://docs.slack.dev/reference/block-kit - the limits are Slack's own. What stands
in no table here is refused, so a payload that passes is one that Slack takes.
"""

from collections.abc import Iterator

from bot.standin.block_checks import (
    Check,
    Rule,
    any_list,
    flag,
    integer,
    items,
    kinds,
    obj,
    one_of,
    string,
    text,
)

BUTTON_TEXT = 75
ACTION_ID = string(255)
PLACEHOLDER = text(150, plain=True)
CONFIRM = obj(
    {
        "title": Rule(text(100, plain=True), needed=True),
        "text": Rule(text(300), needed=True),
        "confirm": Rule(text(30, plain=True), needed=True),
        "deny": Rule(text(30, plain=True), needed=True),
        "style": Rule(one_of("primary", "danger")),
    }
)
OPTION = obj(
    {
        "text": Rule(text(75), needed=True),
        "value": Rule(string(150), needed=True),
        "description": Rule(text(75)),
        "url": Rule(string(3000)),
    }
)
_GROUP = obj(
    {
        "label": Rule(text(75, plain=True), needed=True),
        "options": Rule(items(OPTION, 100), needed=True),
    }
)
_FILTER = obj(
    {
        "include": Rule(items(one_of("im", "mpim", "private", "public"), 4)),
        "exclude_external_shared_channels": Rule(flag),
        "exclude_bot_users": Rule(flag),
    }
)
_DISPATCH = obj({"trigger_actions_on": Rule(items(string(30), 2), needed=True)})
_ACTION = {"type": Rule(string(50)), "action_id": Rule(ACTION_ID)}
_SELECT = {
    **_ACTION,
    "confirm": Rule(CONFIRM),
    "placeholder": Rule(PLACEHOLDER),
    "focus_on_load": Rule(flag),
}
_STATIC = {
    **_SELECT,
    "options": Rule(items(OPTION, 100)),
    "option_groups": Rule(items(_GROUP, 100)),
}
_MANY = {"max_selected_items": Rule(integer(1, 10_000))}
_CHOICES = {
    **_ACTION,
    "options": Rule(items(OPTION, 10), needed=True),
    "confirm": Rule(CONFIRM),
    "focus_on_load": Rule(flag),
}
_TYPED = {
    **_ACTION,
    "placeholder": Rule(PLACEHOLDER),
    "focus_on_load": Rule(flag),
    "dispatch_action_config": Rule(_DISPATCH),
}
_IDS = items(string(30), 100)

ELEMENTS: dict[str, dict[str, Rule]] = {
    "button": {
        **_ACTION,
        "text": Rule(text(BUTTON_TEXT, plain=True), needed=True),
        "value": Rule(string(2000)),
        "url": Rule(string(3000)),
        "style": Rule(one_of("primary", "danger")),
        "confirm": Rule(CONFIRM),
        "accessibility_label": Rule(string(75)),
    },
    "static_select": {**_STATIC, "initial_option": Rule(OPTION)},
    "multi_static_select": {
        **_STATIC,
        **_MANY,
        "initial_options": Rule(items(OPTION, 100)),
    },
    "users_select": {**_SELECT, "initial_user": Rule(string(30))},
    "multi_users_select": {**_SELECT, **_MANY, "initial_users": Rule(_IDS)},
    "channels_select": {
        **_SELECT,
        "initial_channel": Rule(string(30)),
        "response_url_enabled": Rule(flag),
    },
    "multi_channels_select": {**_SELECT, **_MANY, "initial_channels": Rule(_IDS)},
    "conversations_select": {
        **_SELECT,
        "initial_conversation": Rule(string(30)),
        "default_to_current_conversation": Rule(flag),
        "response_url_enabled": Rule(flag),
        "filter": Rule(_FILTER),
    },
    "multi_conversations_select": {
        **_SELECT,
        **_MANY,
        "initial_conversations": Rule(_IDS),
        "default_to_current_conversation": Rule(flag),
        "filter": Rule(_FILTER),
    },
    "overflow": {
        **_ACTION,
        "options": Rule(items(OPTION, 5), needed=True),
        "confirm": Rule(CONFIRM),
    },
    "checkboxes": {**_CHOICES, "initial_options": Rule(items(OPTION, 10))},
    "radio_buttons": {**_CHOICES, "initial_option": Rule(OPTION)},
    "datepicker": {**_SELECT, "initial_date": Rule(string(10))},
    "timepicker": {
        **_SELECT,
        "initial_time": Rule(string(5)),
        "timezone": Rule(string(60)),
    },
    "datetimepicker": {
        **_ACTION,
        "initial_date_time": Rule(integer(10**9, 10**10 - 1)),
        "confirm": Rule(CONFIRM),
        "focus_on_load": Rule(flag),
    },
    "plain_text_input": {
        **_TYPED,
        "initial_value": Rule(string(3000)),
        "multiline": Rule(flag),
        "min_length": Rule(integer(0, 3000)),
        "max_length": Rule(integer(1, 3000)),
    },
    "number_input": {
        **_TYPED,
        "is_decimal_allowed": Rule(flag, needed=True),
        "initial_value": Rule(string(40)),
        "min_value": Rule(string(40)),
        "max_value": Rule(string(40)),
    },
    "email_text_input": {**_TYPED, "initial_value": Rule(string(3000))},
    "url_text_input": {**_TYPED, "initial_value": Rule(string(3000))},
    "image": {
        "type": Rule(string(50)),
        "image_url": Rule(string(3000), needed=True),
        "alt_text": Rule(string(2000), needed=True),
    },
}

_SELECTS = frozenset(name for name in ELEMENTS if name.endswith("_select"))
_PICKERS = {"datepicker", "timepicker", "overflow", "checkboxes", "radio_buttons"}
IN_SECTION = _SELECTS | _PICKERS | {"button", "image"}
IN_ACTIONS = _SELECTS | _PICKERS | {"button", "datetimepicker"}
IN_INPUT = (_SELECTS | _PICKERS - {"overflow"}) | {
    "datetimepicker",
    "plain_text_input",
    "number_input",
    "email_text_input",
    "url_text_input",
}

_TEXT: Check = text(3000)
_IMAGE: Check = obj(ELEMENTS["image"])


def _in_context(value: object, path: str) -> Iterator[str]:
    """Take an image or a text object."""
    is_image = isinstance(value, dict) and value.get("type") == "image"
    yield from (_IMAGE if is_image else _TEXT)(value, path)


_BLOCK = {"type": Rule(string(50)), "block_id": Rule(string(255))}
_IMAGE_ALT = Rule(string(2000), needed=True)
BLOCKS: dict[str, dict[str, Rule]] = {
    "section": {
        **_BLOCK,
        "text": Rule(text(3000)),
        "fields": Rule(items(text(2000), 10)),
        "accessory": Rule(kinds(ELEMENTS, IN_SECTION)),
        "expand": Rule(flag),
    },
    "header": {**_BLOCK, "text": Rule(text(150, plain=True), needed=True)},
    "divider": _BLOCK,
    "context": {**_BLOCK, "elements": Rule(items(_in_context, 10), needed=True)},
    "actions": {
        **_BLOCK,
        "elements": Rule(items(kinds(ELEMENTS, IN_ACTIONS), 25), needed=True),
    },
    "input": {
        **_BLOCK,
        "label": Rule(text(2000, plain=True), needed=True),
        "element": Rule(kinds(ELEMENTS, IN_INPUT), needed=True),
        "hint": Rule(text(2000, plain=True)),
        "optional": Rule(flag),
        "dispatch_action": Rule(flag),
    },
    "image": {
        **_BLOCK,
        "image_url": Rule(string(3000), needed=True),
        "alt_text": _IMAGE_ALT,
        "title": Rule(text(2000, plain=True)),
    },
    "markdown": {**_BLOCK, "text": Rule(string(12_000), needed=True)},
    "rich_text": {**_BLOCK, "elements": Rule(any_list, needed=True)},
}

ALLOWED: dict[str, frozenset[str]] = {
    "message": frozenset(BLOCKS),
    "modal": frozenset(BLOCKS) - {"markdown"},
    "home": frozenset(BLOCKS) - {"markdown"},
}

_VIEW = {
    "type": Rule(string(10), needed=True),
    "blocks": Rule(any_list, needed=True),
    "private_metadata": Rule(string(3000, least=0)),
    "callback_id": Rule(string(255, least=0)),
    "external_id": Rule(string(255, least=0)),
}
VIEWS: dict[str, dict[str, Rule]] = {
    "home": _VIEW,
    "modal": {
        **_VIEW,
        "title": Rule(text(24, plain=True), needed=True),
        "submit": Rule(text(24, plain=True)),
        "close": Rule(text(24, plain=True)),
        "clear_on_close": Rule(flag),
        "notify_on_close": Rule(flag),
        "submit_disabled": Rule(flag),
    },
}
