from datetime import UTC, datetime
from typing import Any

import pytest

from bot.standin import Channel, LocalSlack, User, Workspace
from bot.standin.mrkdwn import Reader
from bot.standin.screen import Screen, to_html, to_text

Block = dict[str, Any]
NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)


def local() -> LocalSlack:
    """A Slack that is never started: nothing here goes over the network."""
    workspace = Workspace(
        users=(User("U1", "ann", "Ann Lee", tz="Asia/Tokyo"), User("U2", "ben")),
        channels=(Channel("C1", "general", ["U1", "U2"]),),
    )
    return LocalSlack(workspace, now=lambda: NOON)


def plain(text: str) -> Block:
    return {"type": "plain_text", "text": text}


def mrkdwn(text: str) -> Block:
    return {"type": "mrkdwn", "text": text}


AT = int(NOON.timestamp())
MARKUP = [
    ("<@U2> in <#C1>", "@ben in #general"),
    ("<@U9> in <#C9|far>", "@U9 in #far"),
    ("<https://x.test|here> <https://y.test>", "here https://y.test"),
    ("*bold* _it_ ~no~ `a*b*c`", "bold it no a*b*c"),
    ("2 * 3 * 4 and snake_case_name", "2 * 3 * 4 and snake_case_name"),
    ("*<@U2>* &lt;b&gt; &amp;", "@ben <b> &"),
    ("&gt; quoted", "▎ quoted"),
    (":wave: :unknown_one:", "👋 :unknown_one:"),
    ("<!here> <!subteam^S1|@team>", "@here @team"),
    (f"<!date^{AT}^{{date_short}} {{time}}|then>", "Mar 2, 2026 9:00 PM"),
    (f"<!date^{AT}^{{date_pretty}}|then>", "today"),
    (f"<!date^{AT + 86_400}^{{date_long_pretty}}|then>", "tomorrow"),
    (f"<!date^{AT + 259_200}^{{date_long_pretty}}|x>", "Thursday, March 5, 2026"),
    (f"<!date^{AT}^{{date_num}} {{other}}|then>", "2026-03-02 {other}"),
    ("<!date^soon^{date}|then>", "then"),
]


@pytest.mark.parametrize(("text", "seen"), MARKUP, ids=[row[0] for row in MARKUP])
def test_mark_up_is_read_as_a_person_sees_it(text: str, seen: str) -> None:
    assert to_text(Reader(local().world, "U1").lines(text)) == seen


@pytest.mark.parametrize(
    ("link", "style"), [("", ""), ("^https://x.test", "underline")]
)
def test_a_day_may_be_a_link(link: str, style: str) -> None:
    text = f"<!date^{AT}^{{date_pretty}}{link}|then>"

    ((span,),) = Reader(local().world, "U1").lines(text)

    assert (span.text, span.style) == ("today", style)


SELECT = {"type": "static_select", "placeholder": plain("Pick"), "options": []}
OPTIONS = [{"text": plain(v), "value": v} for v in ("a", "b")]
BLOCKS = [
    pytest.param({"type": "header", "text": plain("Day 44")}, "Day 44", id="header"),
    pytest.param({"type": "divider"}, "─" * 48, id="divider"),
    pytest.param({"type": "section", "text": mrkdwn("a\n*b*")}, "a\nb", id="section"),
    pytest.param(
        {"type": "section", "fields": [plain("a"), mrkdwn("*b*"), plain("c")]},
        "a" + " " * 27 + "b\nc",
        id="fields",
    ),
    pytest.param(
        {
            "type": "section",
            "text": plain("Ann"),
            "accessory": {"type": "button", "text": plain("Share in Thread")},
        },
        "Ann  [ Share in Thread ]",
        id="accessory",
    ),
    pytest.param(
        {
            "type": "context",
            "elements": [
                mrkdwn("3 people"),
                {"type": "image", "image_url": "x", "alt_text": "face"},
            ],
        },
        "3 people\n[image: face]",
        id="context",
    ),
    pytest.param(
        {
            "type": "actions",
            "elements": [
                {"type": "button", "text": plain("Yes"), "style": "primary"},
                SELECT,
                {**SELECT, "initial_option": OPTIONS[0]},
                {"type": "users_select", "initial_user": "U2"},
                {"type": "channels_select", "initial_channel": "C1"},
                {"type": "datepicker"},
                {"type": "overflow", "options": OPTIONS},
                {"type": "image", "alt_text": "face"},
            ],
        },
        "[ Yes ]  [ Pick ▾ ]  [ a ▾ ]  [ @ben ▾ ]  [ #general ▾ ]  [ … ▾ ]"
        "  [ … ]  [image: face]",
        id="actions",
    ),
    pytest.param(
        {
            "type": "input",
            "label": plain("Name"),
            "optional": True,
            "hint": plain("Short"),
            "element": {"type": "plain_text_input", "initial_value": "Ann"},
        },
        "Name (optional)\n[ Ann ]\nShort",
        id="input",
    ),
    pytest.param(
        {
            "type": "input",
            "label": plain("Days"),
            "element": {
                "type": "checkboxes",
                "options": OPTIONS,
                "initial_options": OPTIONS[1:],
            },
        },
        "Days\n☐ a  ☑ b",
        id="checkboxes",
    ),
    pytest.param({"type": "image", "alt_text": "map"}, "[image: map]", id="image"),
    pytest.param({"type": "markdown", "text": "a\nb"}, "a\nb", id="markdown"),
    pytest.param(
        {"type": "rich_text", "elements": [{"elements": [{"text": "hi"}]}]},
        "hi",
        id="rich_text",
    ),
]


@pytest.mark.parametrize(("block", "seen"), BLOCKS)
def test_a_block_is_drawn(block: Block, seen: str) -> None:
    assert to_text(Screen(local().world, "U1").blocks([block])) == seen


def test_a_channel_is_shown_with_its_threads() -> None:
    slack = local()
    ann, ben = slack.as_user("U1"), slack.as_user("U2")
    asked = ann.post("C1", "who knows?")
    ben.post("C1", "me", asked["ts"])
    ann.react(asked, "eyes")
    ann.edit(asked, "who knows Rust?")

    assert to_text(Screen(slack.world, "U1").channel("C1")) == (
        "Ann Lee  21:00\nwho knows Rust? (edited)\n👀 1\n1 reply\n\n"
        "   ben  21:00\n   me\n"
    )


def test_an_ephemeral_of_the_app_says_whose_it_is() -> None:
    message = {"user": "U0BOT", "bot_id": "B", "ts": f"{AT}.0", "text": "hi"}

    shown = Screen(local().world, "U2").message({**message, "is_ephemeral": True})

    assert to_text(shown) == "Only visible to you\nLocal Bot  APP   12:00\nhi"


def test_a_modal_has_a_title_and_two_buttons() -> None:
    blocks = [{"type": "section", "text": plain("Really?")}]
    view = {"title": plain("Share"), "submit": plain("Send"), "blocks": blocks}
    screen = Screen(local().world, "U1")

    rule = "─" * 48
    assert to_text(screen.modal(view)) == (
        f"Share\n{rule}\nReally?\n{rule}\n[ Cancel ]  [ Send ]"
    )
    assert to_text(screen.home(view)) == "Really?"


def test_a_page_escapes_what_people_write() -> None:
    lines = Reader(local().world, "U1").lines("*&lt;b&gt;* plain")

    page = to_html(lines, "a < b")

    assert '<span style="font-weight:bold">&lt;b&gt;</span> plain' in page
    assert "<title>a &lt; b</title>" in page
