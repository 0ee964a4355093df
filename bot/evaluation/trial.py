"""Let the product learn an export in a database that is thrown away."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from bot.deps import Clock, Deps
from bot.evaluation.scoring import Speed
from bot.importing import import_export
from bot.slack_export import Export
from bot.topic_pass import run_pass
from bot.vectors import Engine

# Told of what is being done, and how far: a step, done, of how many.
Tell = Callable[[str, int, int], None]


@dataclass(frozen=True, slots=True)
class Lab:
    """What an evaluation is given.

    Attributes:
        open_deps: Opens the database at a URL, with the engine of the settings.
        open_engine: Opens that engine alone.
        clock: The present (aware).
        stopwatch: Seconds from any beginning.
        tell: Told of progress.
    """

    open_deps: Callable[[str], AbstractContextManager[Deps]]
    open_engine: Callable[[], Engine | None]
    clock: Clock
    stopwatch: Callable[[], float]
    tell: Tell


@dataclass(frozen=True, slots=True)
class Trial:
    """The product with a history learnt."""

    deps: Deps
    workspace_id: str
    speed: Speed


@contextmanager
def learn(lab: Lab, export: Export) -> Iterator[Trial]:
    """Import an export and find its topics; all of it is gone afterwards."""
    with (
        TemporaryDirectory(prefix="grapevine-evaluate-") as folder,
        lab.open_deps(f"sqlite:///{Path(folder) / 'trial.db'}") as deps,
    ):
        began = lab.stopwatch()
        imported = import_export(
            deps,
            export,
            now=lab.clock(),
            progress=lambda done, of: lab.tell("Importing", done, of),
        )
        read = lab.stopwatch()
        lab.tell("Finding topics", 0, 0)
        run_pass(deps, imported.workspace_id)
        found = lab.stopwatch()
        speed = Speed(imported.messages, read - began, found - read)
        yield Trial(deps, imported.workspace_id, speed)
