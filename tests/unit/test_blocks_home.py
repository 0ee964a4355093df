"""A person's Home tab, their data, help and topics."""

import json
import re
from datetime import UTC, datetime
from typing import Any

import pytest

from bot.blocks import data, help, home  # noqa: A004 - a surface's name
from bot.blocks.spoken import clip_marked, listed, say
from bot.blocks.topics import topics
from bot.overview import TopicCounted
from bot.pages import HeldTopic, Page
from bot.standin.blocks import elements_of, message_errors, view_errors
from models import TopicChoice

AT = datetime(2026, 3, 5, 9, 30, tzinfo=UTC)


def topic(topic_id: int = 1, **changed: Any) -> HeldTopic:
    held: dict[str, Any] = {
        "topic_id": topic_id,
        "label": "connection pooling",
        "asked": 1,
        "answered": 4,
        "thanked": 2,
        "shared": 0,
        "last_at": AT,
        "link": "https://acme.slack.com/archives/C1/p1",
    }
    return HeldTopic(**(held | changed))


def page(*held: HeldTopic, **changed: Any) -> Page:
    held_page: dict[str, Any] = {"topics": held, "total": len(held)}
    return Page(**(held_page | changed))


def show(what: Page) -> str:
    view = home.home(what)
    assert view_errors(view, "home") == []
    return json.dumps(view, ensure_ascii=False)


def elements(view: dict[str, Any]) -> list[dict[str, Any]]:
    found = [e for block in view["blocks"] for e in elements_of(block)]
    return [e for e in found if "action_id" in e]


def element(view: dict[str, Any], action_id: str) -> dict[str, Any]:
    (only,) = [e for e in elements(view) if e["action_id"] == action_id]
    return only


def test_a_topic_shows_each_kind_of_evidence_and_a_link() -> None:
    shown = show(page(topic(shared=1)))

    assert (
        "Answered 4 questions, was thanked twice, asked 1 question and wrote 1 daily "
        "answer, most recently <!date^1772703000^{date_short_pretty}"
        "^https://acme.slack.com/archives/C1/p1|5 Mar 2026>" in shown
    )


def test_a_link_into_a_thread_is_escaped_like_all_that_is_written() -> None:
    shown = show(page(topic(link="https://a.slack.com/p1?thread_ts=1&cid=C1")))

    assert "thread_ts=1&amp;cid=C1|5 Mar 2026>" in shown


@pytest.mark.parametrize(
    ("choice", "offered"),
    [
        pytest.param(None, ["hidden:1", "not me:1", "no routing:1"], id="no choice"),
        pytest.param(
            TopicChoice.HIDDEN, ["not me:1", "no routing:1", "undo:1"], id="hidden"
        ),
        pytest.param(
            TopicChoice.NOT_ME, ["hidden:1", "no routing:1", "undo:1"], id="not me"
        ),
        pytest.param(
            TopicChoice.NO_ROUTING, ["hidden:1", "not me:1", "undo:1"], id="no routing"
        ),
    ],
)
def test_a_topics_menu_offers_what_is_not_chosen(
    choice: TopicChoice | None, offered: list[str]
) -> None:
    view = home.home(page(topic(choice=choice)))

    options = element(view, home.TOPIC_ACTION)["options"]

    assert [o["value"] for o in options] == offered


def test_an_empty_page_teaches_by_example() -> None:
    shown = show(page())

    assert "/invite @Grapevine" in shown
    assert "connection pooling" in shown


def test_messages_without_a_topic_are_not_said_to_be_nothing() -> None:
    shown = show(page(messages=3))

    assert "*No topics yet.*" in shown
    assert "Nothing yet" not in shown
    assert "holds 3 messages of yours" in shown


def test_somebody_of_whom_nothing_is_held_reads_so() -> None:
    assert "Grapevine holds no message of yours." in show(page())


def test_who_has_opted_out_is_shown_nothing_that_cannot_happen() -> None:
    view = home.home(page(is_opted_out=True))

    shown = json.dumps(view)
    assert "for example" not in shown
    assert home.SNOOZE_ACTION not in shown
    assert "You can be named again" in shown


def test_a_page_of_hidden_topics_alone_is_not_taken_for_an_empty_one() -> None:
    shown = show(page(hidden=2))

    assert "Show 2 Hidden" in shown
    assert "/invite" not in shown


@pytest.mark.parametrize(
    ("offset", "total", "turning"),
    [
        pytest.param(0, 15, [], id="one full page"),
        pytest.param(0, 16, ["15"], id="one more"),
        pytest.param(15, 30, ["0"], id="the last"),
        pytest.param(15, 31, ["0", "30"], id="in the middle"),
    ],
)
def test_more_than_fifteen_topics_are_turned_like_pages(
    offset: int, total: int, turning: list[str]
) -> None:
    held = [topic(i) for i in range(15)]

    view = home.home(page(*held, offset=offset, total=total))

    buttons = (home.BEFORE_ACTION, home.AFTER_ACTION)
    found = [e["value"] for e in elements(view) if e["action_id"] in buttons]
    assert found == turning
    part = f"here are {offset + 1} to {offset + 15}"
    assert (part in json.dumps(view)) is (total > 15)
    assert view_errors(view, "home") == []


def test_the_view_remembers_which_part_it_shows() -> None:
    view = home.home(page(offset=15, total=20, shows_hidden=True, hidden=1))

    assert home.recall(view["private_metadata"]) == (15, True)
    assert home.LEAVE_HIDDEN_ACTION in json.dumps(view)


@pytest.mark.parametrize("lost", ["", "x:1x", ":"])
def test_a_lost_memory_is_the_start(lost: str) -> None:
    assert home.recall(lost) == (0, False)


def test_a_snoozed_person_sees_until_when_and_can_end_it() -> None:
    view = home.home(page(snoozed_until=AT))

    assert element(view, home.SNOOZE_ACTION)["initial_date"] == "2026-03-05"
    assert element(view, home.WAKE_ACTION)["text"]["text"] == "Name Me Again Now"
    assert "not named until" in json.dumps(view)
    assert view_errors(view, "home") == []


def test_an_opted_out_person_is_offered_the_way_back() -> None:
    view = home.home(page(is_opted_out=True, snoozed_until=AT))

    assert element(view, home.OPT_IN_ACTION)["style"] == "primary"
    assert home.OPT_OUT_ACTION not in json.dumps(view)
    assert "Nobody is sent to you" in json.dumps(view)


@pytest.mark.parametrize("action", [home.OPT_OUT_ACTION, home.ERASE_ACTION])
def test_grave_steps_are_asked_about_first(action: str) -> None:
    asked = element(home.home(page()), action)["confirm"]

    assert asked["title"]["text"].endswith("?")
    assert asked["deny"]["text"] == "Cancel"


@pytest.mark.parametrize(
    "nasty", ["<!channel>", "&" * 3000, "x" * 3000], ids=["broadcast", "&", "long"]
)
def test_a_label_calls_nobody_and_fits(nasty: str) -> None:
    held = [topic(i, label=nasty) for i in range(15)]

    assert "<!channel" not in show(page(*held, total=400, hidden=9))


def test_buttons_are_in_title_case_and_one_at_most_is_primary() -> None:
    small = {"in", "me"}
    for shown in (
        page(topic(), total=40, offset=15, hidden=3),
        page(is_opted_out=True, shows_hidden=True, snoozed_until=AT),
    ):
        buttons = [e for e in elements(home.home(shown)) if e["type"] == "button"]

        words = [w for b in buttons for w in b["text"]["text"].split()]
        assert [w for w in words if w[0].islower() and w not in small] == []
        assert sum(b.get("style") == "primary" for b in buttons) <= 1


def modal_text(view: dict[str, Any]) -> str:
    return "\n".join(
        b["text"]["text"].strip("`") for b in view["blocks"] if b["type"] == "section"
    )


def test_data_is_shown_whole_over_several_pages() -> None:
    rows = [{"ts": f"{i}.000100", "note": "<&>" * 40} for i in range(900)]
    held = {"user_id": "U1", "messages": rows}
    seen = ""
    number = 0
    while True:
        view = data.data_modal(held, page=number)
        assert view_errors(view, "modal") == []
        seen += modal_text(view)
        buttons = {e["action_id"] for e in elements(view)}
        if data.AFTER_ACTION not in buttons:
            break
        number += 1

    assert number >= 1
    assert len(set(re.findall(r"(\d+)\.000100", seen))) == 900


@pytest.mark.parametrize(
    "row", ["`" * 40, "&" * 9000, "x" * 9000], ids=["fences", "escaped", "long"]
)
def test_odd_data_stays_within_its_block(row: str) -> None:
    view = data.data_modal({"messages": [{"note": row}]}, page=0)

    assert view_errors(view, "modal") == []
    sections = [b["text"]["text"] for b in view["blocks"] if b["type"] == "section"]
    rows = [s for s in sections if not s.startswith("*What is held*")]
    assert rows
    assert all(s.count("```") == 2 and s.endswith("```") for s in rows)


def test_data_begin_with_what_they_are_in_words() -> None:
    held = {
        "user_id": "U1",
        "messages": [{"user_id": "U1", "ts": "1.2"}, {"user_id": "U1", "ts": "1.3"}],
        "reactions": [{"name": "joy"}],
        "suggestions": [{"user_id": "U2"}],
        "votes": [],
        "a_new_table": [{}],
    }

    blocks = data.data_modal(held, page=0)["blocks"]

    words, rows = blocks[1]["text"]["text"], blocks[2]["text"]["text"]
    assert "\u2022 2 messages of yours: where, when, what kind, hashed" in words
    assert "questions' vectors\n" in words
    assert "\u2022 1 reaction you gave" in words
    assert "\u2022 1 row of a_new_table" in words
    assert "vote" not in words + rows
    assert rows.count("U1") == 1
    assert '{"user_id": "U2"}' in rows


def test_of_whom_nothing_is_held_that_is_said() -> None:
    view = data.data_modal({"user_id": "U1", "messages": []}, page=0)

    assert "Nothing is held about you." in json.dumps(view)


@pytest.mark.parametrize("asked", [-3, 99], ids=["before the first", "past the last"])
def test_a_page_that_is_not_there_is_the_nearest(asked: int) -> None:
    view = data.data_modal({"user_id": "U1"}, page=asked)

    assert "page 1 of 1" in json.dumps(view)
    assert elements(view) == []


def test_a_page_in_the_middle_turns_both_ways() -> None:
    held = {"messages": [{"note": "x" * 2000} for _ in range(70)]}

    view = data.data_modal(held, page=1)

    turned = {e["action_id"]: e["value"] for e in elements(view)}
    assert turned == {data.BEFORE_ACTION: "0", data.AFTER_ACTION: "2"}


def test_help_fits_and_reads_the_same_aloud() -> None:
    for spoken in (
        help.usage(),
        help.hello("U1"),
        help.outsider(),
        help.unknown_command("<!channel>`x`" * 50),
    ):
        assert message_errors(spoken.blocks) == []
        assert spoken.text
        assert "<!channel" not in json.dumps(spoken.blocks) + spoken.text


def test_an_unknown_word_is_named_before_the_usage() -> None:
    spoken = help.unknown_command("frobnicate")

    assert spoken.text.startswith("I don't know `frobnicate`.")
    assert "/grapevine topics" in spoken.text


def test_topics_come_with_numbers() -> None:
    spoken = topics([TopicCounted(1, "a <b>", 4, 1, 1), TopicCounted(1, "c", 9, 3, 2)])

    assert "a &lt;b&gt;: 4 questions by 1 person in 1 channel" in spoken.text
    assert "c: 9 questions by 3 people in 2 channels" in spoken.text
    assert "`/who-knows a &lt;b&gt;` says who knows about it" in spoken.text
    assert message_errors(spoken.blocks) == []


def test_a_name_with_a_backtick_does_not_end_the_example() -> None:
    spoken = topics([TopicCounted(1, "the `ls` command", 4, 1, 1)])

    assert "`/who-knows the ls command` says" in str(spoken.blocks[-1])


def test_no_topics_yet_says_what_to_do() -> None:
    assert "/invite @Grapevine" in topics([]).text


def test_a_long_list_of_topics_is_cut_between_lines() -> None:
    spoken = topics([TopicCounted(1, "&" * 80, 4, 2, 1)] * 40)

    assert message_errors(spoken.blocks) == []
    assert "&am\u2026" not in spoken.text


def test_one_long_line_is_cut_between_words() -> None:
    assert clip_marked("one two three", 10) == "one two\u2026"


def test_what_is_said_without_blocks_is_one_paragraph() -> None:
    spoken = say("x" * 5000)

    assert len(spoken.blocks) == 1
    assert message_errors(spoken.blocks) == []


@pytest.mark.parametrize(
    ("parts", "said"),
    [([], ""), (["a"], "a"), (["a", "b"], "a and b"), (["a", "b", "c"], "a, b and c")],
)
def test_lists_read_as_english(parts: list[str], said: str) -> None:
    assert listed(parts) == said
