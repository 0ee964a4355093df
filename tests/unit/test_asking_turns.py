"""How much a sentence sounds like a question, and how that is learnt."""

import json
from pathlib import Path

import pytest

from bot.asking import fit_turns
from bot.asking.turns import BEGIN, EDGE, END, OTHER, Turns, shipped, turns
from bot.asking.weights import CONSTANT
from tests.exports import SmallExport

KNOWN = frozenset({"where", "is", "the"})


def test_a_turn_is_what_follows_what_and_unknown_words_look_alike() -> None:
    found = turns(("where", "is", "kim's", "printer"), KNOWN)

    assert found == {
        *("where", "is"),
        *(f"{BEGIN} where", "where is", f"is {OTHER}", f"{OTHER} {END}"),
        *(f"{BEGIN} where is", f"where is {OTHER}", f"is {OTHER} {END}"),
    }


def test_a_long_sentence_is_heard_by_its_edges() -> None:
    words = ["where", *["is"] * 3 * EDGE, "the"]

    assert turns(words, KNOWN) == turns(["where", *["is"] * 2 * EDGE, "the"], KNOWN)


def test_a_sentence_sounds_as_the_sum_of_its_turns() -> None:
    heard = Turns(KNOWN, {f"{BEGIN} where": 2.0, "is": 0.5, "the": 9.0}, -3.0)

    assert heard.sound(("where", "is", "it")) == -0.5


def test_what_is_shipped_knows_a_question_by_its_words_alone() -> None:
    heard = shipped()

    asks = heard.sound(["where", "can", "i", "find", "the", "docs"])
    assert asks > 0 > heard.sound(["you", "can", "find", "it", "in", "the", "docs"])


def test_what_is_shipped_holds_neither_digits_nor_capitals() -> None:
    assert all(word.islower() and not word.isdigit() for word in shipped().known)


def test_history_teaches_which_words_go_with_a_mark(tmp_path: Path) -> None:
    people = [f"U{n}" for n in range(70)]
    export = SmallExport(people=people)
    for user in people:
        export.say(user, f"where is the kettle {user.lower()}?")
        export.say(user, f"here is the kettle {user.lower()}.")
    folder = export.write(tmp_path / "export")
    judging = tmp_path / "labels.jsonl"
    judging.write_text(json.dumps({"text": "where is it?", "ts": "1.5"}))
    kept = tmp_path / "turns.json"

    told = fit_turns.main(
        [str(folder), "--without", str(judging), "--write", str(kept)]
    )

    worth = json.loads(kept.read_text(encoding="utf-8"))
    assert told == f"{len(worth)} turns"
    assert worth["where"] > 0 > worth["here"]
    assert CONSTANT in worth
    assert not [turn for turn in worth if "u1" in turn.split()]


@pytest.mark.parametrize("given_by", ["text", "ts"])
def test_a_message_that_judges_is_not_learnt_from(
    tmp_path: Path, given_by: str
) -> None:
    export = SmallExport()
    export.say("UANA", "we bake bread.")
    judging = {"text": "where is it?"}
    judging["ts"] = export.say("UBEN", judging["text"])
    folder = export.write(tmp_path / "export")

    read = list(fit_turns.read([folder], {judging[given_by]}))

    assert [example.words for example in read] == [("we", "bake", "bread")]


def test_a_word_of_one_history_alone_is_not_known() -> None:
    examples = [
        fit_turns.Example(source, f"U{n}", ("the", subject), is_marked=False)
        for source, subject in enumerate(("yeast", "timber"))
        for n in range(fit_turns.WORD_PEOPLE)
    ]

    assert fit_turns.known_words(examples) == {"the"}
