"""Pairs of questions as `bot.learn_repeats` reads them from histories."""

import json
from dataclasses import replace
from pathlib import Path

import pytest

from bot.deps import Deps
from bot.learn_repeats import main
from bot.memory import Memories
from bot.ranking.alike import FEATURES
from bot.repeat_pairs import read
from bot.vectors import load_engine
from tests.graph.talk import happen, ts
from tests.graph.test_asked_before import AGAIN, AXIS, OTHER, answered

PAIR = {"history": "one", "later": ["CPUB", ts(500)], "earlier": ["CPUB", ts(10)]}


@pytest.fixture(autouse=True)
def heard(deps: Deps) -> Deps:
    heard = replace(deps, memories=Memories(load_engine("minilm")))
    happen(heard, answered("UANNA", "UBERT", AXIS, 10))
    happen(heard, answered("UCORA", "UDAVE", AGAIN, 500))
    for i, text in enumerate(OTHER):
        happen(heard, answered("UCORA", "UDAVE", text, 1_000 + 10 * i))
    return heard


def labels(folder: Path, *told: str) -> Path:
    path = folder / "labels.jsonl"
    path.write_text("".join(json.dumps(PAIR | {"label": t}) + "\n" for t in told))
    return path


@pytest.mark.parametrize(
    ("told", "found"),
    [
        (("yes",), (1, 1, 1)),
        (("no",), (1, 1, 0)),
        ((), (1, 0, 0)),
        (("left out",), (0, 0, 0)),
    ],
    ids=["the same", "not the same", "not labelled", "left out"],
)
def test_pairs_are_read_with_what_is_known_of_them(
    database_url: str,
    tmp_path: Path,
    told: tuple[str, ...],
    found: tuple[int, int, int],
) -> None:
    held = read(labels(tmp_path, *told), {"one": database_url})

    assert (len(held.same), int(held.known.sum()), int(held.same.sum())) == found
    assert held.asked == {"one": 2 + len(OTHER)}


def test_threads_that_ask_the_same_are_in_one_fold(
    database_url: str, tmp_path: Path
) -> None:
    held = read(labels(tmp_path, "yes"), {"one": database_url})

    assert held.folds[0, 0] == held.folds[0, 1]


def test_weights_are_written_without_anything_of_the_messages(
    database_url: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    written = tmp_path / "repeats.json"

    main([str(labels(tmp_path, "yes")), f"one={database_url}", "--write", str(written)])

    assert set(json.loads(written.read_text())) == {"constant", "needed", *FEATURES}
    assert "axis" not in written.read_text() + capsys.readouterr().out
