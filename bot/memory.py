"""What is held in memory to answer quickly: columns, rankers, word hashers.

A memory is rebuilt from the database when that has changed. It holds nothing
that the database does not.
"""

import time
from dataclasses import dataclass
from threading import Lock

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.corpus import Corpus, build
from bot.graph.facts import read_facts
from bot.ranking import Ranker
from bot.text import Hasher
from bot.vectors import Engine
from models import Workspace

# A busy workspace changes every second. Work that can bear it (finding a new
# question's topic) uses a memory as old as this many times its building took,
# so that building never takes more than a twentieth of the time.
_PATIENCE = 20.0


@dataclass(frozen=True, slots=True)
class Memory:
    """One workspace as it stood at `revision`."""

    workspace_id: str
    revision: int
    corpus: Corpus
    ranker: Ranker
    hasher: Hasher
    built_at_s: float
    build_s: float


class Memories:
    """The memories of all workspaces, built when first asked for."""

    def __init__(self, engine: Engine | None) -> None:
        self.engine = engine
        self._held: dict[str, Memory] = {}
        self._hashers: dict[str, Hasher] = {}
        self._lock = Lock()

    @property
    def model(self) -> str | None:
        """The sentence vectors in use; None without an engine."""
        return self.engine.model if self.engine else None

    def hasher(self, session: Session, workspace_id: str) -> Hasher:
        """The hasher of a workspace's words."""
        held = self._hashers.get(workspace_id)
        if held is None:
            held = Hasher(session.get_one(Workspace, workspace_id).word_key)
            self._hashers[workspace_id] = held
        return held

    def of(self, session: Session, workspace_id: str, *, fresh: bool = True) -> Memory:
        """Get a workspace's memory.

        Args:
            session: Only read from.
            workspace_id: Whose.
            fresh: Whether it must hold everything the database does.
        """
        revision = session.scalar(
            select(Workspace.revision).where(Workspace.id == workspace_id)
        )
        held = self._held.get(workspace_id)
        if held is not None and (
            held.revision == revision or (not fresh and _is_young(held))
        ):
            return held
        with self._lock:
            built = self._build(session, workspace_id, revision or 0)
            self._held[workspace_id] = built
        return built

    def drop(self, workspace_id: str) -> None:
        """Let go of a workspace that is no longer held."""
        self._held.pop(workspace_id, None)
        self._hashers.pop(workspace_id, None)

    def _build(self, session: Session, workspace_id: str, revision: int) -> Memory:
        start = time.monotonic()
        corpus = build(read_facts(session, workspace_id, model=self.model))
        ranker = Ranker(corpus)
        end = time.monotonic()
        return Memory(
            workspace_id=workspace_id,
            revision=revision,
            corpus=corpus,
            ranker=ranker,
            hasher=self.hasher(session, workspace_id),
            built_at_s=end,
            build_s=end - start,
        )


def _is_young(memory: Memory) -> bool:
    return time.monotonic() - memory.built_at_s < _PATIENCE * memory.build_s
