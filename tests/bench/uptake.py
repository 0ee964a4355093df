"""How a warm process takes up a change: everything, with the database."""

import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np
from rich.table import Table

from bot.corpus import NOBODY, Corpus
from bot.database import Database, open_database
from bot.deps import Deps
from bot.finding import Asked, find_who_knows
from bot.graph import places
from bot.graph.upserts import Row, insert_missing
from bot.memory import Memories
from bot.vectors import load_engine
from bot.vectors.store import pack
from models import Answer, Channel, Evidence, EvidenceKind, Message, Question
from tests.bench.workspaces import MESSAGES_A_QUESTION, workspace

TEAM = "T1"
QUERIES = 40
_ROWS_AT_ONCE = 20_000
_ASKED = "How do I rotate the keys of the staging cluster?"


@dataclass(frozen=True, slots=True)
class Uptake:
    """Seconds: to build a memory, to answer, right after a change, until it counts."""

    questions: int
    build_s: float
    at_rest_s: float
    changed_s: float
    renewed_s: float


def table(sizes: tuple[int, ...]) -> Table:
    """Measure every size."""
    found = Table(
        "questions",
        "memory built s",
        "answer p95 ms",
        "just after a change",
        "taken up s",
    )
    found.title = "who knows with its database (SQLite), and after a change"
    for one in map(measure, sizes):
        found.add_row(
            f"{one.questions:,}",
            f"{one.build_s:.2f}",
            f"{one.at_rest_s * 1000:.1f}",
            f"{one.changed_s * 1000:.1f} ms",
            f"{one.renewed_s:.2f}",
        )
    return found


def measure(questions: int) -> Uptake:
    """Fill a database, ask, change it, and ask again."""
    with TemporaryDirectory() as folder:
        database = open_database(f"sqlite:///{Path(folder) / 'bench.db'}")
        memories = Memories(load_engine("minilm"), patience=0.0)
        corpus = workspace(questions)
        _fill(database, corpus, memories.model or "")
        now = datetime.fromtimestamp(float(corpus.at[-1]) + 1, tz=UTC)
        deps = Deps(database, memories, _no_slack, lambda: now)
        asked = Asked(TEAM, _ASKED, "U00001", "C0001", now)
        build_s = _ask(deps, asked)
        rest = [_ask(deps, asked) for _ in range(QUERIES)]
        with database.sessions.begin() as session:
            places.touch(session, TEAM)
        changed_s = _ask(deps, asked)
        began = time.perf_counter()
        memories.wait()
        renewed_s = time.perf_counter() - began
        database.close()
    return Uptake(
        questions, build_s, float(np.percentile(rest, 95)), changed_s, renewed_s
    )


def _ask(deps: Deps, asked: Asked) -> float:
    began = time.perf_counter()
    find_who_knows(deps, asked)
    return time.perf_counter() - began


def _no_slack(workspace_id: str) -> Any:
    raise AssertionError(f"nothing is asked of Slack for {workspace_id}")


def _fill(database: Database, corpus: Corpus, model: str) -> None:
    with database.sessions.begin() as session:
        places.ensure_workspace(session, TEAM, now=datetime.now(UTC))
        channels: list[Row] = [
            {"workspace_id": TEAM, "id": one, "name": one} for one in corpus.channels
        ]
        insert_missing(session, Channel, channels)
    for start in range(0, len(corpus), _ROWS_AT_ONCE):
        rows = range(start, min(start + _ROWS_AT_ONCE, len(corpus)))
        with database.sessions.begin() as session:
            insert_missing(session, Message, list(_messages(corpus, rows, model)))
            roots = [i for i in rows if i % MESSAGES_A_QUESTION == 0]
            replies = [i for i in rows if i % MESSAGES_A_QUESTION]
            insert_missing(session, Question, [_question(corpus, i) for i in roots])
            insert_missing(session, Evidence, [_evidence(corpus, i) for i in rows])
            insert_missing(session, Answer, [_answer(corpus, i) for i in replies])


def _base(corpus: Corpus, i: int) -> Row:
    return {
        "workspace_id": TEAM,
        "channel_id": corpus.channels[corpus.channel[i]],
        "at": datetime.fromtimestamp(float(corpus.at[i]), tz=UTC),
    }


def _root(i: int) -> int:
    return i - i % MESSAGES_A_QUESTION


def _messages(corpus: Corpus, rows: range, model: str) -> Iterator[Row]:
    terms = corpus.terms
    for i in rows:
        held = terms.indices[terms.indptr[i] : terms.indptr[i + 1]]
        vector = corpus.vector_row[i]
        yield _base(corpus, i) | {
            "ts": corpus.ts[i],
            "root_ts": corpus.ts[_root(i)],
            "user_id": corpus.people[corpus.person[i]],
            "version_ts": corpus.ts[i],
            "is_deleted": False,
            "is_question": bool(corpus.is_question[i]),
            "question_score": 0.0,
            "is_thanks": False,
            "mentions": [],
            "words": corpus.vocabulary[held].tobytes(),
            "counts": np.ones(len(held), np.uint8).tobytes(),
            "vector": None if vector == NOBODY else pack(corpus.vectors[vector]),
            "vector_model": None if vector == NOBODY else model,
        }


def _question(corpus: Corpus, i: int) -> Row:
    asker = corpus.people[corpus.person[i]]
    return _base(corpus, i) | {"ts": corpus.ts[i], "asker_id": asker, "topic_id": None}


def _answer(corpus: Corpus, i: int) -> Row:
    return _base(corpus, i) | {
        "ts": corpus.ts[i],
        "question_ts": corpus.ts[_root(i)],
        "answerer_id": corpus.people[corpus.person[i]],
        "replies": 1,
        "thanked_at": None,
    }


def _evidence(corpus: Corpus, i: int) -> Row:
    kind = EvidenceKind.ANSWERED if i % MESSAGES_A_QUESTION else EvidenceKind.ASKED
    return _base(corpus, i) | {
        "ts": corpus.ts[i],
        "root_ts": corpus.ts[_root(i)],
        "user_id": corpus.people[corpus.person[i]],
        "kind": kind,
        "topic_id": None,
    }
