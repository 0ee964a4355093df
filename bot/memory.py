"""What is held in memory to answer quickly: columns, rankers, word hashers.

It holds nothing that the database does not. When the database has changed it is
built anew: at once where that is quick, else beside the answers, which go on reading
the memory before. So an answer may leave out the last minutes of a large workspace.
What may be seen and who may be named is asked of the database every time.
"""

import logging
import time
from collections.abc import Mapping
from dataclasses import dataclass
from threading import Lock, Thread

from sqlalchemy import select
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from bot.corpus import Corpus, build
from bot.graph.facts import read_facts
from bot.graph.tunings import factors_of, surer_of
from bot.ranking import Ranker, shipped_weights
from bot.text import Hasher
from bot.vectors import Engine
from models import Workspace

log = logging.getLogger(__name__)

# What takes longer to build is built beside the answers: a workspace of some ten
# thousand questions does.
QUICK_S = 0.5

# A busy workspace changes every second. A memory is as old as this many times its
# building took before it is built anew beside the answers, so that building never
# takes more than a tenth of the time. Work that can bear it (finding a new question's
# topic) waits as long even where building is quick.
PATIENCE = 10.0


@dataclass(frozen=True, slots=True)
class Memory:
    """One workspace as it stood at `revision`.

    Attributes:
        factors: What its people's votes multiply the ranking's weights with.
    """

    workspace_id: str
    revision: int
    corpus: Corpus
    ranker: Ranker
    factors: Mapping[str, float]
    hasher: Hasher
    built_at_s: float
    build_s: float


class Memories:
    """The memories of all workspaces, built when first asked for."""

    def __init__(
        self,
        engine: Engine | None,
        *,
        quick_s: float = QUICK_S,
        patience: float = PATIENCE,
    ) -> None:
        self.engine = engine
        self._quick_s = quick_s
        self._patience = patience
        self._held: dict[str, Memory] = {}
        self._hashers: dict[str, tuple[bytes, Hasher]] = {}
        self._renewals: dict[str, Thread] = {}
        self._lock = Lock()

    @property
    def model(self) -> str | None:
        """The sentence vectors in use; None without an engine."""
        return self.engine.model if self.engine else None

    def hasher(self, session: Session, workspace_id: str) -> Hasher:
        """The hasher of a workspace's words.

        Another process may have removed the workspace, and it come back with another
        key.
        """
        key = session.get_one(Workspace, workspace_id).word_key
        held_key, held = self._hashers.get(workspace_id, (b"", None))
        if held is None or held_key != key:
            held = Hasher(key)
            self._hashers[workspace_id] = key, held
        return held

    def of(self, session: Session, workspace_id: str, *, fresh: bool = True) -> Memory:
        """Get a workspace's memory.

        Args:
            session: Only read from.
            workspace_id: Whose.
            fresh: Whether it must hold everything the database does, if that is
                quick to build.
        """
        revision = self._revision(session, workspace_id)
        held = self._held.get(workspace_id)
        if held and self._has_another_key(session, held):
            self.drop(workspace_id)
            held = None
        if held is None or (held.revision != revision and self._is_due(held, fresh)):
            with self._lock:
                # Somebody else may have built it while we waited.
                held = self._held.get(workspace_id)
                if held is None or held.revision != revision:
                    held = self._build(session, workspace_id)
        elif held.revision != revision and not self._is_young(held):
            self._renew(session, workspace_id)
        return held

    def _has_another_key(self, session: Session, held: Memory) -> bool:
        workspace = session.get(Workspace, held.workspace_id)
        return workspace is not None and held.hasher is not self.hasher(
            session, held.workspace_id
        )

    def _is_due(self, held: Memory, fresh: bool) -> bool:  # noqa: FBT001 - passed on
        quick = held.build_s <= self._quick_s
        return quick and (fresh or not self._is_young(held))

    def _is_young(self, held: Memory) -> bool:
        return time.monotonic() - held.built_at_s < self._patience * held.build_s

    def _renew(self, session: Session, workspace_id: str) -> None:
        """Build a memory anew, beside whoever reads the one before."""
        reading = session.get_bind().engine.execution_options(read_only=True)

        def build() -> None:
            try:
                with Session(reading) as other, self._lock:
                    if other.get(Workspace, workspace_id) is not None:
                        self._build(other, workspace_id)
            except SQLAlchemyError as error:
                # The memory before goes on answering; the next question tries again.
                log.warning("memory not built anew: %s", type(error).__name__)

        under_way = self._renewals.get(workspace_id)
        if under_way is None or not under_way.is_alive():
            renewal = Thread(
                target=build, name=f"memory of {workspace_id}", daemon=True
            )
            self._renewals[workspace_id] = renewal
            renewal.start()

    def wait(self) -> None:
        """Wait until what is being built anew is there."""
        for renewal in list(self._renewals.values()):
            renewal.join()

    def drop(self, workspace_id: str) -> None:
        """Let go of a workspace that is no longer held."""
        self._held.pop(workspace_id, None)
        self._hashers.pop(workspace_id, None)

    @staticmethod
    def _revision(session: Session, workspace_id: str) -> int:
        held = session.scalar(
            select(Workspace.revision).where(Workspace.id == workspace_id)
        )
        return held or 0

    def _build(self, session: Session, workspace_id: str) -> Memory:
        start = time.monotonic()
        revision = self._revision(session, workspace_id)
        corpus = build(read_facts(session, workspace_id, model=self.model))
        factors = factors_of(session, workspace_id)
        surer = surer_of(session, workspace_id)
        ranker = Ranker(corpus, shipped_weights().scaled(factors), surer=surer)
        end = time.monotonic()
        built = Memory(
            workspace_id=workspace_id,
            revision=revision,
            corpus=corpus,
            ranker=ranker,
            factors=factors,
            hasher=self.hasher(session, workspace_id),
            built_at_s=end,
            build_s=end - start,
        )
        self._held[workspace_id] = built
        return built
