"""Build the command line, run it, and turn every outcome into a status."""

import logging
from typing import Annotated

import click
import typer
from sqlalchemy.exc import SQLAlchemyError

from bot.errors import GrapevineError
from handlers.cli import asking, care, graph, rituals, serving
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
    ) -> None:
        context.obj.chosen(database, workspace)

    for family in (serving, graph, asking, rituals, care):
        family.register(cli)
    return cli


def run_command_line(arguments: list[str], runtime: Runtime) -> int:
    """Run one command.

    Returns:
        0 done, 1 the work failed with a one-line reason, 2 the command line was
        wrong.
    """
    try:
        command = typer.main.get_command(build())
        status = command.main(
            arguments, prog_name="app.py", standalone_mode=False, obj=Choices(runtime)
        )
    except click.UsageError as error:
        error.show(file=runtime.err)
        return WRONG_COMMAND_LINE
    except click.exceptions.Exit as done:
        return done.exit_code
    except (click.Abort, KeyboardInterrupt):
        runtime.err.write("stopped; what was done so far is kept\n")
        return _INTERRUPTED
    except GrapevineError as error:
        return _fail(runtime, str(error))
    except SQLAlchemyError as error:
        cause = getattr(error, "orig", None) or error
        first_line = str(cause).partition("\n")[0]
        return _fail(runtime, f"the database refused: {first_line}")
    except OSError as error:
        what = f"{error.filename}: " if error.filename else ""
        return _fail(runtime, f"{what}{error.strerror or error}")
    return status if isinstance(status, int) else DONE


def _fail(runtime: Runtime, reason: str) -> int:
    runtime.err.write(f"{reason.replace(chr(10), ' ')}\n")
    return FAILED
