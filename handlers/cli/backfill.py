"""The command `backfill`: what was said before Grapevine came, by the Web API."""

import time
from collections.abc import Callable
from dataclasses import asdict
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.progress import Progress, TextColumn, TimeElapsedColumn

from bot.backfill import (
    PAGE_MESSAGES,
    PER_MINUTE,
    STRICT_PAGE_MESSAGES,
    STRICT_PER_MINUTE,
    Pace,
    Report,
    Step,
    Wanted,
    backfill,
)
from bot.blocks.spoken import counted
from bot.deps import Deps
from bot.pacing import PacedSlack
from bot.topic_pass import run_pass
from handlers.cli.choices import of
from handlers.cli.graph import count_graph
from handlers.cli.runtime import parse_time


def register(cli: typer.Typer) -> None:
    """Add the command."""
    cli.command("backfill")(backfill_)


def backfill_(  # noqa: PLR0913 - one argument an option
    context: typer.Context,
    *,
    channel: Annotated[
        list[str] | None,
        typer.Option(help="Only this channel (C…); may be given several times."),
    ] = None,
    since: Annotated[
        str | None, typer.Option(help="Only messages from then on (2026-03-02).")
    ] = None,
    pace: Annotated[
        float,
        typer.Option(min=0.1, help="Requests a minute, for histories and threads."),
    ] = PER_MINUTE,
    page: Annotated[
        int, typer.Option(min=1, max=999, help="Messages a request.")
    ] = PAGE_MESSAGES,
    strict: Annotated[
        bool,
        typer.Option("--strict", help="1 request a minute, 15 messages each."),
    ] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """Read the history of channels from Slack.

    It can be stopped and run again.
    """
    choices = of(context)
    runtime = choices.runtime
    began = runtime.clock()
    speed = (
        Pace(STRICT_PER_MINUTE, STRICT_PAGE_MESSAGES) if strict else Pace(pace, page)
    )
    with choices.deps() as deps, _line(runtime.console) as line:
        task = line.add_task("Asking Slack which channels there are")

        def tell(what: str) -> None:
            line.update(task, description=what)

        slack = _paced(
            deps,
            choices.workspace or "",
            speed,
            lambda pause_s: tell(f"Slack asks to wait for {pause_s:.0f} s"),
        )
        workspace_id = choices.workspace or str(slack.call("auth.test", {})["team_id"])
        wanted = Wanted(
            workspace_id, tuple(channel or ()), parse_time(since, option="--since")
        )
        report = backfill(
            deps,
            slack,
            wanted,
            page=speed.page,
            progress=lambda step: tell(_said(step)),
        )
        tell("Finding topics")
        run_pass(deps, workspace_id)
        with deps.database.readers() as session:
            held = _summary(report, count_graph(session, workspace_id))
    held["requests"] = slack.requests
    held["seconds"] = round((runtime.clock() - began).total_seconds(), 2)
    if as_json:
        runtime.print_json(held)
    else:
        _say(runtime.pages, held)


def _line(console: Console) -> Progress:
    return Progress(
        TextColumn("{task.description}", markup=False),
        TimeElapsedColumn(),
        console=console,
    )


def _paced(
    deps: Deps, workspace_id: str, speed: Pace, on_wait: Callable[[float], object]
) -> PacedSlack:
    return PacedSlack(
        deps.slack_of(workspace_id),
        speed.limits(),
        sleep=time.sleep,
        ticks=time.monotonic,
        on_wait=on_wait,
    )


def _said(step: Step) -> str:
    return (
        f"#{step.channel} ({step.number} of {step.of}), down to {step.at:%Y-%m-%d}: "
        f"{step.messages} messages"
    )


def _summary(report: Report, held: dict[str, int]) -> dict[str, Any]:
    read = asdict(report)
    return {
        "channels": read["channels"],
        "refused": read["refused"],
        "messages": read["messages"],
        "threads": read["threads"],
        **held,
        "skipped": dict(report.skipped),
    }


def _say(out: Console, held: dict[str, Any]) -> None:
    out.print(
        f"Read {counted(held['messages'], 'message')} of "
        f"{counted(len(held['channels']), 'channel')} with "
        f"{counted(held['requests'], 'request')} in {held['seconds']} s."
    )
    for name, code in held["refused"].items():
        out.print(f"  not read: #{name}, Slack says {code}", markup=False)
    for reason, n in sorted(held["skipped"].items(), key=lambda item: -item[1]):
        out.print(f"  left out {n}: {reason}", markup=False)
    out.print('Next: app.py topics, or app.py who-knows "something people ask"')
