"""The command `evaluate`: how good Grapevine is on a history of one's own."""

import signal
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import FrameType
from typing import Annotated

import typer

from bot.evaluation import Measure, Plan, Report, evaluate
from bot.evaluation.trial import Lab
from bot.slack_export import open_export
from bot.vectors import load_engine
from handlers.cli.choices import Choices, of
from handlers.cli.evaluation_tables import tables
from handlers.cli.runtime import parse_time, read_lines

_INTERRUPTED = 130


def register(cli: typer.Typer) -> None:
    """Add the command of this module."""
    cli.command("evaluate")(evaluate_)


def evaluate_(  # noqa: PLR0913 - the options of one command
    context: typer.Context,
    export: Annotated[Path, typer.Argument(help="A Slack export, ZIP or folder.")],
    *,
    at: Annotated[
        str | None,
        typer.Option(help="Learn what came before this; else all but a fifth."),
    ] = None,
    most: Annotated[
        int, typer.Option(min=1, help="The most questions to ask who knows.")
    ] = 600,
    only: Annotated[
        list[Measure] | None, typer.Option(help="Measure this alone; may be repeated.")
    ] = None,
    labels: Annotated[
        Path | None,
        typer.Option(help='JSON Lines with "text" and "label", yes or no.'),
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """Measure how good Grapevine is on an export.

    Nothing is kept or sent.
    """
    choices = of(context)
    measures = frozenset(only or Measure)
    if labels and Measure.QUESTIONS not in measures:
        raise typer.BadParameter("--labels goes with --only questions")
    plan = Plan(
        measures,
        at=parse_time(at, option="--at"),
        most=most,
        labelled=list(read_lines(labels)) if labels else None,
    )
    try:
        with _stopped_gently():
            report = _run(choices, export, plan)
    except KeyboardInterrupt as interrupted:
        choices.runtime.console.print("stopped; nothing was kept")
        raise typer.Exit(_INTERRUPTED) from interrupted
    if as_json:
        choices.runtime.print_json(report.as_json())
        return
    for table in tables(report):
        choices.runtime.pages.print(table)


def _run(choices: Choices, export: Path, plan: Plan) -> Report:
    runtime = choices.runtime
    with open_export(export) as opened, runtime.bar() as bar:
        task = bar.add_task("Reading", total=None)
        lab = Lab(
            open_deps=runtime.deps,
            open_engine=lambda: load_engine(runtime.settings.engine, threads=2),
            clock=runtime.clock,
            stopwatch=time.perf_counter,
            tell=lambda step, done, of: bar.update(
                task, description=step, completed=done, total=of or None
            ),
        )
        return evaluate(opened, plan, lab, engine=runtime.settings.engine)


@contextmanager
def _stopped_gently() -> Iterator[None]:
    """Let a request to end unwind, so that the trial's database is removed."""

    def interrupt(_number: int, _frame: FrameType | None) -> None:
        raise KeyboardInterrupt

    before = signal.signal(signal.SIGTERM, interrupt)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)
