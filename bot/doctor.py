"""Look for what keeps Grapevine from working, and name the fix."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import func, select, text
from sqlalchemy.orm import Session

from bot.database import Database
from bot.errors import GrapevineError
from bot.graph.vectors import count_vectors, explain_vectors
from bot.importing import unfinished
from bot.manifest import scopes
from bot.refusals import fixes_of
from bot.slack import Slack
from models import Channel, Event, EventState, Post, PostState, Tuning, Workspace

# Slack refuses requests stamped more than five minutes off; signed ones fail
# the same way. Source: Slack, "Verifying requests from Slack".
MAX_CLOCK_OFF = timedelta(minutes=2)

# Digestion takes milliseconds; this long a queue means nobody digests.
MAX_WAIT = timedelta(minutes=10)


@dataclass(frozen=True, slots=True)
class Check:
    """One thing looked at.

    Attributes:
        check: Its name.
        ok: Whether all is well.
        detail: What was seen.
        fix: What to do; empty when all is well.
    """

    check: str
    ok: bool
    detail: str
    fix: str = ""


@dataclass(frozen=True, slots=True)
class Given:
    """What the doctor looks at.

    Attributes:
        bot_token, app_token: As the environment has them; "" if not set.
        slack: Slack's Web API with the bot token.
        server_time: Asks Slack's server for its clock; None if unreachable.
        tenants: Checks of many workspaces, instead of those of a bot token.
        model: The sentence vectors in use; None without an engine.
    """

    bot_token: str
    app_token: str
    slack: Slack
    server_time: Callable[[], datetime | None]
    tenants: Callable[[], list[Check]] | None = None
    model: str | None = None


def examine(database: Database, given: Given, *, now: datetime) -> list[Check]:
    """Make every check; one that cannot be made says why."""
    checks = [_database(database)]
    checks += _tokens(given)
    checks.append(_clock(given, now))
    with database.readers() as session:
        checks.append(_channels(session))
        checks.append(_worker(session, now))
        checks.append(_outbox(session))
        checks.append(_imports(session))
        checks.append(_vectors(session, given.model))
        checks.append(_ranking(session))
    return checks


def _database(database: Database) -> Check:
    kind = "SQLite, right for one machine" if database.is_sqlite else "PostgreSQL"
    with database.readers() as session:
        revision = session.scalar(text("SELECT version_num FROM alembic_version"))
    return Check("database", True, f"{kind}; schema {revision}")  # noqa: FBT003


def _tokens(given: Given) -> list[Check]:
    if given.tenants is not None:
        return given.tenants()
    if not given.bot_token:
        return [
            Check(
                "token",
                ok=False,
                detail="SLACK_BOT_TOKEN is not set",
                fix="copy the Bot User OAuth Token (xoxb-…) from your app's page, "
                "OAuth & Permissions, into SLACK_BOT_TOKEN",
            )
        ]
    if not given.bot_token.startswith("xoxb-"):
        return [
            Check(
                "token",
                ok=False,
                detail="SLACK_BOT_TOKEN is not a bot token",
                fix="a bot token starts with xoxb-; yours looks like another kind",
            )
        ]
    return [_auth(given), _app_token(given), _scopes(given)]


def _auth(given: Given) -> Check:
    try:
        who = given.slack.call("auth.test", {})
    except GrapevineError as error:
        return Check(
            "token",
            ok=False,
            detail=str(error),
            fix="reinstall the app to the workspace and copy the new token",
        )
    return Check("token", ok=True, detail=f"{who.get('user')} in {who.get('team')}")


def _app_token(given: Given) -> Check:
    if given.app_token.startswith("xapp-"):
        return Check("app token", ok=True, detail="set, for Socket Mode")
    seen = "is no app-level token" if given.app_token else "is not set"
    return Check(
        "app token",
        ok=False,
        detail=f"SLACK_APP_TOKEN {seen}",
        fix="make an app-level token (xapp-…) with connections:write on your app's "
        "page, Basic Information; or run with --http",
    )


def _scopes(given: Given) -> Check:
    try:
        answer = given.slack.call("auth.test", {})
    except GrapevineError as error:
        return Check("scopes", ok=False, detail=str(error), fix="mend the token first")
    granted = answer.get("scopes")
    if not isinstance(granted, list):
        return Check("scopes", ok=True, detail="Slack did not say which are granted")
    missing = sorted(wanted_scopes() - set(granted))
    if missing:
        return Check(
            "scopes",
            ok=False,
            detail=f"missing: {', '.join(missing)}",
            fix="bring the app's manifest up to date with manifest.yml and reinstall",
        )
    return Check("scopes", ok=True, detail="all of manifest.yml are granted")


def wanted_scopes() -> set[str]:
    """The bot scopes that manifest.yml asks for."""
    return set(scopes("bot"))


def _clock(given: Given, now: datetime) -> Check:
    server = given.server_time()
    if server is None:
        return Check(
            "clock",
            ok=True,
            detail="not compared: Slack's server could not be reached",
        )
    off = abs(now - server)
    if off > MAX_CLOCK_OFF:
        return Check(
            "clock",
            ok=False,
            detail=f"{off.total_seconds():.0f} s off Slack's",
            fix="set this machine's clock, for example by NTP",
        )
    return Check("clock", ok=True, detail=f"{off.total_seconds():.0f} s off Slack's")


def _channels(session: Session) -> Check:
    joined = session.scalar(
        select(func.count()).select_from(Channel).where(Channel.is_joined)
    )
    if joined:
        return Check("channels", ok=True, detail=f"member of {joined}")
    return Check(
        "channels",
        ok=False,
        detail="Grapevine is in no channel yet, so it hears nothing",
        fix="in a channel, write /invite @Grapevine",
    )


def _worker(session: Session, now: datetime) -> Check:
    waiting = session.execute(
        select(func.count(), func.min(Event.due_at)).where(
            Event.state == EventState.WAITING
        )
    ).one()
    aside = session.scalar(
        select(func.count())
        .select_from(Event)
        .where(Event.state == EventState.SET_ASIDE)
    )
    count, oldest = waiting
    if count and oldest is not None and now - oldest > MAX_WAIT:
        return Check(
            "worker",
            ok=False,
            detail=f"{count} events wait, the oldest since {oldest:%Y-%m-%d %H:%M} UTC",
            fix="start `run`: nothing digests them",
        )
    if aside:
        return Check(
            "worker",
            ok=False,
            detail=f"{aside} events could not be digested and were set aside",
            fix="`events list` shows them, `events retry --all` tries them again; the "
            "graph goes on without them",
        )
    return Check("worker", ok=True, detail=f"{count} events wait")


def _outbox(session: Session) -> Check:
    failed = session.execute(
        select(Post.error, func.count())
        .where(Post.state == PostState.FAILED)
        .group_by(Post.error)
    ).all()
    if not failed:
        return Check("posts", ok=True, detail="none was refused")
    reasons = ", ".join(f"{error} ({n})" for error, n in failed)
    return Check(
        "posts",
        ok=False,
        detail=f"Slack refused: {reasons}",
        fix=fixes_of(str(error) for error, _ in failed),
    )


def _imports(session: Session) -> Check:
    names = [
        name
        for workspace_id in session.scalars(select(Workspace.id))
        for name in unfinished(session, workspace_id)
    ]
    if not names:
        return Check("imports", ok=True, detail="all came to their end")
    return Check(
        "imports",
        ok=False,
        detail=f"stopped halfway: {', '.join(names)}",
        fix="run `import` on it again; it goes on where it was",
    )


def _vectors(session: Session, model: str | None) -> Check:
    if model is None:
        return Check("vectors", ok=True, detail="no engine: words alone are matched")
    held = count_vectors(session, model)
    what, fix = explain_vectors(held)
    if what:
        return Check("vectors", ok=False, detail=what, fix=fix)
    return Check("vectors", ok=True, detail=f"{held.questions} questions, by {model}")


def _ranking(session: Session) -> Check:
    """Tell how far people's votes have moved whom each workspace is sent to."""
    moved = session.scalars(
        select(Tuning).order_by(Tuning.workspace_id, Tuning.feature)
    ).all()
    told = [f"{t.feature} {t.factor - 1:+.0%}" for t in moved if round(t.factor - 1, 2)]
    detail = f"moved by votes: {', '.join(told)}" if told else "weights as shipped"
    return Check("ranking", ok=True, detail=detail)
