"""A command's surroundings: the runtime and the options given before it."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from bot.deps import Deps
from bot.graph.places import only_workspace
from bot.importing import newest_at, unfinished
from handlers.cli.runtime import Runtime, parse_time


@dataclass(slots=True)
class Choices:
    """What commands receive as their context's object."""

    runtime: Runtime
    database_url: str | None = None
    workspace: str | None = None
    debug: bool = False

    def chosen(
        self, database_url: str | None, workspace: str | None, *, debug: bool
    ) -> None:
        """Note the options that stand before the command."""
        self.debug = debug
        self.database_url = database_url
        self.workspace = workspace

    @contextmanager
    def deps(self) -> Iterator[Deps]:
        """Open what a command needs."""
        with self.runtime.deps(self.database_url) as deps:
            yield deps

    def workspace_id(self, session: Session) -> str:
        """Find the workspace the command is about, warning of half an import."""
        workspace_id = only_workspace(session, self.workspace).id
        for name in unfinished(session, workspace_id):
            self.runtime.console.print(
                f"Note: the import of {name} did not come to its end, so this is a "
                "part only. Run `import` again."
            )
        return workspace_id

    def judged_at(
        self, session: Session, workspace_id: str, now: str | None
    ) -> datetime:
        """The moment that recency is judged at: `--now`, or the newest message."""
        given = parse_time(now)
        return given or newest_at(session, workspace_id) or self.runtime.clock()
