"""What a message means, where its words leave in doubt whether it asks."""

import json
import math
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from bot.asking import fit_meaning, judge
from bot.asking.meaning import LEAST, MOST, Meaning, is_in_doubt, read, shipped
from bot.graph.messages import Noted
from bot.happenings import Said
from bot.hearing import hear, judge_all
from bot.noting import embed
from bot.text import Hasher
from bot.vectors import load_engine
from bot.vectors.store import pack
from tests.exports import SmallExport

# Invented, and left in doubt by their words.
TROUBLE = "Need help with the export, it fails with a weird message"
ASIDE = "Any chance somebody has the slides :eyes:"
SURE = "Who owns the billing service?"
TOLD = "We moved the stand-up to ten."


class Pointing:
    """An engine whose every vector points along or against what asks."""

    dimensions = 384

    def __init__(self, sign: float, model: str | None = None) -> None:
        self.model = model or shipped().model
        self.row = sign * shipped().numbers / np.linalg.norm(shipped().numbers)
        self.embedded: list[str] = []

    def embed(self, texts: Sequence[str]) -> NDArray[np.float32]:
        self.embedded += texts
        return np.tile(self.row, (len(texts), 1))


def noted(text: str, *, is_root: bool = True) -> Noted:
    ts = "1700000000.000100"
    root_ts = ts if is_root else "1600000000.000100"
    said = Said("C1", ts, root_ts, "U1", text, version_ts=ts)
    return Noted(said, hear(text, Hasher(b"key"), is_root=is_root))


def test_log_odds_add_up() -> None:
    meaning = Meaning("any", 0.5, 2.0, np.array([1.0, -3.0], np.float32))

    said = meaning.probability(0.75, np.array([0.6, 0.8], np.float32))

    assert math.log(said / (1 - said)) == pytest.approx(
        0.5 + 2 * math.log(3) + 0.6 - 2.4
    )


def test_what_is_kept_is_read_again() -> None:
    meaning = shipped()

    again = read(meaning.to_json())

    assert replace(again, numbers=meaning.numbers) == meaning
    assert np.array_equal(again.numbers, meaning.numbers)


def test_what_is_shipped_is_for_the_engine_that_is_shipped() -> None:
    engine = load_engine("minilm")

    assert engine
    assert shipped().model == engine.model
    assert shipped().numbers.shape == (engine.dimensions,)


@pytest.mark.parametrize(
    ("score", "is_so"), [(LEAST, False), (0.21, True), (0.79, True), (MOST, False)]
)
def test_doubt_has_two_ends(score: float, *, is_so: bool) -> None:
    assert is_in_doubt(score) == is_so


@pytest.mark.parametrize(("sign", "asks"), [(1.0, True), (-1.0, False)])
def test_only_what_is_in_doubt_is_looked_at_again(sign: float, *, asks: bool) -> None:
    engine = Pointing(sign)

    judged = judge_all(engine, [(SURE, True), (TROUBLE, True), (TOLD, True)])

    assert engine.embedded == [TROUBLE]
    assert (judged[0], judged[2]) == (judge(SURE), judge(TOLD))
    assert judged[1].is_question == asks
    assert judged[1].score != judge(TROUBLE).score


def test_without_the_engine_it_was_learnt_with_the_first_judgement_stands() -> None:
    first = judge(TROUBLE)
    other = Pointing(1.0, model="another")

    assert judge_all(None, [(TROUBLE, True)]) == [first]
    assert judge_all(other, [(TROUBLE, True)]) == [first]
    assert other.embedded == []


def test_who_tells_of_trouble_in_a_workplace_is_heard() -> None:
    engine = load_engine("minilm")

    judged = judge_all(engine, [(TROUBLE, True), (ASIDE, True)])

    assert not judge(TROUBLE).is_question
    assert judged[0].is_question
    assert judged[1].score == pytest.approx(judge(ASIDE).score, abs=0.1)


def test_a_message_found_to_ask_is_held_with_its_vector() -> None:
    engine = Pointing(1.0)

    [asks, told] = embed(engine, [noted(TROUBLE), noted(TOLD)])

    assert asks.heard.is_question
    assert (asks.vector, asks.vector_model) == (pack(engine.row), engine.model)
    assert (told.heard.is_question, told.vector) == (False, None)


def test_a_message_found_not_to_ask_is_held_without_a_vector() -> None:
    doubtful = noted("I can't find the holiday calendar anywhere")
    assert doubtful.heard.is_question

    [told] = embed(Pointing(-1.0), [doubtful])

    assert not told.heard.is_question
    assert (told.vector, told.vector_model) == (None, None)


def test_a_reply_is_not_embedded() -> None:
    engine = Pointing(1.0)

    embed(engine, [noted(TROUBLE, is_root=False)])

    assert engine.embedded == []


def test_questions_of_another_engine_get_its_vectors() -> None:
    engine = Pointing(1.0, model="another")

    found = embed(engine, [noted(SURE), noted(TROUBLE)])

    assert engine.embedded == [SURE]
    assert found[0].vector_model == "another"
    assert not found[1].heard.is_question


def test_an_answer_within_an_hour_by_somebody_else_counts(tmp_path: Path) -> None:
    export = SmallExport()
    asked = export.say("UANA", "the oven is cold")
    own = export.say("UBEN", "we bake bread")
    late = export.say("UCAT", "tea is ready")
    export.say("UBEN", "judged elsewhere")
    for user, root, after_s in (
        ("UBEN", asked, 60.0),
        ("UBEN", own, 60.0),
        ("UANA", late, fit_meaning.SOON_S),
    ):
        ts = f"{float(root) + after_s:.6f}"
        export.said.append(
            (
                "baking",
                {"type": "message", "user": user, "text": "oh", "ts": ts}
                | {"thread_ts": root},
            )
        )
    engine = load_engine("minilm")
    assert engine

    read = fit_meaning.read_history(
        export.write(tmp_path / "export"), {"judged elsewhere"}, engine
    )

    assert read.is_answered.tolist() == [True, False, False]


def test_fitting_learns_where_the_words_leave_doubt(tmp_path: Path) -> None:
    rows = [
        {"id": f"{asks}{n}", "text": text.format(n=n), "label": asks}
        for n in range(24)
        for asks, text in (
            ("yes", "I get an error when I open form {n}, and it fails"),
            ("no", "I got cake number {n} for the party, and it is nice"),
        )
    ]
    labels = tmp_path / "labels.jsonl"
    labels.write_text("\n".join(json.dumps(row) for row in rows), encoding="utf-8")
    export = SmallExport()
    for n in range(12):
        export.ask("UANA", f"Where is form {n}?", "UBEN")
        export.say("UBEN", f"Cake number {n} is here")
    folder = export.write(tmp_path / "export")
    kept = tmp_path / "meaning.json"

    said = fit_meaning.main(
        [
            *("--labels", str(labels), "--exports", str(folder)),
            *("--write", str(kept)),
        ]
    )

    meaning = read(kept.read_text(encoding="utf-8"))
    engine = load_engine("minilm")
    assert engine
    asks, tells = engine.embed(["my form fails with an error", "cake for the party"])
    assert meaning.model == engine.model
    assert meaning.probability(0.5, asks) > meaning.probability(0.5, tells)
    assert said[1].startswith("by other authors, file 1, all (48): precision 1.000")
    assert len(said) == 2


def test_communities_are_judged_by_one_another(tmp_path: Path) -> None:
    files, exports = [], []
    for name in ("first", "second"):
        rows = [
            {"id": f"{name}{n}", "text": text, "label": label}
            for n in range(12)
            for text, label in ((f"where is form {n}", "yes"), (f"cake {n}", "no"))
        ]
        files.append(tmp_path / f"{name}.jsonl")
        files[-1].write_text("\n".join(json.dumps(row) for row in rows))
        export = SmallExport()
        for n in range(6):
            export.ask("UANA", f"Where is form {n}?", "UBEN")
            export.say("UBEN", f"Cake number {n} is here")
        exports.append(export.write(tmp_path / name))

    said = fit_meaning.main(
        ["--labels", *map(str, files), "--exports", *map(str, exports)]
    )

    assert [line.split(",")[0] for line in said] == [
        *["by other authors"] * 4,
        *["by other communities"] * 4,
    ]
