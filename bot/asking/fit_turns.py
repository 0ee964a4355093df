"""Learn `turns.json` from histories, in which people label their questions by "?".

usage: python -m bot.asking.fit_turns EXPORT... [--without LABELS...] [--write FILE]

Every sentence of every person is an example: its words, and whether a question mark
follows. Messages whose text or `ts` stands in LABELS are passed over, so that these
can judge what is learnt. A word is known, and a turn kept, only if many people use it,
a word in every history: no name and no subject of one community is among them.
"""

import argparse
import json
import sys
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize
from scipy.sparse import csr_array

from bot.asking.sentences import sentences
from bot.asking.turns import turns
from bot.asking.weights import CONSTANT
from bot.reading import read_message
from bot.slack_export import open_export

# How many people of each history use a word that is known, and how many people
# altogether a turn, in how many sentences.
WORD_PEOPLE, TURN_PEOPLE, TURN_SENTENCES = 60, 25, 60
# How strongly worths are held to zero; a turn worth less than LEAST is left out.
PENALTY, LEAST = 5.0, 0.4

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Example:
    """A sentence: which history it is from, by whom, what it says, whether it asks."""

    source: int
    user_id: str
    words: tuple[str, ...]
    is_marked: bool


def read(paths: Sequence[Path], without: AbstractSet[str]) -> Iterator[Example]:
    """Read every sentence of two words or more, but none of the messages given."""
    for source, path in enumerate(paths):
        with open_export(path) as export:
            for day in export.days():
                for entry in export.messages(day):
                    said = read_message(entry, channel_id=day.folder)
                    if said is None or not without.isdisjoint((said.text, said.ts)):
                        continue
                    for sentence in sentences(said.text):
                        if len(sentence.words) > 1:
                            yield Example(
                                source,
                                said.user_id,
                                sentence.words,
                                sentence.is_marked,
                            )


def known_words(examples: Iterable[Example]) -> frozenset[str]:
    """Return the words that many people of every history use."""
    people: dict[str, dict[int, set[str]]] = defaultdict(lambda: defaultdict(set))
    sources = set()
    for example in examples:
        sources.add(example.source)
        for word in example.words:
            people[word][example.source].add(example.user_id)
    return frozenset(
        word
        for word, users in people.items()
        if not word.isdigit() and all(len(users[s]) >= WORD_PEOPLE for s in sources)
    )


def learn(examples: Sequence[Example]) -> dict[str, float]:
    """Return what each turn that is kept is worth, the constant among them."""
    known = known_words(examples)
    rows = [turns(example.words, known) for example in examples]
    marks = np.array([example.is_marked for example in examples], float)
    names = _common(rows, examples)
    worth = _fit(_matrix(rows, names), marks)
    names = [n for n, w in zip(names, worth, strict=False) if abs(w) >= LEAST]
    worth = _fit(_matrix(rows, names), marks)
    return dict(zip((*names, CONSTANT), worth.round(2).tolist(), strict=True))


def _common(rows: Sequence[set[str]], examples: Sequence[Example]) -> list[str]:
    people: dict[str, set[str]] = defaultdict(set)
    counts: dict[str, int] = defaultdict(int)
    for row, example in zip(rows, examples, strict=True):
        for turn in row:
            counts[turn] += 1
            if len(people[turn]) < TURN_PEOPLE:
                people[turn].add(example.user_id)
    return sorted(
        turn
        for turn, count in counts.items()
        if count >= TURN_SENTENCES and len(people[turn]) >= TURN_PEOPLE
    )


def _matrix(rows: Sequence[set[str]], names: Sequence[str]) -> csr_array:
    places = {name: place for place, name in enumerate(names)}
    columns = [[places[turn] for turn in row if turn in places] for row in rows]
    starts = np.cumsum([0, *map(len, columns)])
    flat = [place for row in columns for place in row]
    return csr_array((np.ones(len(flat)), flat, starts), (len(rows), len(names)))


def _fit(matrix: csr_array, marks: Floats) -> Floats:
    """Fit a logistic regression held to zero; the constant comes last, and free."""

    def loss(worth: Floats) -> tuple[float, Floats]:
        sound = matrix @ worth[:-1] + worth[-1]
        off = 1 / (1 + np.exp(-np.clip(sound, -30, 30))) - marks
        pull = PENALTY * worth[:-1]
        value = np.logaddexp(0, sound).sum() - marks @ sound + pull @ worth[:-1] / 2
        return float(value), np.append(matrix.T @ off + pull, off.sum())

    start = np.zeros(matrix.shape[1] + 1)
    found = minimize(loss, start, jac=True, method="L-BFGS-B", options={"maxiter": 150})
    return np.asarray(found.x)


def main(argv: Sequence[str]) -> str:
    """Return what was learnt as JSON, or write it and return how much it is."""
    parser = argparse.ArgumentParser(prog="python -m bot.asking.fit_turns")
    parser.add_argument("exports", nargs="+", type=Path, metavar="EXPORT")
    parser.add_argument("--without", nargs="*", type=Path, default=[])
    parser.add_argument("--write", type=Path, help="where to keep the turns")
    args = parser.parse_args(argv)
    labelled = [
        json.loads(line)
        for path in args.without
        for line in path.read_text(encoding="utf-8").splitlines()
    ]
    without = {
        str(row[key]) for row in labelled for key in ("text", "ts") if key in row
    }
    worth = learn(list(read(args.exports, without)))
    text = json.dumps(dict(sorted(worth.items())), indent=0, ensure_ascii=False)
    if not args.write:
        return text
    args.write.write_text(text + "\n", encoding="utf-8")
    return f"{len(worth)} turns"


if __name__ == "__main__":  # pragma: no cover - the tests call main
    sys.stdout.write(main(sys.argv[1:]) + "\n")
