"""How long an answer takes from a warm process, as a workspace grows.

Each size is measured in a process of its own, so that its memory is its own. The time
that the answering thread itself had of the processor is told beside time on the clock:
on a busy machine only it can be compared. (Where numpy shares a product among threads,
the others' part is not in it.)
"""

import resource
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from multiprocessing import get_context

import numpy as np
from numpy.typing import NDArray
from rich.table import Table

from bot.corpus import Corpus
from bot.ranking import Query, Ranker
from bot.ranking.nearest import Nearest
from tests.bench.workspaces import vectors, workspace

QUERIES = 100
_WORDS_ASKED = 8
# What an answer asks of the ranking (bot/finding.py): people, threads, repeats.
_CANDIDATES, _THREADS = 40, 30
_NEAREST = 10
# One channel of so many is private, without the asker in it.
_HIDDEN = 10
_KIB = 1 / 1024


@dataclass(frozen=True, slots=True)
class Answering:
    """What was measured at one size.

    Attributes:
        build_s: To lay the columns out for ranking.
        clock_ms, processor_ms: Each answer's time, on the clock and of its thread (q).
        search_ms: Time on the clock of the vector search in it (q).
        recall: Share of the true ten closest that were found.
        memory_mib: The most the process took, columns and vectors included.
    """

    questions: int
    build_s: float
    clock_ms: NDArray[np.float64]
    processor_ms: NDArray[np.float64]
    search_ms: NDArray[np.float64]
    recall: float
    memory_mib: float


def table(sizes: tuple[int, ...]) -> Table:
    """Measure every size."""
    found = Table(
        "questions",
        "messages",
        "build s",
        "p50 ms",
        "p95 ms",
        "p95 ms, thread",
        "search p95 ms",
        "recall@10",
        "MiB",
    )
    found.title = "who knows, evidence and asked before, from memory"
    for one in map(_apart, sizes):
        found.add_row(
            f"{one.questions:,}",
            f"{one.questions * 4:,}",
            f"{one.build_s:.1f}",
            *(f"{np.percentile(one.clock_ms, p):.1f}" for p in (50, 95)),
            f"{np.percentile(one.processor_ms, 95):.1f}",
            f"{np.percentile(one.search_ms, 95):.1f}",
            f"{one.recall:.3f}",
            f"{one.memory_mib:,.0f}",
        )
    return found


def _apart(questions: int) -> Answering:
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as process:
        return process.submit(measure, questions).result()


def measure(questions: int) -> Answering:
    """Measure one size, here and now."""
    corpus = workspace(questions)
    began = time.perf_counter()
    ranker = Ranker(corpus)
    build_s = time.perf_counter() - began
    nearest, seen = Nearest(corpus), np.ones(len(corpus.channels), np.bool_)
    seen[::_HIDDEN] = False
    asked = list(_queries(corpus))

    def answer(query: Query) -> None:
        ranker.rank(query, visible=seen, limit=_CANDIDATES)
        ranker.threads_like(query, visible=seen, limit=_THREADS)
        ranker.asked_before(query, visible=seen)

    def search(query: Query) -> None:
        assert query.vector is not None
        nearest.best(query.vector, seen, _NEAREST)

    answer(asked[0])  # the first one looks at what there is to be seen
    clock, processor = _times(answer, asked)
    return Answering(
        questions=questions,
        build_s=build_s,
        clock_ms=clock,
        processor_ms=processor,
        search_ms=_times(search, asked)[0],
        recall=_recall(corpus, nearest, asked),
        memory_mib=resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * _KIB,
    )


def _queries(corpus: Corpus) -> Iterator[Query]:
    """Ask in words as common as in talk, close in meaning to what was asked."""
    chance = np.random.default_rng(2)
    away = vectors(QUERIES, chance) * np.float32(0.5)
    share = 1 / np.arange(1, len(corpus.vocabulary) + 1)
    share /= share.sum()
    for i in range(QUERIES):
        words = chance.choice(corpus.vocabulary, _WORDS_ASKED, p=share)
        vector = corpus.vectors[chance.integers(len(corpus.vectors))] + away[i]
        vector /= np.linalg.norm(vector)
        yield Query(
            words=tuple(words.tolist()),
            now=float(corpus.at[-1]),
            channel_id="C0001",
            asker_id="U00001",
            vector=vector,
        )


def _times(
    do: Callable[[Query], None], asked: list[Query]
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Milliseconds on the clock, and of the processor, for each query."""
    taken = np.empty((2, len(asked)))
    for i, query in enumerate(asked):
        clock, processor = time.perf_counter(), time.thread_time()
        do(query)
        taken[:, i] = time.perf_counter() - clock, time.thread_time() - processor
    return taken[0] * 1000, taken[1] * 1000


def _recall(corpus: Corpus, nearest: Nearest, asked: list[Query]) -> float:
    seen = np.ones(len(corpus.channels), np.bool_)
    thread_of = np.empty(len(corpus.vectors), np.int64)
    thread_of[corpus.vector_row[corpus.root]] = np.arange(len(corpus.root))
    found = 0
    for query in asked:
        assert query.vector is not None
        cosine = corpus.vectors @ query.vector
        true = np.argpartition(-cosine, _NEAREST)[:_NEAREST]
        close = nearest.best(query.vector, seen, _NEAREST).thread
        found += len(np.intersect1d(thread_of[true], close))
    return found / (_NEAREST * len(asked))
