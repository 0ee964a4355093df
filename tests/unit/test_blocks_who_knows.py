"""The answer as people read it: evidence in words, a next step, no score."""

import json
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any

import pytest

from bot.answers import Earlier, Knower, Outcome, Place, Proof, TopicShown, WhoKnows
from bot.blocks.who_knows import Sharing, answer
from bot.links import permalink
from bot.standin.blocks import elements_of, message_errors

AT = datetime(2026, 3, 5, 9, 30, tzinfo=UTC)
LINK = partial(permalink, "acme")


def knower(user_id: str = "U1", **changed: Any) -> Knower:
    held: dict[str, Any] = {
        "user_id": user_id,
        "score": 7.8125,
        "asked": 0,
        "answered": 3,
        "thanked": 1,
        "last_at": AT,
        "evidence": (Proof("C1", "1772703000.000100", AT),),
    }
    return Knower(**(held | changed))


def found(*people: Knower, **changed: Any) -> WhoKnows:
    held: dict[str, Any] = {
        "subject": "pooling",
        "outcome": Outcome.FOUND if people else Outcome.NO_PEOPLE,
        "topic": TopicShown(1, "connection pooling", ()),
        "people": people,
        "places": (),
    }
    return WhoKnows(**(held | changed))


def show(what: WhoKnows, **options: Any) -> tuple[str, str]:
    """The fallback, and everything in the blocks, after Slack's own check."""
    spoken = answer(what, permalink=LINK, **options)
    assert message_errors(spoken.blocks) == []
    assert 0 < len(spoken.text) <= 4000
    return spoken.text, json.dumps(spoken.blocks, ensure_ascii=False)


def buttons(what: WhoKnows, **options: Any) -> list[dict[str, Any]]:
    spoken = answer(what, permalink=LINK, **options)
    return [e for b in spoken.blocks for e in elements_of(b) if e["type"] == "button"]


def test_a_person_is_named_with_why() -> None:
    text, blocks = show(found(knower()))

    assert "Answered 3 times and was thanked once\\n" in blocks
    assert (
        "Latest answer: <!date^1772703000^{date_short_pretty}"
        "^https://acme.slack.com/archives/C1/p1772703000000100|5 Mar 2026> in <#C1>"
        in blocks
    )
    assert (
        "<@U1>: answered 3 times and was thanked once, most recently 5 Mar 2026."
        in text
    )


def test_interest_stands_apart_from_expertise() -> None:
    _, blocks = show(found(knower(asked=2)))

    assert "Answered 3 times" in blocks
    assert "_Has also asked about it twice_" in blocks


def test_the_day_aloud_is_that_of_the_latest_answer_not_of_a_question_since() -> None:
    text, _ = show(found(knower(asked=1, last_at=AT + timedelta(days=30))))

    assert "most recently 5 Mar 2026; asked about it once" in text


def test_no_score_is_ever_shown() -> None:
    text, blocks = show(found(knower(), knower("U2")))

    assert "7.8" not in text + blocks


def test_at_most_three_people_and_three_links_are_shown() -> None:
    proofs = tuple(Proof("C1", f"177270300{i}.000100", AT) for i in range(9))
    people = [knower(f"U{i}", evidence=proofs) for i in range(9)]

    text, blocks = show(found(*people))

    assert "<@U2>" in text
    assert "<@U3>" not in text + blocks
    assert blocks.count("/archives/") == 9


@pytest.mark.parametrize(
    ("links", "said"),
    [
        pytest.param(1, "Latest answer: <", id="one"),
        pytest.param(2, "Latest answers: <", id="two"),
        pytest.param(3, "Latest answers: <", id="three"),
    ],
)
def test_evidence_is_told_by_day_and_channel(links: int, said: str) -> None:
    proofs = tuple(Proof(f"C{i}", f"177270300{i}.000100", AT) for i in range(links))

    _, blocks = show(found(knower(evidence=proofs)))

    assert said in blocks
    for i in range(links):
        assert f"|5 Mar 2026> in <#C{i}>" in blocks


def test_without_a_link_there_is_at_least_a_day() -> None:
    _, blocks = show(found(knower(answered=0, thanked=2, evidence=())))

    assert "Was thanked twice, most recently <!date^1772703000^" in blocks
    assert "Latest answer" not in blocks


def test_somebody_without_counts_is_still_named_in_words() -> None:
    bare = knower(answered=0, thanked=0, last_at=None, evidence=())

    text, blocks = show(found(bare))

    assert "<@U1>: has written about it." in text
    assert "Has written about it" in blocks


def test_thanks_alone_are_told() -> None:
    text, blocks = show(found(knower(answered=0, thanked=2)))

    assert "Was thanked twice" in blocks
    assert "was thanked twice" in text


def test_places_come_with_why() -> None:
    place = Place("C9", "databases", "4 conversations about it")

    text, blocks = show(found(knower(), places=(place,)))

    assert "<#C9>: 4 conversations about it" in blocks
    assert "#databases (4 conversations about it)" in text


def test_forty_places_are_five_and_a_count() -> None:
    places = tuple(Place(f"C{i}", "n" * 400, "w" * 4000) for i in range(40))

    text, blocks = show(found(knower(), places=places))

    assert "and 35 more channels" in blocks
    assert "35 more channels" in text
    assert "<#C5>" not in blocks


@pytest.mark.parametrize(
    "nasty",
    [
        pytest.param("<!channel> run", id="broadcast"),
        pytest.param("<@U666>", id="mention"),
        pytest.param("<https://evil.example|here>", id="link"),
        pytest.param("&" * 3000, id="escaping makes it longer"),
        pytest.param("x" * 3000, id="3,000 characters"),
        pytest.param("two\nlines", id="lines"),
    ],
)
@pytest.mark.parametrize("outcome", list(Outcome))
def test_what_people_wrote_calls_nobody(nasty: str, outcome: Outcome) -> None:
    what = found(
        *((knower(),) if outcome == Outcome.FOUND else ()),
        outcome=outcome,
        subject=nasty,
        topic=TopicShown(1, nasty, (nasty,)),
        places=(Place("C9", nasty, nasty),),
        related=(TopicShown(2, nasty, ()),),
    )

    text, blocks = show(what, share_value="{}")

    for shown in (text, blocks):
        assert "<!channel" not in shown
        assert "<@U666" not in shown
        assert "<https://evil" not in shown


@pytest.mark.parametrize(
    ("outcome", "step"),
    [
        pytest.param(Outcome.NO_PEOPLE, "I'll notice when somebody answers", id="none"),
        pytest.param(Outcome.UNKNOWN, "Try another word", id="unknown"),
        pytest.param(Outcome.EMPTY, "`/who-knows connection pooling`", id="empty"),
    ],
)
def test_nothing_found_leads_somewhere(outcome: Outcome, step: str) -> None:
    related = (TopicShown(2, "query plans", ()), TopicShown(3, "indexes", ()))

    text, blocks = show(found(outcome=outcome, topic=None, related=related))

    assert step in text
    assert step in blocks
    assert "query plans and indexes" in text
    assert "query plans and indexes" in blocks


@pytest.mark.parametrize(
    ("asked", "shown"),
    [
        pytest.param("a &lt;b&gt; c", "“a &lt;b&gt; c”", id="escaped once"),
        pytest.param("<@U7> <https://x.example|pgbouncer>", "“pgbouncer”", id="link"),
        pytest.param("How do I?", "“How do I?”", id="a whole question"),
        pytest.param("<@U7>", "this", id="a mention alone"),
    ],
)
def test_a_subject_in_slacks_markup_reads_as_words(asked: str, shown: str) -> None:
    what = found(outcome=Outcome.UNKNOWN, topic=None, subject=asked)

    text, _ = show(what)

    assert text.startswith(f"I haven't heard anybody talk about {shown}.")


def test_without_people_a_question_is_sent_where_it_is_talked_about() -> None:
    place = Place("C9", "databases", "4 conversations about it")

    text, blocks = show(found(places=(place,)))

    assert "Ask where it is talked about" in text
    assert "<#C9>" in blocks


def test_sharing_is_offered_when_there_is_something_to_carry() -> None:
    (button,) = buttons(found(knower()), share_value="{}")

    assert button["text"]["text"] == "Share in Thread"
    assert button["value"] == "{}"
    assert "notified" in button["confirm"]["text"]["text"]


def test_sharing_outside_a_thread_says_so() -> None:
    (button,) = buttons(found(knower()), share_value="{}", in_thread=False)

    assert button["text"]["text"] == "Share in Channel"


@pytest.mark.parametrize("value", [None, "x" * 2001], ids=["not offered", "too long"])
def test_no_button_without_a_value_that_fits(value: str | None) -> None:
    assert buttons(found(knower()), share_value=value) == []


def test_what_is_shared_says_who_asked_and_has_no_button() -> None:
    sharing = Sharing(shared_by="U9")

    text, blocks = show(found(knower()), share_value="{}", sharing=sharing)

    assert "Asked and shared by <@U9>." in text
    assert "Asked and shared by <@U9>" in blocks
    assert buttons(found(knower()), share_value="{}", sharing=sharing) == []


@pytest.mark.parametrize(
    ("sharing", "said"),
    [
        pytest.param(None, "Nobody is told who presses That Helped", id="private"),
        pytest.param(Sharing("U9"), "Not Me is for those named", id="shared"),
    ],
)
def test_a_vote_says_who_sees_it_before_it_is_pressed(
    sharing: Sharing | None, said: str
) -> None:
    _, blocks = show(found(knower(), question="q"), sharing=sharing)

    assert said in blocks
    assert said not in show(found(knower()), sharing=sharing)[1]


def test_the_heading_over_people_stands_with_them() -> None:
    before = (Earlier("C1", "1772703000.000100", AT, 1.0, 2),)
    what = found(knower(), asked_before=before, question="q")

    blocks = answer(what, permalink=LINK).blocks

    told = [b["text"]["text"] for b in blocks if b["type"] == "section"]
    assert told[0] == "*Asked before*"
    assert told[2] == "*People who may know about connection pooling*"
    assert told[3].startswith("<@U1>")


def test_where_it_was_answered_before_nobody_is_said_not_to_have_answered() -> None:
    before = (Earlier("C1", "1772703000.000100", AT, 1.0, 2),)

    text, blocks = show(found(asked_before=before))

    assert "Nobody has answered" not in text + blocks
    assert "start there, or ask again" in text
    assert "2 people answered" in blocks
