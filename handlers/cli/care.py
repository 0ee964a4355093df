"""Commands to look after it: `doctor`, `forget` and `export-person`."""

from dataclasses import asdict
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from functools import partial
from typing import Annotated
from urllib.error import URLError
from urllib.request import urlopen

import typer
from slack_sdk import WebClient

from bot.deps import Deps
from bot.doctor import Given, examine
from bot.errors import NotFoundError
from bot.personal_data import export_person, forget_person
from bot.slack import WebSlack
from bot.tenants import check_tenants
from handlers.cli.choices import of
from handlers.cli.runtime import Runtime

_Json = Annotated[bool, typer.Option("--json", help="Print JSON.")]
_User = Annotated[str, typer.Argument(help="The person's Slack id (U…).")]

_TIMEOUT_S = 5.0


def register(cli: typer.Typer) -> None:
    """Add the commands of this module."""
    cli.command("doctor")(doctor)
    cli.command("forget")(forget)
    cli.command("export-person")(export)


def doctor(context: typer.Context, *, as_json: _Json = False) -> None:
    """Look for what keeps Grapevine from working, and name the fix."""
    choices = of(context)
    with choices.deps() as deps:
        given = _given(choices.runtime, deps)
        checks = examine(deps.database, given, now=choices.runtime.clock())
    if as_json:
        choices.runtime.print_json([asdict(check) for check in checks])
    else:
        for check in checks:
            mark = "ok " if check.ok else "!! "
            fix = f"\n     {check.fix}" if check.fix else ""
            choices.runtime.pages.print(
                f"{mark} {check.check}: {check.detail}{fix}", markup=False
            )
    if not all(check.ok for check in checks):
        raise typer.Exit(1)


def _given(runtime: Runtime, deps: Deps) -> Given:
    settings = runtime.settings
    token = settings.slack_bot_token.get_secret_value()
    tokens = partial(runtime.tokens, deps.database)
    tenants = partial(check_tenants, deps.database, tokens, deps.slack_of)
    return Given(
        bot_token=token,
        app_token=settings.slack_app_token.get_secret_value(),
        slack=WebSlack(WebClient(token=token, base_url=settings.slack_api_url)),
        server_time=lambda: _server_time(settings.slack_api_url),
        tenants=tenants if settings.is_for_many else None,
        model=deps.memories.model,
    )


def _server_time(url: str) -> datetime | None:
    """The clock of the server, as its answers are dated."""
    try:
        with urlopen(f"{url}api.test", timeout=_TIMEOUT_S) as answer:  # noqa: S310 - a setting of whoever runs this
            dated = answer.headers.get("Date")
    except (URLError, OSError, ValueError):
        return None
    return parsedate_to_datetime(dated).astimezone(UTC) if dated else None


def forget(context: typer.Context, user: _User, *, as_json: _Json = False) -> None:
    """Remove everything held about a person."""
    choices = of(context)
    with choices.deps() as deps, deps.database.sessions.begin() as session:
        removed = forget_person(session, choices.workspace_id(session), user)
    if not any(removed.values()):
        raise NotFoundError(f"nothing is held about {user}")
    if as_json:
        choices.runtime.print_json(removed)
        return
    for what, n in removed.items():
        choices.runtime.pages.print(f"{n:6}  {what}", markup=False)


def export(context: typer.Context, user: _User, *, as_json: _Json = False) -> None:
    """Print everything held about a person."""
    del as_json  # everything held has a shape of its own: always JSON
    choices = of(context)
    with choices.deps() as deps, deps.database.readers() as session:
        held = export_person(session, choices.workspace_id(session), user)
    choices.runtime.print_json(held)
