"""Say when questions have vectors of an engine that is no longer in use."""

from bot.deps import Deps
from bot.graph.vectors import count_vectors, explain_vectors
from handlers.cli.runtime import Runtime


def warn_of_vectors(runtime: Runtime, deps: Deps) -> None:
    """Say how many questions lack a vector of the engine in use, and what to do."""
    model = deps.memories.model
    if model is None:
        return
    with deps.database.readers() as session:
        what, fix = explain_vectors(count_vectors(session, model))
    if what:
        runtime.console.print(f"Note: {what}. To renew them, {fix}.", markup=False)
