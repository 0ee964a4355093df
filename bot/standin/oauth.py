"""OAuth v2: codes, tokens, their rotation, and whose token a call comes with.

https://docs.slack.dev/authentication/installing-with-oauth
https://docs.slack.dev/authentication/using-token-rotation
"""

import base64
import secrets
from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any
from urllib.parse import urlencode

from bot.standin.calls import ApiError
from bot.standin.values import Payload, Workspace
from bot.standin.world import World

TOKEN_LASTS = timedelta(hours=12)

# What a token for an organisation cannot do without naming a workspace.
NEEDS_TEAM = frozenset(
    {"conversations.create", "conversations.list", "users.conversations", "users.list"}
)


class OAuth:
    """Installs the app in workspaces, and hands out tokens.

    Attributes:
        redirect_url: where people come back to, as the app's settings say.
        chosen: the workspace in which people say yes; "" when they say no.
        rotates: whether tokens end after twelve hours.
    """

    def __init__(self, worlds: list[World]) -> None:
        self._worlds = worlds
        self._codes: dict[str, World] = {}
        self._used: set[str] = set()
        self.redirect_url = ""
        self.chosen = worlds[0].workspace.id
        self.rotates = False

    def authorize(self, query: Payload) -> str:
        """Give the address that somebody who was asked is sent to."""
        state = {"state": query.get("state", "")}
        if query.get("client_id") != self._worlds[0].app.client_id:
            return (
                f"{self.redirect_url}?{urlencode({'error': 'invalid_client', **state})}"
            )
        if not self.chosen:
            return (
                f"{self.redirect_url}?{urlencode({'error': 'access_denied', **state})}"
            )
        code = secrets.token_hex(8)
        self._codes[code] = next(
            w for w in self._worlds if w.workspace.id == self.chosen
        )
        return f"{self.redirect_url}?{urlencode({'code': code, **state})}"

    def access(self, credentials: str, args: Payload) -> Payload:
        """Answer `oauth.v2.access`.

        Raises:
            ApiError: the credentials, the code or the refresh token are wrong.
        """
        app = self._worlds[0].app
        pair = f"{app.client_id}:{app.client_secret}".encode()
        if credentials != f"Basic {base64.b64encode(pair).decode()}":
            raise ApiError("bad_client_secret")
        if args.get("grant_type") == "refresh_token":
            return self._refresh(str(args.get("refresh_token")))
        world = self._codes.pop(str(args.get("code")), None)
        if world is None:
            raise ApiError("invalid_code")
        world.app.is_installed = True
        world.app.revoked.discard(world.app.bot_token)
        return self._grant(world)

    def _refresh(self, token: str) -> Payload:
        if token in self._used:
            raise ApiError("invalid_refresh_token")
        for world in self._worlds:
            if world.app.refresh_token == token and token not in world.app.revoked:
                self._used.add(token)
                return self._grant(world)
        raise ApiError("invalid_refresh_token")

    def _grant(self, world: World) -> Payload:
        app, team = world.app, world.workspace
        rotation: Payload = {}
        if self.rotates:
            # Two tokens of an installation work at a time; more are taken back.
            app.revoked |= {*app.older}
            app.older.clear()
            if app.token_ends_at is not None:
                app.older[app.bot_token] = app.token_ends_at
            app.bot_token = f"xoxe.xoxb-1-{secrets.token_hex(8)}"
            app.refresh_token = f"xoxe-1-{secrets.token_hex(8)}"
            app.token_ends_at = world.now() + TOKEN_LASTS
            rotation = {
                "refresh_token": app.refresh_token,
                "expires_in": int(TOKEN_LASTS.total_seconds()),
            }
        above = (
            {"id": team.enterprise_id, "name": "Org"} if team.enterprise_id else None
        )
        return {
            "app_id": app.id,
            "access_token": app.bot_token,
            "token_type": "bot",
            "scope": ",".join(sorted(app.scopes)),
            "bot_user_id": app.user_id,
            "team": None if app.is_org_wide else {"id": team.id, "name": team.name},
            "enterprise": above,
            "is_enterprise_install": app.is_org_wide,
            "authed_user": {"id": "U0INSTALLER"},
            **rotation,
        }


def find_world(worlds: Sequence[World], token: str, args: Payload) -> World:
    """Find the workspace that a call is about; the first one if none is."""
    theirs = [w for w in worlds if token in _tokens(w)] or list(worlds)
    if "team_id" in args:
        named = [w for w in theirs if w.workspace.id == args["team_id"]]
        return (named or theirs)[0]
    about = args.get("channel"), args.get("user")
    for world in theirs:
        if {*about} & ({*world.channels} | {*world.users}):
            return world
    return theirs[0]


def named(worlds: Sequence[World], team_id: str) -> World:
    """Find a workspace by its id; the first one if there is none of that."""
    return next((w for w in worlds if w.workspace.id == team_id), worlds[0])


def new_world(
    worlds: Sequence[World], workspace: Workspace, manifest: Mapping[str, Any]
) -> World:
    """Make a workspace beside others, with the same app.

    Workspaces of one organisation share the app's installation in all of it.
    """
    first = worlds[0]
    world = World(workspace, manifest, first.now, first.ticks)
    world.app.bot_token = f"xoxb-{workspace.id}"
    above = workspace.enterprise_id
    for other in worlds:
        if above and other.workspace.enterprise_id == above:
            world.app = other.app
    world.base_url, world.send = first.base_url, first.send
    return world


def _tokens(world: World) -> set[str]:
    app = world.app
    return {app.bot_token, app.app_token, *app.older, *app.revoked}
