"""What every command is given, and how it speaks."""

import json
import sys
import textwrap
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, TextIO

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TimeElapsedColumn
from slack_sdk import WebClient

from bot.database import Database, open_database
from bot.deps import Clock, Deps
from bot.errors import BadInputError
from bot.keeping import kept_for
from bot.memory import Memories
from bot.metrics import Metrics
from bot.settings import Settings, read_settings
from bot.slack import (
    Count,
    CountedOAuth,
    Slack,
    SlackOf,
    WebOAuth,
    WebSlack,
    counted,
)
from bot.tokens import Tokens
from bot.vault import open_vault
from bot.vectors import load_engine

# Earlier than any message: Slack counts from 1970.
_EARLIEST = datetime(1970, 1, 1, tzinfo=UTC)

# Folding for less would leave a word a line.
_NARROWEST = 24


def _uncounted(_method: str, _result: str) -> None:
    """Count nothing: nobody looks."""


@dataclass(frozen=True, slots=True)
class Runtime:
    """The world outside, handed in by `app.py`."""

    environ: Mapping[str, str]
    clock: Clock
    out: TextIO
    err: TextIO
    root: Path

    @property
    def settings(self) -> Settings:
        """Settings as the environment has them now."""
        return read_settings(self.environ)

    @property
    def console(self) -> Console:
        """For people: everything that is not JSON goes to standard error."""
        return Console(file=self.err, highlight=False)

    @property
    def pages(self) -> Console:
        """For a command's own output when it is not JSON."""
        return Console(file=self.out, highlight=False)

    def print_paragraph(self, text: str, *, indent: str = "", hang: str = "") -> None:
        """Print text folded at the width of the terminal.

        Args:
            text: Of one paragraph.
            indent: Before its first line.
            hang: Before each line after that.
        """
        pages = self.pages
        folded = textwrap.fill(
            text,
            max(pages.width, _NARROWEST),
            initial_indent=indent,
            subsequent_indent=hang,
            break_long_words=False,
            break_on_hyphens=False,
        )
        pages.print(folded, markup=False, soft_wrap=True)

    def bar(self) -> Progress:
        """Shows how far something is, on standard error."""
        return Progress(
            "{task.description}",
            BarColumn(),
            MofNCompleteColumn(),
            TimeElapsedColumn(),
            console=self.console,
        )

    def print_json(self, value: object) -> None:
        """Print one JSON document."""
        json.dump(value, self.out, ensure_ascii=False, indent=2)
        self.out.write("\n")

    def print_line(self, value: Mapping[str, Any]) -> None:
        """Print one line of JSON Lines."""
        self.out.write(json.dumps(value, ensure_ascii=False) + "\n")

    @contextmanager
    def deps(self, database_url: str | None = None) -> Iterator[Deps]:
        """Open the database and the engine for a command."""
        settings = self.settings
        database = open_database(database_url or settings.database_url)
        try:
            memories = Memories(load_engine(settings.engine, threads=2))
            metrics = Metrics()
            count = metrics.calls.add
            slack_of = counted(self._slack_of(settings, database, count), count)
            keep = kept_for(settings.number("keep_days"))
            yield Deps(database, memories, slack_of, self.clock, metrics, keep)
        finally:
            database.close()

    def tokens(self, database: Database, count: Count = _uncounted) -> Tokens:
        """The tokens of the workspaces that installed Grapevine by OAuth.

        Raises:
            BadInputError: A setting that this needs is missing, or one too many.
        """
        settings = self.settings
        if settings.slack_bot_token.get_secret_value():
            raise BadInputError(
                "SLACK_BOT_TOKEN is for one workspace, SLACK_CLIENT_ID for many: "
                "unset one of them"
            )
        secret = settings.slack_client_secret.get_secret_value()
        if not secret:
            raise BadInputError(
                "SLACK_CLIENT_SECRET is not set: it stands on your app's page, Basic "
                "Information"
            )
        client = WebClient(base_url=settings.slack_api_url)
        return Tokens(
            database,
            open_vault(settings.encryption_key.get_secret_value()),
            CountedOAuth(
                WebOAuth(client, client_id=settings.slack_client_id, secret=secret),
                count,
            ),
            self.clock,
        )

    def _slack_of(
        self, settings: Settings, database: Database, count: Count
    ) -> SlackOf:
        if settings.is_for_many:
            return _ManySlacks(
                lambda: self.tokens(database, count), settings.slack_api_url
            )
        return _OneSlack(
            settings.slack_bot_token.get_secret_value(), settings.slack_api_url
        )


@dataclass(frozen=True, slots=True)
class _ManySlacks:
    """Every workspace that installed Grapevine, each with its token."""

    tokens: Callable[[], Tokens]  # late: a command without Slack needs no key
    api_url: str

    def __call__(self, workspace_id: str) -> Slack:
        return _Tenant(self, workspace_id)

    def now(self, workspace_id: str) -> Slack:
        """Slack with the token that a workspace has at this moment."""
        held = self.tokens().of(workspace_id)
        client = WebClient(token=held.token, base_url=self.api_url)
        return WebSlack(client, team_id=None if held.team_id else workspace_id)


@dataclass(frozen=True, slots=True)
class _Tenant:
    """Slack for one workspace, for longer than any one token lasts."""

    slacks: _ManySlacks
    workspace_id: str

    def call(self, method: str, arguments: Mapping[str, Any]) -> dict[str, Any]:
        """Call a method; see `Slack.call`."""
        return self.slacks.now(self.workspace_id).call(method, arguments)

    def find_posted(
        self,
        channel_id: str,
        key: str,
        *,
        since_ts: str,
        thread_ts: str | None = None,
    ) -> str | None:
        """Find a message of ours again; see `Slack.find_posted`."""
        return self.slacks.now(self.workspace_id).find_posted(
            channel_id, key, since_ts=since_ts, thread_ts=thread_ts
        )


@dataclass(frozen=True, slots=True)
class _OneSlack:
    """The one workspace whose bot token was given."""

    token: str
    api_url: str

    def __call__(self, _workspace_id: str) -> Slack:
        if not self.token:
            raise BadInputError(
                "SLACK_BOT_TOKEN is not set: copy the bot token (xoxb-…) from your "
                "app's page, OAuth & Permissions, into the environment"
            )
        return WebSlack(WebClient(token=self.token, base_url=self.api_url))


def parse_time(text: str | None, *, option: str = "--now") -> datetime | None:
    """Read a moment a person typed: ISO 8601, in UTC unless it says otherwise.

    Raises:
        BadInputError: It is no moment, or one that no message can be of.
    """
    if text is None:
        return None
    try:
        at = datetime.fromisoformat(text)
    except ValueError as error:
        raise BadInputError(
            f"{option} {text!r} is no time: write it like 2026-03-02T09:00"
        ) from error
    at = at if at.tzinfo else at.replace(tzinfo=UTC)
    if at < _EARLIEST:
        raise BadInputError(
            f"{option} {text!r} is before 1970, when Slack's time begins: look at the "
            "year"
        )
    return at


def read_lines(path: Path) -> Iterator[dict[str, Any]]:
    """Read a file of JSON Lines; `-` is standard input.

    Raises:
        BadInputError: It is not there or no text, or a line is no such object.
    """
    try:
        file = sys.stdin if str(path) == "-" else path.open(encoding="utf-8")
    except OSError as error:
        raise BadInputError(f"{path}: {error.strerror}") from error
    with file:
        try:
            for number, line in enumerate(file, 1):
                if line.strip():
                    yield _object(line, path, number)
        except UnicodeDecodeError as error:
            raise BadInputError(
                f"{path} is no text in UTF-8: save it as such"
            ) from error


def _object(line: str, path: Path, number: int) -> dict[str, Any]:
    try:
        held = json.loads(line)
    except ValueError as error:
        raise BadInputError(f"{path}, line {number}: not JSON") from error
    if not isinstance(held, dict) or not isinstance(held.get("text"), str):
        raise BadInputError(
            f'{path}, line {number}: an object with "id" and "text" is needed'
        )
    for name in ("asker", "channel"):
        if not isinstance(held.get(name), str | None):
            raise BadInputError(
                f'{path}, line {number}: "{name}" is to be an id of Slack\'s, such as '
                f'"{"U" if name == "asker" else "C"}02AB3CD4"; leave it out if unknown'
            )
    return held
