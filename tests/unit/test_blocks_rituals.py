"""What is said about daily questions and communities, within Slack's limits."""

import json
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from bot.blocks import communities as shown
from bot.blocks import daily
from bot.blocks.community_modal import community_modal, name_error
from bot.blocks.daily_modal import Draft, Existing, daily_modal
from bot.blocks.reasons import MAX_LINKS, Conversation, in_numbers
from bot.blocks.spoken import Spoken
from bot.daily import WEEKDAYS
from bot.packs import MAX_TEXT, MAX_TITLE, PackQuestion, load_pack, pack_names
from bot.standin.blocks import message_errors, view_errors
from bot.taken_names import Taken
from bot.zones import offered_zones

AT = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
WILD = "<!channel> & <@U1> *bold*"
LONG = "long word " * 400
GATES = [
    {"name": "questions", "value": 14.0, "says": "14 questions"},
    {"name": "people", "value": 9.0, "says": "9 people"},
    {"name": "weeks", "value": 6.0, "says": "6 weeks"},
    {"name": "channels", "value": 4.0, "says": "4 channels"},
    {"name": "share_of_one_asker", "value": 0.2, "says": "20 %"},
]
PLACES = [Conversation("C1", AT, "https://a.slack.com/archives/C1/p1")] * 9


def asked(**changed: Any) -> PackQuestion:
    texts = {"title": "A title", "reading": "Read.", "question": "What?"}
    held = {**texts, "share": "Share.", "find_out": "Find.", "source": "A book"}
    return PackQuestion(key="a", **(held | changed))


def every_message(label: str, text: str) -> list[Spoken]:
    return [
        daily.question(1, asked(title=label[:MAX_TITLE], reading=text)),
        daily.configured("U1", "mon,tue", AT),
        daily.paused_by("U1"),
        daily.removed_by("U1"),
        *(
            daily.stopped("C1", c)
            for c in ("is_archived", "not_in_channel", "is_shared", "no")
        ),
        shown.suggestion(1, label, GATES, PLACES, others=2),
        shown.suggestion(
            1, label, [{"name": "n", "value": 0, "says": text}], [], others=0
        ),
        shown.existing(1, label, GATES, "C1", url="https://slack.com/app_redirect"),
        shown.not_now(label, AT),
        shown.not_topic(label),
        shown.opened(label, "C1"),
        shown.expired(label),
        shown.started("C1", 0),
        shown.started("C1", 3),
        shown.handed_over(label),
        shown.starting_by_hand(label, "U1"),
        shown.co_host(1, label, "U1", "C1"),
        shown.invitation(1, label, "U1", "C1", text),
        shown.joined("C1", is_host=True),
        shown.declined("C1"),
        shown.not_added("C1"),
        shown.seed(label, "U1", GATES, PLACES),
        shown.seed(label, "U1", GATES, []),
        shown.moved("C1", "U1"),
        shown.checklist("name", text, ["U1"] * 30, code="x", suggestion_id=1),
        shown.name_went("name", 1),
    ]


@pytest.mark.parametrize(
    ("label", "text"),
    [
        pytest.param("Release notes", "Words", id="plain"),
        pytest.param(WILD, WILD, id="markup"),
        pytest.param(LONG, LONG[:MAX_TEXT], id="long"),
        pytest.param("&" * 200, "&" * MAX_TEXT, id="grows when escaped"),
    ],
)
def test_every_message_is_one_that_slack_takes_and_calls_nobody(
    label: str, text: str
) -> None:
    for said in every_message(label, text):
        assert message_errors(said.blocks) == []
        assert said.text
        assert len(said.text) <= 4_000
        # A header knows no markup.
        marked = [block for block in said.blocks if block["type"] != "header"]
        assert "<!channel>" not in said.text + str(marked)


def test_no_message_has_two_primary_buttons() -> None:
    for said in every_message("Label", "Text"):
        assert str(said.blocks).count("'primary'") <= 1


@pytest.mark.parametrize("pack", pack_names())
def test_every_question_of_a_pack_fits_its_form(pack: str) -> None:
    for number, question in enumerate(load_pack(pack).questions, 1):
        said = daily.question(number, question)

        assert message_errors(said.blocks) == []
        assert said.text.endswith("shows who set this up, and changes it.")


def test_the_form_of_a_day_has_its_parts_in_order() -> None:
    said = daily.question(44, asked())

    assert [block["type"] for block in said.blocks] == [
        "header",
        "section",
        "context",
        "section",
        "section",
        "section",
        "context",
    ]
    assert said.blocks[0]["text"]["text"] == "Day 44: A title"
    for part in ("*QUESTION*\nWhat?", "*SHARE with your team*\n", "*FIND OUT more*\n"):
        assert part in str(
            [b.get("text", {}).get("text") for b in said.blocks]
        ).replace("\\n", "\n")
    assert said.text.startswith("Day 44: A title\nWhat?\n")
    for part in ("Share.", "Find.", "Read. (A book)", "Answer in the thread."):
        assert part in said.text


def test_the_question_of_a_day_calls_nobody_and_says_who_set_it_up_by_a_command() -> (
    None
):
    said = daily.question(44, asked())

    assert "<@" not in str(said.blocks) + said.text
    assert "`/grapevine daily` shows who set this up" in str(said.blocks[-1])


def test_a_reading_without_a_source_has_no_small_print_below_it() -> None:
    kinds = [b["type"] for b in daily.question(1, asked(source=None)).blocks]

    assert kinds == ["header", *["section"] * 4, "context"]


@pytest.mark.parametrize(
    ("days", "words"),
    [
        pytest.param(",".join(WEEKDAYS), "every day", id="all"),
        pytest.param("mon,tue,wed,thu,fri", "every weekday", id="weekdays"),
        pytest.param("tue", "on Tuesdays", id="one"),
        pytest.param("mon,wed,fri", "on Mondays, Wednesdays and Fridays", id="three"),
        pytest.param(
            "mon,tue,wed,thu,sat",
            "on Mondays, Tuesdays, Wednesdays, Thursdays and Saturdays",
            id="five, not the weekdays",
        ),
    ],
)
def test_days_are_told_in_words(days: str, words: str) -> None:
    assert daily.days_in_words(days) == words


@pytest.mark.parametrize(
    ("gates", "words"),
    [
        pytest.param(
            GATES, "14 questions by 9 people in 4 channels over 6 weeks", id="numbers"
        ),
        pytest.param([{"name": "people", "value": 1}], "by 1 person", id="one of them"),
        pytest.param(
            [{"name": "x", "value": 1, "says": "a < b"}], "a &lt; b", id="own words"
        ),
        pytest.param([], "", id="none"),
    ],
)
def test_momentum_is_told_in_numbers(gates: list[dict[str, Any]], words: str) -> None:
    assert in_numbers(gates) == words


@pytest.mark.parametrize(
    ("others", "words"),
    [
        pytest.param(0, "Nobody else was asked", id="none"),
        pytest.param(1, "1 other person was asked too", id="one"),
        pytest.param(2, "2 other people were asked too", id="two"),
    ],
)
def test_a_suggestion_says_how_many_others_are_asked(others: int, words: str) -> None:
    said = shown.suggestion(1, "Label", GATES, PLACES, others=others)

    assert words in str(said.blocks[-1])
    assert str(said.blocks).count("|2 Mar 2026>") == MAX_LINKS


def draft(**changed: Any) -> Draft:
    held: dict[str, Any] = {
        "channel_id": "C1",
        "time": "09:00",
        "days": ("mon",),
        "zone": "Europe/Lisbon",
        "pack": "p",
    }
    return Draft(**(held | changed))


@pytest.mark.parametrize(
    "filled",
    [
        pytest.param(draft(), id="filled in"),
        pytest.param(Draft(None, None, (), None, None), id="empty"),
        pytest.param(draft(asks_general=True), id="asks"),
        pytest.param(draft(asks_general=True, general_is_meant=True), id="ticked"),
        pytest.param(draft(zone="Gone/Zone", pack="gone"), id="choices that are gone"),
    ],
)
@pytest.mark.parametrize("is_paused", [None, True, False])
def test_the_daily_form_is_one_that_slack_takes(
    filled: Draft, *, is_paused: bool | None
) -> None:
    existing = (
        None
        if is_paused is None
        else Existing("C1", "09:00", "mon", "UTC", "U1", is_paused)
    )

    view = daily_modal(
        filled,
        packs={"p": "P" * 200},
        zones=offered_zones("Asia/Kathmandu"),
        next_times=[AT.astimezone(ZoneInfo("Asia/Kathmandu"))] * 3,
        existing=existing,
    )

    assert view_errors(view, "modal") == []
    assert "Mon 2 Mar 2026 14:45" in str(view["blocks"][-1])
    assert "Save tells the channel" in str(view["blocks"][-1])
    assert len([b for b in view["blocks"] if b["type"] == "input"]) <= 6


def test_a_form_without_dates_says_how_to_see_them() -> None:
    view = daily_modal(draft(), packs={"p": "P"}, zones=["UTC"], next_times=[])

    assert "Choose days" in str(view["blocks"][-1])


@pytest.mark.parametrize(
    ("label", "name", "people"),
    [
        pytest.param("Release notes", "release-notes", ["U1", "U2"], id="proposed"),
        pytest.param(LONG, "", [], id="nothing to propose"),
        pytest.param(WILD, "x", ["U1"] * 15, id="markup"),
    ],
)
def test_the_form_of_a_community_is_one_that_slack_takes(
    label: str, name: str, people: list[str]
) -> None:
    view = community_modal(7, label, name, people)

    assert view_errors(view, "modal") == []
    assert view["private_metadata"] == "7"
    assert "What Create does:" in str(view["blocks"][-1])
    assert "<!channel>" not in str(view["blocks"][0])


@pytest.mark.parametrize(
    ("code", "taken", "words"),
    [
        pytest.param(
            "name_taken",
            Taken(("a-community", "a-2"), None),
            "#a is taken. Free names: a-community or a-2.",
            id="another's",
        ),
        pytest.param(
            "name_taken",
            Taken(("a-2",), "C1"),
            "#a exists and seems to be about this: perhaps join it instead. "
            "Free names: a-2.",
            id="the topic's own",
        ),
        pytest.param(
            "invalid_name_maxlength", None, "At most 80 characters, please.", id="long"
        ),
        pytest.param(
            "invalid_name_specials",
            None,
            "Only lower-case letters, digits, hyphens and underscores, please.",
            id="specials",
        ),
    ],
)
def test_a_refused_name_hears_what_would_do(
    code: str, taken: Taken | None, words: str
) -> None:
    assert name_error("a", code, taken) == words


@pytest.mark.parametrize(
    ("said", "words"),
    [
        pytest.param(
            shown.suggestion(1, "Label", GATES, PLACES, others=1),
            "Nobody is told if you say no",
            id="a suggestion",
        ),
        pytest.param(
            shown.suggestion(1, "Label", GATES, PLACES, others=1),
            "*The latest questions*",
            id="a suggestion's links",
        ),
        pytest.param(
            shown.co_host(1, "Label", "U1", "C1"),
            "Host Together adds you to the channel",
            id="hosting",
        ),
        pytest.param(
            shown.invitation(1, "Label", "U1", "C1", "Talk"),
            "Join adds you to the channel",
            id="an invitation",
        ),
        pytest.param(
            shown.invitation(1, "Label", "U1", "C1", "Talk"),
            "would like you there.\\n> Talk",
            id="its purpose",
        ),
        pytest.param(
            shown.checklist("name", "Talk", [], code="x", suggestion_id=1),
            "Try Again is for when I'm allowed to",
            id="a checklist",
        ),
        pytest.param(
            shown.seed("Label", "U1", GATES, PLACES),
            "*Some of those questions*",
            id="a first message",
        ),
        pytest.param(
            shown.started("C1", 1),
            "1 invitation is on the way; each person joins or not",
            id="one invitation",
        ),
    ],
)
def test_what_a_button_does_and_a_list_shows_is_told(said: Spoken, words: str) -> None:
    assert words in json.dumps(said.blocks)


@pytest.mark.parametrize(
    "said",
    [
        pytest.param(shown.suggestion(1, "L", GATES, [], others=1), id="a suggestion"),
        pytest.param(
            shown.existing(1, "L", GATES, "C1", url="https://x"), id="a place"
        ),
        pytest.param(shown.invitation(1, "L", "U1", "C1", "T"), id="an invitation"),
        pytest.param(shown.co_host(1, "L", "U1", "C1"), id="hosting"),
    ],
)
def test_the_small_print_is_read_aloud_too(said: Spoken) -> None:
    (small,) = said.blocks[-1]["elements"]

    for part in small["text"].split(" \u00b7 "):
        assert part in said.text


def test_a_click_that_comes_too_late_hears_why() -> None:
    assert shown.too_late("U1") == "<@U1> is starting this already."
    assert "settled already" in shown.too_late(None)
