"""Commands that stay up: `run`, and `demo`, which is `run` with a story."""

import logging
import signal
import threading
from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from typing import Annotated

import typer
from slack_bolt import App
from slack_sdk.errors import SlackApiError, SlackClientError

from bot.database import network_folder
from bot.deps import Deps
from bot.errors import GrapevineError
from bot.logs import set_up_logs
from bot.metrics import Metrics
from bot.settings import Settings
from handlers.cli.choices import of
from handlers.cli.runtime import Runtime
from handlers.cli.vectors import warn_of_vectors
from handlers.cli.wiring import Wiring, needed, not_connected, wire
from handlers.demo import tell_story
from handlers.health import HealthServer, Patient
from handlers.http import HttpServer
from handlers.service import Role, Service, Transport
from handlers.socket_mode import MAX_CONNECTIONS, SocketMode

# Dead connections are made again within seconds; after this long that has not
# helped, and a fresh process has the better chance.
MAX_SILENT_S = 120.0
_LOOK_EVERY_S = 1.0

log = logging.getLogger(__name__)


def register(cli: typer.Typer) -> None:
    """Add the commands of this module."""
    cli.command("run")(run)
    cli.command("demo")(demo)


def run(  # noqa: PLR0913 - one argument an option
    context: typer.Context,
    *,
    http: Annotated[
        bool, typer.Option("--http", help="Take events over HTTP, not Socket Mode.")
    ] = False,
    host: Annotated[
        str, typer.Option(help="With --http: where to listen.")
    ] = "0.0.0.0",  # noqa: S104 - Slack has to reach it
    port: Annotated[int, typer.Option(help="With --http: the port.")] = 3000,
    connections: Annotated[
        int,
        typer.Option(
            min=1,
            max=MAX_CONNECTIONS,
            help="How many Socket Mode connections to hold, ten over all processes.",
        ),
    ] = 1,
    role: Annotated[
        Role, typer.Option(help="What this process does, where several share the work.")
    ] = Role.ALL,
    health_port: Annotated[
        int | None,
        typer.Option(help="Serve /healthz, /readyz and /metrics at this port."),
    ] = None,
) -> None:
    """Connect to Slack and go to work, until stopped."""
    choices = of(context)
    settings = choices.runtime.settings
    _log(choices.runtime)
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    secret = settings.slack_signing_secret.get_secret_value() or None
    with choices.deps() as deps:
        _warn_of_sqlite(choices.runtime, deps, role)
        warn_of_vectors(choices.runtime, deps)
        wiring = wire(choices.runtime, deps)
        place = _Address(host, port) if http else connections
        service = Service(
            deps,
            client=wiring.client,
            connect=_connection(settings, wiring, place, role, deps),
            signing_secret=secret,
            authorize=wiring.authorize,
            role=role,
        )
        try:
            with _health(settings, deps, service, health_port), service:
                log.info("at work", extra={"role": str(role)})
                choices.runtime.console.print("Grapevine is at work. Ctrl-C stops it.")
                _watch(service.transport, stop)
        except (SlackApiError, SlackClientError, TimeoutError) as error:
            raise not_connected(_refusal(error)) from error


def _log(runtime: Runtime) -> None:
    settings = runtime.settings
    set_up_logs(
        runtime.err,
        level=settings.choice("log_level", ("DEBUG", "INFO", "WARNING", "ERROR")),
        as_json=settings.choice("log_format", ("text", "json")) == "json",
    )


def _health(
    settings: Settings, deps: Deps, service: Service, port: int | None
) -> AbstractContextManager[object]:
    chosen = port if port is not None else settings.number("health_port")
    if chosen is None:
        return nullcontext()
    patient = Patient(deps, service.transport)
    return HealthServer(patient, host=settings.health_host, port=chosen)


@dataclass(frozen=True, slots=True)
class _Address:
    """Where to listen for HTTP."""

    host: str
    port: int


def _connection(
    settings: Settings, wiring: Wiring, place: _Address | int, role: Role, deps: Deps
) -> Callable[[App], Transport]:
    if not role.includes(Role.LISTENER):
        return _not_needed
    if isinstance(place, _Address):
        return _http(settings, wiring, place, deps.metrics)
    return _socket_mode(settings, place, deps.metrics)


def _not_needed(_app: App) -> Transport:
    raise AssertionError("only a listener is connected")


def _warn_of_sqlite(runtime: Runtime, deps: Deps, role: Role) -> None:
    """Say where SQLite is the wrong choice, rather than be slow or lose data."""
    folder = network_folder(deps.database)
    if folder is not None:
        runtime.console.print(
            f"Warning: the database lies on a network file system ({folder}), where "
            "SQLite's locks do not hold and data gets lost. Put it on a local disk, "
            "or use PostgreSQL.",
            markup=False,
        )
    if deps.database.is_sqlite and role is not Role.ALL:
        runtime.console.print(
            "Note: processes that share one SQLite file must be on one machine, and "
            "take turns at writing, so more of them are not faster. For that, set "
            "GRAPEVINE_DATABASE_URL to PostgreSQL: docs/growing.md."
        )


def _socket_mode(
    settings: Settings, connections: int, metrics: Metrics
) -> Callable[[App], Transport]:
    token = needed(settings.slack_app_token.get_secret_value(), "SLACK_APP_TOKEN")
    return lambda app: SocketMode(
        app,
        app_token=token,
        base_url=settings.slack_api_url,
        connections=connections,
        metrics=metrics,
    )


def _http(
    settings: Settings,
    wiring: Wiring,
    address: _Address,
    metrics: Metrics,
) -> Callable[[App], Transport]:
    secret = needed(
        settings.slack_signing_secret.get_secret_value(), "SLACK_SIGNING_SECRET"
    )
    return lambda app: HttpServer(
        app,
        signing_secret=secret,
        host=address.host,
        port=address.port,
        pages=wiring.pages,
        metrics=metrics,
    )


def _watch(transport: Transport | None, stop: threading.Event) -> None:
    """Wait until stopped, until Slack refuses us, or is silent for too long.

    Raises:
        GrapevineError: A fresh process has the better chance.
    """
    while not stop.wait(_LOOK_EVERY_S):
        if isinstance(transport, SocketMode):
            look_at(transport)


def look_at(socket: SocketMode, *, max_silent_s: float = MAX_SILENT_S) -> None:
    """See that a connection lives.

    Raises:
        GrapevineError: It does not, and nothing mends it.
    """
    if socket.failure is not None:
        raise socket.failure
    silent_s = socket.seconds_since_heard()
    if silent_s > max_silent_s:
        raise GrapevineError(
            f"Slack has not been heard for {silent_s:.0f} s: ending, so that "
            "whoever supervises this process starts it afresh"
        )


def _refusal(error: Exception) -> object:
    if isinstance(error, SlackApiError):
        return error.response.get("error")
    return str(error) or "no answer within a minute"


def demo(context: typer.Context) -> None:
    """Tell the whole story on a sample workspace.

    It needs no token and no network.
    """
    choices = of(context)
    tell_story(choices.runtime.pages, engine=choices.runtime.settings.engine)
