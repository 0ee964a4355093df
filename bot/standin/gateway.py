"""The Web API over HTTP: who asks, may they, is it well formed, is it too fast."""

import json
from collections.abc import Callable
from typing import Any

from aiohttp import web

from bot.standin.calls import ApiError, Call, Method, invalid_arguments
from bot.standin.limits import Fault, Faults, RateLimitedError, RateLimits
from bot.standin.methods import METHODS
from bot.standin.oauth import NEEDS_TEAM, OAuth, find_world
from bot.standin.responses import respond
from bot.standin.values import Payload
from bot.standin.world import World


class Gateway:
    """Answers `/api/{method}` and `/respond/{key}`."""

    def __init__(
        self, worlds: list[World], limits: Callable[[], RateLimits | None]
    ) -> None:
        self._worlds = worlds
        self._oauth = OAuth(worlds)
        self._limits = limits
        self.faults = Faults()

    async def api(self, request: web.Request) -> web.StreamResponse:
        """Answer one call."""
        name, args = request.match_info["method"], await _read_args(request)
        token = _token(request, args)
        world = find_world(self._worlds, token, args)
        with world.lock:
            world.logs.calls.append((name, dict(args)))
            fault = self.faults.take(name, args)
            if fault is not None and not fault.accepted:
                return _faulty(request, fault)
            answer = self._answer(world, name, token, args)
        return answer if fault is None else _faulty(request, fault)

    def _answer(
        self, world: World, name: str, token: str, args: Payload
    ) -> web.Response:
        call = Call(world, args)
        try:
            body = {"ok": True, **self._run(name, token, call)}
            return web.json_response(body, headers=call.headers)
        except RateLimitedError as error:
            return _too_fast(error.retry_after_s)
        except ApiError as error:
            return web.json_response({"ok": False, "error": error.code, **error.extra})

    def _run(self, name: str, token: str, call: Call) -> Payload:
        world = call.world
        if name == "oauth.v2.access":
            return self._oauth.access(token, call.args)
        method = METHODS.get(name)
        if method is None:
            world.logs.refused.append(f"unknown_method {name}")
            raise ApiError("unknown_method")
        self._check_token(world, method, token)
        call.need(*method.scopes)
        self._check_args(world, method, call.args)
        limits, at_s = self._limits(), world.ticks()
        if limits is not None:
            limits.count(name, method.tier, at_s)
            if name == "chat.postMessage":
                limits.count_post(str(call.args["channel"]), at_s)
        return method.run(call)

    def _check_token(self, world: World, method: Method, token: str) -> None:
        app = world.app
        if method.token == "none":  # noqa: S105 - a kind of token
            return
        if not token:
            raise ApiError("not_authed")
        if token in app.revoked:
            raise ApiError("token_revoked")
        if app.has_ended(token, world.now()):
            raise ApiError("token_expired")
        kinds = {app.bot_token: "bot", app.app_token: "app"}
        kinds |= dict.fromkeys(app.older, "bot")
        if token not in kinds:
            raise ApiError("invalid_auth")
        if kinds[token] != method.token:
            raise ApiError("not_allowed_token_type")
        if not world.lets_in:
            raise ApiError("team_access_not_granted")

    def _check_args(self, world: World, method: Method, args: Payload) -> None:
        given = args.pop("team_id", None)
        if not given and world.app.is_org_wide and method.name in NEEDS_TEAM:
            raise ApiError("missing_argument")
        # Bolt sends the team along with every call.
        if given and given != world.workspace.id:
            raise ApiError("team_not_found")
        unknown = sorted({*args} - {*method.args.split()})
        if unknown:
            refusal = f"unknown arguments of {method.name}: {', '.join(unknown)}"
            world.logs.refused.append(refusal)
            raise invalid_arguments(refusal)
        missing = [n for n in method.required.split() if args.get(n) in (None, "")]
        if missing:
            raise invalid_arguments(*(f"missing required field: {n}" for n in missing))

    async def authorize(self, request: web.Request) -> web.StreamResponse:
        """Show the page on which somebody says yes; they do so at once."""
        where = self._oauth.authorize(dict(request.query))
        return web.Response(status=302, headers={"Location": where})

    @property
    def oauth(self) -> OAuth:
        """How apps are installed here."""
        return self._oauth

    async def respond(self, request: web.Request) -> web.Response:
        """Take an answer at a `response_url`."""
        body = await _read_args(request)
        key = request.match_info["key"]
        granted = (w for w in self._worlds if key in w.response_urls)
        world = next(granted, self._worlds[0])
        with world.lock:
            try:
                respond(world, key, body)
            except ApiError as error:
                refusal = f"response_url: {error.code} {error.extra or ''}".rstrip()
                world.logs.refused.append(refusal)
                answer = {"ok": False, "error": error.code, **error.extra}
                return web.json_response(answer, status=404)
        return web.Response(text="ok")


async def _read_args(request: web.Request) -> Payload:
    args: dict[str, Any] = dict(request.query)
    if request.content_type == "application/json":
        raw = await request.text()
        args |= json.loads(raw) if raw else {}
    else:
        args |= await request.post()
    return args


def _token(request: web.Request, args: Payload) -> str:
    header = request.headers.get("Authorization", "")
    in_body = str(args.pop("token", ""))
    return header.removeprefix("Bearer ").strip() or in_body


def _too_fast(retry_after_s: int) -> web.Response:
    body = {"ok": False, "error": "ratelimited"}
    headers = {"Retry-After": str(retry_after_s)}
    return web.json_response(body, status=429, headers=headers)


def _faulty(request: web.Request, fault: Fault) -> web.Response:
    if fault.drop:
        if request.transport is not None:
            request.transport.abort()
        return web.Response()
    if (
        fault.error == "ratelimited"
        or fault.status == web.HTTPTooManyRequests.status_code
    ):
        return _too_fast(fault.retry_after_s)
    if fault.status:
        return web.Response(status=fault.status, text="planned fault")
    return web.json_response({"ok": False, "error": fault.error})
