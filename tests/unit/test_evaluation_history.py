"""An export read for an evaluation, cut in time, and its channels hidden."""

import math
from datetime import timedelta
from pathlib import Path

import pytest

from bot.errors import BadInputError
from bot.evaluation import questions
from bot.evaluation.baselines import (
    BM25,
    BM25_CHANNEL,
    EVERYWHERE,
    THIS_CHANNEL,
    Baselines,
)
from bot.evaluation.evaluate import last_part
from bot.evaluation.history import (
    History,
    has_question_mark,
    questions_of,
    read_history,
)
from bot.evaluation.rewriting import before, pooled
from bot.evaluation.who_knows import cut
from bot.slack_export import open_export
from tests.exports import START, SmallExport

TWO = ({"id": "CBAKE", "name": "baking"}, {"id": "CCLAY", "name": "clay"})


@pytest.fixture
def small() -> SmallExport:
    return SmallExport(channels=TWO)


def read(small: SmallExport, folder: Path) -> History:
    with open_export(small.write(folder)) as export:
        return read_history(export, lambda _done, _of: None)


@pytest.mark.parametrize(
    ("text", "is_marked"),
    [
        pytest.param("How hot?", True, id="plain"),
        pytest.param("```a ? b : c```", False, id="in code"),
        pytest.param("see <https://example.com/?q=1>", False, id="in an address"),
        pytest.param("<https://example.com|is this it?>", True, id="in a link's words"),
        pytest.param("no mark", False, id="none"),
    ],
)
def test_a_question_mark_counts_outside_code_and_addresses(
    text: str, *, is_marked: bool
) -> None:
    assert has_question_mark(text) is is_marked


def test_a_question_has_its_answers_by_person_but_not_the_askers_own(
    small: SmallExport, tmp_path: Path
) -> None:
    ts = small.ask("UANA", "How hot?", "UBEN", "UCAT", "UBEN")
    small.say("UANA", "thanks, it was cold", thread_ts=ts)

    (asked,) = questions_of(read(small, tmp_path).lines)

    assert (asked.asker_id, asked.ts) == ("UANA", ts)
    assert {user: len(texts) for user, texts in asked.answers.items()} == {
        "UBEN": 2,
        "UCAT": 1,
    }


def test_what_is_not_for_everybody_is_left_out(tmp_path: Path) -> None:
    small = SmallExport(
        channels=(
            *TWO,
            {"id": "CPRIV", "name": "private", "is_private": True},
            {"id": "CEXT", "name": "shared", "is_ext_shared": True},
        )
    )
    for folder in ("private", "shared", "unlisted"):
        small.ask("UANA", "Who?", "UBEN", folder=folder)
    small.ask("UANA", "How?", "UBEN")

    history = read(small, tmp_path)

    assert {line.folder for line in history.lines} == {"baking"}
    assert {c["id"] for c in history.channels} == {"CBAKE", "CCLAY"}


def test_the_last_fifth_of_the_time_is_asked_about(
    small: SmallExport, tmp_path: Path
) -> None:
    for n in range(11):
        small.say("UANA", f"message {n}")

    assert last_part(read(small, tmp_path)) == START + timedelta(hours=8)


def test_a_cut_asks_only_what_somebody_known_answered(
    small: SmallExport, tmp_path: Path
) -> None:
    small.ask("UANA", "How hot?", "UBEN")
    for n in range(30):
        small.ask("UANA", f"How hot is {n}?", "UBEN")
    small.ask("UANA", "How cold?", "UNEW")
    small.ask("UANA", "Anybody?")
    at = START + timedelta(hours=2)

    made = cut(read(small, tmp_path), at, 600)

    assert len(made.past) == 1
    assert len(made.asked) == 30
    assert len(cut(read(small, tmp_path), at, 7).asked) == 7


def test_the_same_cut_asks_the_same_questions(
    small: SmallExport, tmp_path: Path
) -> None:
    for n in range(80):
        small.ask("UANA", f"How hot is {n}?", "UBEN")
    history = read(small, tmp_path)
    at = START + timedelta(hours=20)

    assert cut(history, at, 40).asked == cut(history, at, 40).asked


def test_too_short_a_history_is_said_with_the_way_out(
    small: SmallExport, tmp_path: Path
) -> None:
    for n in range(12):
        small.ask("UANA", f"How hot is {n}?", "UBEN")

    with pytest.raises(BadInputError, match=r": 11 of the 30 .* earlier --at"):
        cut(read(small, tmp_path), START + timedelta(hours=2), 600)
    with pytest.raises(BadInputError, match="later --at"):
        cut(read(small, tmp_path), START, 600)


def test_the_past_does_not_tell_of_replies_that_came_later(
    small: SmallExport, tmp_path: Path
) -> None:
    small.say("UANA", "How hot?", reply_count=1, reply_users=["UBEN"], latest_reply="9")
    small.say("UBEN", "Very", thread_ts=small.said[0][1]["ts"])
    export = before(read(small, tmp_path), START + timedelta(minutes=1))

    (entry,) = [m for day in export.days() for m in export.messages(day)]

    assert set(entry) == {"type", "user", "text", "ts"}


def test_pooled_channels_tell_nothing_and_threads_stay_whole(
    small: SmallExport, tmp_path: Path
) -> None:
    for n in range(40):
        folder = ("baking", "clay")[n % 2]
        small.ask("UANA", f"In <#CCLAY|clay> or {n}?", "UBEN", folder=folder)
    small.say("UANA", "joined", subtype="channel_join")

    export, hidden = pooled(read(small, tmp_path))
    entries = [(day.folder, m) for day in export.days() for m in export.messages(day)]

    assert {c["name"] for c in export.channels()} == {f"pool-{n}" for n in range(1, 7)}
    assert not any("clay" in m["text"] or "<#" in m["text"] for _, m in entries)
    assert len(entries) == 80
    pools: dict[str, set[str]] = {}
    for folder, m in entries:
        pools.setdefault(m.get("thread_ts", m["ts"]), set()).add(folder)
    assert all(len(folders) == 1 for folders in pools.values())
    assert len(set.union(*pools.values())) == 6
    assert sorted(hidden.channel_of.values()) == ["baking"] * 20 + ["clay"] * 20


def test_baselines_count_answers_as_by_hand(small: SmallExport, tmp_path: Path) -> None:
    small.ask("UANA", "How hot is stone?", "UBEN", "UCAT")
    small.ask("UANA", "How long does rye take?", "UBEN")
    small.ask("UBEN", "Which glaze is blue?", "UDAN", folder="clay")
    history = questions_of(read(small, tmp_path).lines)
    *past, _ = history
    asked = history[-1]

    ranked = Baselines(history).rank(asked)

    # UBEN answered twice; UCAT and UDAN once, UCAT first.
    assert ranked[EVERYWHERE] == ["UCAT", "UDAN"]
    assert ranked[THIS_CHANNEL] == ["UDAN", "UCAT"]
    assert ranked[BM25] == ["UDAN", "UCAT"]
    assert ranked[BM25_CHANNEL] == ["UDAN", "UCAT"]
    assert Baselines(past).answers_of("UBEN") == 2
    assert Baselines(past).rank(past[0])[EVERYWHERE] == ["UBEN", "UCAT"]


def test_bm25_votes_are_the_formulas(small: SmallExport, tmp_path: Path) -> None:
    small.say("UANA", "glaze glaze?")
    small.say("UBEN", "cone six", thread_ts=small.said[0][1]["ts"])
    small.ask("UANA", "bread?", "UCAT")
    past = questions_of(read(small, tmp_path).lines)

    votes = Baselines(past)._threads.votes("glaze")  # noqa: SLF001 - the formula

    # Two threads of 4 words ("glaze glaze cone six", "bread like this bread").
    rarity = math.log(1 + (2 - 1 + 0.5) / (1 + 0.5))
    assert votes == {"UBEN": pytest.approx(rarity * 2 * 2.2 / (2 + 1.2))}


def test_messages_taken_for_questions_are_counted_beside_the_mark(
    small: SmallExport, tmp_path: Path
) -> None:
    small.ask("UANA", "How do I clean a pizza stone?", "UBEN")
    small.say("UANA", "Does anybody know how I can clean a pizza stone")
    small.say("UBEN", "Good morning everybody")

    taken = questions.count(read(small, tmp_path), None)

    assert taken.as_json() == {
        "messages": 3,
        "grapevine": 2,
        "question_mark": 1,
        "both": 1,
    }


def test_a_label_that_is_neither_yes_nor_no_is_named() -> None:
    rows = [{"text": "How?", "label": "yes"}, {"text": "How?", "label": "maybe"}]

    with pytest.raises(BadInputError, match=r"message 2.*'maybe'.*\"yes\" or \"no\""):
        questions.detect(rows, None)


def test_labelled_messages_are_judged_beside_the_mark() -> None:
    ours, mark = questions.detect(
        [
            {"text": "How do I clean a pizza stone?", "label": "yes"},
            {"text": "Does anybody know how to clean a pizza stone", "label": "Yes"},
            {"text": "Good morning", "label": False},
        ],
        None,
    )

    assert (ours.f1, mark.precision, mark.recall) == (1, 1, 0.5)


def test_nobody_wrote_anything(small: SmallExport, tmp_path: Path) -> None:
    with pytest.raises(BadInputError, match="nobody wrote anything"):
        questions.count(read(small, tmp_path), None)
