"""Measure speed and size, each beside something to compare it with, in one run.

usage: python -m tests.bench [events] [questions…]

Nothing here passes or fails: machines differ, so read the ratios.
"""

import sys
import time

import numpy as np
from rich.console import Console
from rich.table import Table

from bot.corpus import Corpus, Fact, build
from bot.ranking import Query, Ranker
from bot.text import KIND_BITS, Kind
from tests.bench.events import measure_events

EVENTS = 2_000
QUESTIONS = (1_000, 10_000, 100_000)
_MESSAGES_A_QUESTION = 4
_WORDS = 20_000
_PEOPLE = 2_000
_CHANNELS = 200
_QUERIES = 100


def main(arguments: list[str]) -> None:
    """Run every measurement and print a table each."""
    console = Console()
    events = int(arguments[0]) if arguments else EVENTS
    sizes = tuple(int(a) for a in arguments[1:]) or QUESTIONS
    for table in measure_events(events):
        console.print(table)
    console.print(_ranking(sizes))


def _ranking(sizes: tuple[int, ...]) -> Table:
    """Answering from a warm process, as the workspace grows."""
    table = Table("questions", "messages", "build s", "p50 ms", "p95 ms")
    table.title = "who knows, from memory"
    for size in sizes:
        corpus, build_s = _synthetic(size)
        ranker = Ranker(corpus)
        taken = _ask(ranker, corpus)
        table.add_row(
            f"{size:,}",
            f"{len(corpus):,}",
            f"{build_s:.1f}",
            *(f"{np.percentile(taken, p) * 1000:.1f}" for p in (50, 95)),
        )
    return table


def _synthetic(questions: int) -> tuple[Corpus, float]:
    random = np.random.default_rng(1)
    # Few words are common and most are rare, as in talk.
    share = 1 / np.arange(1, _WORDS + 1)
    share /= share.sum()
    hashes = (np.arange(_WORDS, dtype=np.int64) << KIND_BITS) | Kind.WORD
    facts = []
    for i in range(questions * _MESSAGES_A_QUESTION):
        root = i - i % _MESSAGES_A_QUESTION
        words = np.unique(random.choice(hashes, 12, p=share))
        ts = f"{1_600_000_000 + i * 60}.000000"
        facts.append(
            Fact(
                channel_id=f"C{root % _CHANNELS:04}",
                ts=ts,
                thread_ts=f"{1_600_000_000 + root * 60}.000000",
                user_id=f"U{random.integers(_PEOPLE):05}",
                at=float(ts),
                is_question=i == root,
                words=words,
                counts=np.ones(len(words), np.uint8),
            )
        )
    start = time.perf_counter()
    return build(facts), time.perf_counter() - start


def _ask(ranker: Ranker, corpus: Corpus) -> np.ndarray:
    random = np.random.default_rng(2)
    taken = np.empty(_QUERIES)
    for i in range(-1, _QUERIES):  # the first builds the index
        words = tuple(random.choice(corpus.vocabulary, 8).tolist())
        query = Query(words, float(corpus.at[-1]), "C0001", "U00001")
        start = time.perf_counter()
        ranker.rank(query, limit=3)
        if i >= 0:
            taken[i] = time.perf_counter() - start
    return taken


if __name__ == "__main__":
    main(sys.argv[1:])
