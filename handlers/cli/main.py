"""Build the command line, run it, and turn every outcome into a status."""

import logging
from typing import Annotated

import typer
from sqlalchemy.exc import SQLAlchemyError
from typer.exceptions import TyperException

from bot.errors import GrapevineError
from handlers.cli import (
    asking,
    backfill,
    care,
    curating,
    evaluating,
    events,
    graph,
    keys,
    rituals,
    serving,
)
from handlers.cli.choices import Choices
from handlers.cli.runtime import Runtime

# Exit statuses, a fixed contract.
DONE, FAILED, WRONG_COMMAND_LINE = 0, 1, 2
_INTERRUPTED = 130

log = logging.getLogger(__name__)


def build() -> typer.Typer:
    """Put the commands together."""
    cli = typer.Typer(
        name="app.py",
        help="Grapevine notices what people keep asking, knows who can answer, "
        "and helps communities grow.",
        no_args_is_help=True,
        add_completion=False,
        pretty_exceptions_enable=False,
        rich_markup_mode=None,
    )

    @cli.callback()
    def _(
        context: typer.Context,
        database: Annotated[
            str | None,
            typer.Option(
                help="Where the graph is kept (URL). Else GRAPEVINE_DATABASE_URL."
            ),
        ] = None,
        workspace: Annotated[
            str | None,
            typer.Option(help="Which workspace, where several are held."),
        ] = None,
        *,
        debug: Annotated[
            bool, typer.Option("--debug", help="Show tracebacks, for developers.")
        ] = False,
    ) -> None:
        context.obj.chosen(database, workspace, debug=debug)

    families = (serving, graph, backfill, asking, rituals, care, evaluating, curating)
    for family in (*families, events, keys):
        family.register(cli)
    return cli


def run_command_line(arguments: list[str], runtime: Runtime) -> int:
    """Run one command.

    Returns:
        0 done, 1 the work failed with a one-line reason, 2 the command line was
        wrong.
    """
    choices = Choices(runtime)
    try:
        command = typer.main.get_command(build())
        status = command.main(
            arguments, prog_name="app.py", standalone_mode=False, obj=choices
        )
    except typer.Exit as done:
        return done.exit_code
    except TyperException as error:
        runtime.err.write(f"{error}\n")
        return WRONG_COMMAND_LINE
    except (typer.Abort, KeyboardInterrupt):
        runtime.err.write("stopped; what was done so far is kept\n")
        return _INTERRUPTED
    except Exception as error:
        if choices.debug:
            raise
        return _fail(runtime, explain(error))
    return status if isinstance(status, int) else DONE


def explain(error: Exception) -> str:
    """Say in one line what went wrong and, where we know, what to do."""
    if isinstance(error, GrapevineError):
        return str(error)
    if isinstance(error, SQLAlchemyError):
        cause = getattr(error, "orig", None) or error
        return f"the database refused: {str(cause).partition(chr(10))[0]}"
    if isinstance(error, OSError):
        what = f"{error.filename}: " if error.filename else ""
        return f"{what}{error.strerror or error}"
    return (
        f"a defect in Grapevine ({type(error).__name__}); run the same command with "
        "--debug before it to see where, and report it"
    )


def _fail(runtime: Runtime, reason: str) -> int:
    runtime.err.write(f"{reason.replace(chr(10), ' ')}\n")
    return FAILED
