"""Commands to look after it: `doctor`, `forget` and `export-person`."""

from collections.abc import Sequence
from dataclasses import asdict
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from functools import partial
from typing import Annotated
from urllib.error import URLError
from urllib.request import urlopen

import typer
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError, SlackClientError

from bot.blocks.spoken import counted
from bot.checks import Check
from bot.credentials import Credentials
from bot.deps import Deps
from bot.doctor import Given, examine, examine_slack
from bot.errors import DatabaseUnusableError, NotFoundError
from bot.personal_data import export_person, forget_person
from bot.schema import check_schema
from bot.settings import Settings
from bot.slack import WebSlack
from bot.tenants import check_tenants
from bot.vectors.engine import EngineError
from handlers.cli.choices import Choices, of
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
    """Look for what is wrong, and name the fix."""
    choices = of(context)
    checks = _examine(choices)
    if as_json:
        choices.runtime.print_json([asdict(check) for check in checks])
    else:
        _show(choices.runtime, checks)
    if not all(check.ok for check in checks):
        raise typer.Exit(1)


def _show(runtime: Runtime, checks: Sequence[Check]) -> None:
    hang = " " * 4
    for check in checks:
        mark = "ok  " if check.ok else "!!  "
        told = f"{check.check}: {check.detail}"
        runtime.print_paragraph(told, indent=mark, hang=hang)
        if check.fix:
            runtime.print_paragraph(check.fix, indent=hang + "-> ", hang=hang + "   ")
    wrong = sum(not check.ok for check in checks)
    runtime.print_paragraph(
        f"{counted(wrong, 'thing')} to mend." if wrong else "All is well."
    )


def _examine(choices: Choices) -> list[Check]:
    runtime = choices.runtime
    now = runtime.clock()
    # Looked at first: opening it would bring it up to date.
    schema = check_schema(choices.database_url or runtime.settings.database_url)
    if not schema.ok:
        return [schema, *examine_slack(_given(runtime, None), now=now)]
    try:
        with choices.deps() as deps:
            return [schema, *examine(deps.database, _given(runtime, deps), now=now)]
    except (DatabaseUnusableError, EngineError) as error:
        name = "engine" if isinstance(error, EngineError) else "database"
        fix = "nothing of the rest works before this is mended; then run `doctor` again"
        found = Check(name, ok=False, detail=str(error), fix=fix)
        return [found, *examine_slack(_given(runtime, None), now=now)]


def _given(runtime: Runtime, deps: Deps | None) -> Given:
    settings = runtime.settings
    tenants = None
    if settings.is_for_many:
        tenants = (
            _no_tenants
            if deps is None
            else partial(
                check_tenants,
                deps.database,
                partial(runtime.tokens, deps.database),
                deps.slack_of,
            )
        )
    return Given(
        _credentials(settings),
        server_time=lambda: _server_time(settings.slack_api_url),
        tenants=tenants,
        model=deps.memories.model if deps else None,
    )


def _no_tenants() -> list[Check]:
    """Whose tokens they are stands in the database."""
    return []


def _credentials(settings: Settings) -> Credentials:
    url = settings.slack_api_url
    token = settings.slack_bot_token.get_secret_value()
    app_token = settings.slack_app_token.get_secret_value()
    client = WebClient(token=token, base_url=url)
    connecting = WebSlack(WebClient(token=app_token, base_url=url))
    return Credentials(
        bot_token=token,
        app_token=app_token,
        signing_secret=settings.slack_signing_secret.get_secret_value(),
        slack=WebSlack(client),
        granted=lambda: _granted(client),
        # The address it gives is good for one connection, and is let go of.
        open_connection=lambda: connecting.call("apps.connections.open", {}),
    )


def _granted(client: WebClient) -> list[str] | None:
    """The scopes of a token, as every answer to it is headed."""
    try:
        headers = client.auth_test().headers
    except (SlackApiError, SlackClientError, OSError):
        return None
    told = headers.get("x-oauth-scopes") or headers.get("X-OAuth-Scopes")
    return [one.strip() for one in told.split(",")] if told else None


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
