"""Earlier questions as links, with when, where and how many answered."""

from datetime import UTC, datetime
from functools import partial

from bot.answers import Earlier
from bot.ballots import load_repeat_ballot
from bot.blocks.asked_before import (
    NOT_SAME_ACTION,
    SAME_ACTION,
    asked_before,
    asked_before_in_words,
)
from bot.links import permalink
from bot.standin.blocks import message_errors

AT = datetime(2026, 3, 5, 9, 30, tzinfo=UTC)
LINK = partial(permalink, "acme")


def earlier(n: int, answers: int = 2) -> list[Earlier]:
    return [
        Earlier(f"C{i}", f"177270300{i}.000100", AT, 1.5, answers) for i in range(n)
    ]


def test_each_question_is_a_link_with_where_and_when_and_how_many_answered() -> None:
    (block,) = asked_before(earlier(1), LINK)

    shown = block["text"]["text"]
    assert message_errors([block]) == []
    assert shown.startswith("*Asked before*\n\u2022 Asked <!date^1772703000^")
    assert "archives/C0/p1772703000000100|5 Mar 2026> in <#C0>" in shown
    assert "2 people answered" in shown
    assert "1.5" not in shown


def test_three_are_shown_at_the_most() -> None:
    (block,) = asked_before(earlier(5), LINK)

    assert block["text"]["text"].count("|5 Mar 2026>") == 3


def test_nothing_is_said_where_nothing_was_asked_before() -> None:
    assert asked_before([], LINK) == []
    assert asked_before_in_words([]) == ""


def test_words_say_it_for_screen_readers() -> None:
    told = asked_before_in_words(earlier(1, answers=1))

    assert told == "\nIt was asked before, on 5 Mar 2026 (1 person answered)."


def test_the_asker_can_say_of_each_whether_it_is_the_same() -> None:
    blocks = asked_before(earlier(5), LINK, question="q1")

    assert message_errors(blocks) == []
    rows = [b["elements"] for b in blocks if b["type"] == "actions"]
    assert [[e["action_id"] for e in row] for row in rows] == [
        [SAME_ACTION, NOT_SAME_ACTION]
    ] * 3
    ballots = [load_repeat_ballot(e["value"]) for row in rows for e in row]
    assert len({b.pair for b in ballots}) == 3
    assert {b.score for b in ballots} == {1.5}
    shown = [b["text"]["text"] for b in blocks if b["type"] == "section"]
    assert shown[0] == "*Asked before*"
    assert all("2 people answered" in line for line in shown[1:])
