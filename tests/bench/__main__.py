"""Measure speed and size, each beside something to compare it with, in one run.

usage: python -m tests.bench [events] [questions…]

Nothing here passes or fails: machines differ, so read the ratios.
"""

import sys
import time
from collections.abc import Iterator
from concurrent.futures import Executor, Future
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np
from rich.console import Console
from rich.table import Table
from slack_bolt import App, BoltRequest
from slack_bolt.authorization import AuthorizeResult
from slack_sdk import WebClient

from bot.corpus import Corpus, Fact, build
from bot.database import open_database
from bot.deps import Deps
from bot.memory import Memories
from bot.ranking import Query, Ranker
from bot.text import KIND_BITS, Kind
from handlers import build_app

EVENTS = 2_000
QUESTIONS = (1_000, 10_000, 100_000)
_MESSAGES_A_QUESTION = 4
_WORDS = 20_000
_PEOPLE = 2_000
_CHANNELS = 200
_QUERIES = 100


class Inline(Executor):
    """Runs a listener in the calling thread, so that its time is counted."""

    def submit(self, fn: Any, /, *args: Any, **kwargs: Any) -> Future[Any]:
        future: Future[Any] = Future()
        future.set_result(fn(*args, **kwargs))
        return future


def main(arguments: list[str]) -> None:
    """Run every measurement and print a table each."""
    console = Console()
    events = int(arguments[0]) if arguments else EVENTS
    sizes = tuple(int(a) for a in arguments[1:]) or QUESTIONS
    console.print(_dispatch(events))
    console.print(_ranking(sizes))


def _dispatch(events: int) -> Table:
    """Events from dispatch to durable, beside a bare app that keeps nothing."""
    table = Table("listener", "events/s", "p50 ms", "p99 ms", "of bare")
    table.title = f"{events} message events, dispatched one after the other"
    bare = _times(_bare_app(), events)
    with TemporaryDirectory() as folder, _deps(Path(folder)) as deps:
        client = WebClient(token="xoxb-bench")
        app = build_app(deps, client=client, wake=lambda: None, executor=Inline())
        ours = _times(app, events)
    for name, taken in (("bare Bolt, empty listener", bare), ("durable inbox", ours)):
        table.add_row(
            name,
            f"{events / taken.sum():.0f}",
            *(f"{np.percentile(taken, p) * 1000:.2f}" for p in (50, 99)),
            f"{bare.sum() / taken.sum():.2f}",
        )
    return table


@contextmanager
def _deps(folder: Path) -> Iterator[Deps]:
    database = open_database(f"sqlite:///{folder}/bench.db")
    yield Deps(database, Memories(None), _no_slack, lambda: datetime.now(UTC))
    database.close()


def _no_slack(workspace_id: str) -> Any:
    raise AssertionError(f"nothing is asked of Slack for {workspace_id}")


def _bare_app() -> App:
    """A plain app with one empty listener for messages."""
    app = App(
        client=WebClient(token="xoxb-bench"),
        signing_secret="unused",
        authorize=_authorize,
        listener_executor=Inline(),
    )
    app.event("message")(_ignore)
    return app


def _authorize() -> AuthorizeResult:
    return AuthorizeResult(
        enterprise_id=None, team_id="T1", bot_token="xoxb-bench", bot_user_id="U0BOT"
    )


def _ignore() -> None:
    """Do nothing with a message."""


def _times(app: App, events: int) -> np.ndarray:
    taken = np.empty(events)
    for i in range(events):
        request = BoltRequest(body=_event(i), mode="socket_mode")
        start = time.perf_counter()
        status = app.dispatch(request).status
        taken[i] = time.perf_counter() - start
        assert status == 200, status
    return taken


def _event(i: int) -> dict[str, Any]:
    ts = f"{1_700_000_000 + i}.000100"
    return {
        "type": "event_callback",
        "team_id": "T1",
        "event_id": f"Ev{i}",
        "event": {
            "type": "message",
            "channel": f"C{i % 50}",
            "channel_type": "channel",
            "user": f"U{i % 200}",
            "text": "How do I rotate the keys of the staging cluster?",
            "ts": ts,
            "event_ts": ts,
        },
    }


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
