"""What the doctor looks at between Grapevine and Slack: tokens, secrets, scopes."""

import re
from collections.abc import Callable, Collection
from dataclasses import dataclass
from typing import Any

from bot.checks import Check
from bot.errors import GrapevineError, SlackLockedOutError, SlackRefusedError
from bot.manifest import scopes
from bot.slack import Slack

_SECRET = re.compile(r"[0-9a-f]{32}")

# What a token is by how it begins. Source: Slack, "Token types".
_KINDS = {
    "xoxb-": "a bot token",
    "xapp-": "an app-level token",
    "xoxp-": "a user token",
    "xoxe.xoxb-": "a bot token that is rotated",
    "xoxe": "a token for refreshing others",
    "xox": "another kind of token",
}

_BOT_PLACE = (
    "copy the Bot User OAuth Token (xoxb-…) from your app's page, OAuth & "
    "Permissions, into SLACK_BOT_TOKEN"
)
_APP_PLACE = (
    "make an app-level token (xapp-…) with connections:write on your app's page, "
    "Basic Information, and put it into SLACK_APP_TOKEN; or run with --http"
)


@dataclass(frozen=True, slots=True)
class Credentials:
    """What the environment has; "" if not set.

    Attributes:
        bot_token, app_token, signing_secret: As given.
        slack: Slack's Web API with the bot token.
        granted: Asks which scopes the bot token has; None if Slack does not say.
        open_connection: Asks Slack for a connection with the app-level token.
    """

    bot_token: str
    app_token: str
    signing_secret: str
    slack: Slack
    granted: Callable[[], Collection[str] | None]
    open_connection: Callable[[], object]


def check_credentials(given: Credentials, held_teams: Collection[str]) -> list[Check]:
    """Look at each token and secret.

    Args:
        given: What the environment has.
        held_teams: Ids of the workspaces in the database.
    """
    checks = _bot(given, held_teams)
    checks.append(_app(given))
    if given.signing_secret:
        checks.append(_signing_secret(given.signing_secret))
    return checks


def _kind(token: str) -> str:
    found = (kind for start, kind in _KINDS.items() if token.startswith(start))
    return next(found, "no token of Slack's")


def _bot(given: Credentials, held_teams: Collection[str]) -> list[Check]:
    if not given.bot_token:
        return [_bad("token", "SLACK_BOT_TOKEN is not set", _BOT_PLACE)]
    if not given.bot_token.startswith(("xoxb-", "xoxe.xoxb-")):
        told = f"SLACK_BOT_TOKEN is {_kind(given.bot_token)}, not a bot token"
        return [_bad("token", told, _BOT_PLACE)]
    try:
        who = given.slack.call("auth.test", {})
    except (SlackLockedOutError, SlackRefusedError) as error:
        fix = "reinstall the app to the workspace and copy the new token"
        return [_bad("token", str(error), fix)]
    except GrapevineError as error:
        fix = "look whether this machine, or its proxy, reaches slack.com"
        return [_bad("token", str(error), fix)]
    return [_workspace(who, held_teams), _scopes(given)]


def _workspace(who: dict[str, Any], held_teams: Collection[str]) -> Check:
    team_id, name = str(who.get("team_id")), who.get("team")
    if held_teams and team_id not in held_teams:
        return _bad(
            "token",
            f"it is for {name} ({team_id}), and the database holds "
            f"{', '.join(sorted(held_teams))}",
            "use that workspace's token, or a database of its own for this one: "
            "GRAPEVINE_DATABASE_URL",
        )
    return Check("token", ok=True, detail=f"{who.get('user')} in {name}")


def _scopes(given: Credentials) -> Check:
    granted = given.granted()
    if granted is None:
        return Check("scopes", ok=True, detail="Slack did not say which are granted")
    missing = sorted(set(scopes("bot")) - set(granted))
    if missing:
        return _bad(
            "scopes",
            f"missing: {', '.join(missing)}",
            "bring the app's manifest up to date with manifest.yml and reinstall",
        )
    refused = sorted(set(scopes("bot_optional")) - set(granted))
    without = f"; without the optional {', '.join(refused)}" if refused else ""
    return Check("scopes", ok=True, detail=f"all that are needed{without}")


def _app(given: Credentials) -> Check:
    token = given.app_token
    if not token and given.signing_secret:
        told = "not set: for HTTP only, so run with --http"
        return Check("app token", ok=True, detail=told)
    if not token:
        return _bad("app token", "SLACK_APP_TOKEN is not set", _APP_PLACE)
    if not token.startswith("xapp-"):
        told = f"SLACK_APP_TOKEN is {_kind(token)}, not an app-level token"
        return _bad("app token", told, _APP_PLACE)
    try:
        given.open_connection()
    except GrapevineError as error:
        lacks = isinstance(error, SlackRefusedError) and error.code == "missing_scope"
        told = "it lacks connections:write" if lacks else str(error)
        return _bad("app token", told, _APP_PLACE)
    return Check("app token", ok=True, detail="opens a connection for Socket Mode")


def _signing_secret(secret: str) -> Check:
    if _SECRET.fullmatch(secret):
        return Check("signing secret", ok=True, detail="set, for --http")
    return _bad(
        "signing secret",
        f"SLACK_SIGNING_SECRET is {_kind(secret)}, nor 32 hexadecimal digits",
        "copy the Signing Secret from your app's page, Basic Information",
    )


def _bad(check: str, detail: str, fix: str) -> Check:
    return Check(check, ok=False, detail=detail, fix=fix)
