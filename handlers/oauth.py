"""Installing Grapevine in a workspace: `/slack/install`, and back from Slack.

A state is made for one browser, lasts ten minutes and counts once:
https://docs.slack.dev/authentication/installing-with-oauth. It is sealed, not
stored, so that whoever asks for many costs the database nothing.
"""

import asyncio
import html
import logging
import secrets
from base64 import b64encode
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from hmac import compare_digest
from urllib.parse import urlencode

from aiohttp import web
from slack_bolt.authorization import AuthorizeResult

from bot import installations
from bot.errors import BadInputError, SlackBusyError, SlackRefusedError
from bot.installations import Granted, read_granted
from bot.tokens import NotInstalledError, Tokens
from bot.vault import SealedError
from handlers.http import Pages

INSTALL_PATH = "/slack/install"
REDIRECT_PATH = "/slack/oauth_redirect"
COOKIE = "__Secure-grapevine-install"

STATE_LASTS = timedelta(minutes=10)

_STYLE = (
    "body{font:1.1rem/1.5 system-ui,sans-serif;max-width:34rem;margin:15vh auto;"
    "padding:0 1.5rem;color:#1d1c1d;background:#fff}"
    "a{display:inline-block;padding:.5rem 1rem;border-radius:.4rem;"
    "background:#3b2a55;color:#fff;text-decoration:none}"
)
_STYLE_HASH = b64encode(sha256(_STYLE.encode()).digest()).decode()

# Nothing is loaded from elsewhere, and nobody may frame or keep these pages.
_HEADERS = {
    "Cache-Control": "no-store",
    "Content-Security-Policy": (
        f"default-src 'none'; style-src 'sha256-{_STYLE_HASH}'; frame-ancestors 'none'"
    ),
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
}

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class App:
    """What is said of the app when it is installed."""

    client_id: str
    scopes: str
    authorize_url: str


class Installer:
    """The two pages, for `HttpServer`."""

    def __init__(self, tokens: Tokens, app: App) -> None:
        self._tokens = tokens
        self._app = app

    @property
    def pages(self) -> Pages:
        """The pages by path."""
        return {INSTALL_PATH: self.install, REDIRECT_PATH: self.redirect}

    async def install(self, _request: web.Request) -> web.StreamResponse:
        """Send somebody to Slack, to say yes there."""
        nonce = secrets.token_urlsafe(32)
        issued = int(self._tokens.clock().timestamp())
        state = self._tokens.vault.seal(f"{issued} {nonce}")
        asked = {
            "client_id": self._app.client_id,
            "scope": self._app.scopes,
            "state": state,
        }
        answer = web.Response(
            status=302,
            headers={
                **_HEADERS,
                "Location": f"{self._app.authorize_url}?{urlencode(asked)}",
            },
        )
        answer.set_cookie(
            COOKIE,
            nonce,
            max_age=int(STATE_LASTS.total_seconds()),
            path=REDIRECT_PATH,
            secure=True,
            httponly=True,
            samesite="Lax",
        )
        return answer

    async def redirect(self, request: web.Request) -> web.StreamResponse:
        """Take somebody back from Slack, with their yes or no."""
        state = request.query.get("state", "")
        cookie = request.cookies.get(COOKIE, "")
        if not await asyncio.to_thread(self._is_fresh, state, cookie):
            log.warning("an installation was refused: its state is not ours any more")
            return _page(400, "This link no longer works", STALE)
        if request.query.get("error"):
            return _page(200, "Nothing was installed", DECLINED)
        try:
            granted = await asyncio.to_thread(self._take, request.query.get("code", ""))
        except SlackBusyError:
            return _page(503, "Slack is busy", BUSY)
        except (SlackRefusedError, BadInputError) as error:
            log.warning("an installation failed: %s", error)
            return _page(400, "That did not work", REFUSED)
        log.info("installed in %s", granted.workspace_id)
        return _page(200, "Grapevine is installed", WELCOME, link=_way_on(granted))

    def _is_fresh(self, state: str, nonce: str) -> bool:
        """Whether a state was made for this browser lately, and use it up."""
        try:
            issued, _, ours = self._tokens.vault.open(state).partition(" ")
        except (SealedError, ValueError):
            return False
        if not compare_digest(ours.encode(), nonce.encode()):
            return False
        until = datetime.fromtimestamp(int(issued), tz=UTC) + STATE_LASTS
        if until < self._tokens.clock():
            return False
        with self._tokens.database.sessions.begin() as session:
            return installations.spend_state(session, ours, until=until)

    def _take(self, code: str) -> Granted:
        answer = self._tokens.oauth.access(code=code)
        now = self._tokens.clock()
        granted = read_granted(answer, now=now)
        with self._tokens.database.sessions.begin() as session:
            installations.save(session, self._tokens.vault, granted, now=now)
        return granted


def authorizer(tokens: Tokens) -> Callable[..., AuthorizeResult | None]:
    """Make the function that tells Bolt who has installed Grapevine."""

    def authorize(
        enterprise_id: str | None, team_id: str | None, user_id: str | None
    ) -> AuthorizeResult | None:
        workspace_id = team_id or enterprise_id or ""
        try:
            held = tokens.of(workspace_id, enterprise_id)
        except NotInstalledError:
            log.warning(
                "refused: %s acts in %s, which has not installed Grapevine",
                user_id,
                workspace_id,
            )
            return None
        return AuthorizeResult(
            enterprise_id=held.enterprise_id or None,
            team_id=held.team_id or None,
            bot_user_id=held.bot_user_id,
            bot_token=held.token,
        )

    return authorize


STALE = (
    "It works once, for ten minutes, and in the browser it was opened with. Please "
    "start again."
)
DECLINED = "You said no, and that is fine. If you change your mind, start again."
BUSY = "Slack did not answer. Please start again in a minute."
REFUSED = (
    "Slack did not confirm the installation. Please start again; if it happens once "
    "more, tell whoever runs Grapevine."
)
WELCOME = (
    "Next, invite it to a channel where people ask questions: write "
    "/invite @Grapevine there. Its Home tab says what it does and what it holds."
)


def _way_on(granted: Granted) -> tuple[str, str]:
    """Where to go from here: a label and an address."""
    if granted.team_id:
        return ("Open Slack", f"https://app.slack.com/client/{granted.team_id}")
    # An organisation's app is in no workspace until an admin adds it there.
    # https://docs.slack.dev/enterprise/developing-for-enterprise-orgs
    place = f"{granted.enterprise_id}/integrations/profile/{granted.app_id}"
    address = f"https://app.slack.com/manage/{place}/workspaces/add"
    return ("Choose its workspaces", address)


def _page(
    status: int,
    title: str,
    words: str,
    *,
    link: tuple[str, str] = ("Start again", INSTALL_PATH),
) -> web.Response:
    label, address = link
    body = (
        '<!doctype html><html lang="en"><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>{html.escape(title)}</title><style>{_STYLE}</style><h1>{html.escape(title)}</h1>"
        f"<p>{html.escape(words)}</p>"
        f'<p><a href="{html.escape(address)}">{html.escape(label)}</a></p></html>'
    )
    return web.Response(
        status=status, text=body, content_type="text/html", headers=_HEADERS
    )
