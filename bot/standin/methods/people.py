"""auth, api, apps, team, users and bots: who is there and who is asking."""

from bot.standin.calls import ApiError, Call, Method
from bot.standin.limits import SPECIAL
from bot.standin.methods.pages import page
from bot.standin.values import Payload


def auth_test(call: Call) -> Payload:
    """Say whose token this is; its scopes go into a header."""
    world = call.world
    app = world.app
    call.headers["x-oauth-scopes"] = ",".join(sorted(app.scopes))
    return {
        "url": f"https://{world.workspace.domain}.slack.com/",
        "team": world.workspace.name,
        "user": app.bot_name,
        "team_id": world.workspace.id,
        "user_id": app.user_id,
        "bot_id": app.bot_id,
        "is_enterprise_install": False,
    }


def api_test(call: Call) -> Payload:
    """Answer with what was asked."""
    if "error" in call.args:
        raise ApiError(call.text("error"), args=call.args)
    return {"args": call.args}


def connections_open(call: Call) -> Payload:
    """Give the address of a Socket Mode connection, good for one connection."""
    if "connections:write" not in call.world.app.app_scopes:
        raise ApiError("missing_scope", needed="connections:write", provided="")
    ticket = call.world.new_id("ticket-")
    address = call.world.base_url.replace("http://", "ws://")
    call.world.tickets.add(ticket)
    return {"url": f"{address}/link/?ticket={ticket}&app_id={call.world.app.id}"}


def team_info(call: Call) -> Payload:
    """Describe the workspace."""
    team = call.world.workspace
    if call.text("team", team.id) != team.id:
        raise ApiError("team_not_found")
    names = {"id": team.id, "name": team.name, "domain": team.domain}
    return {"team": {**names, "url": f"https://{team.domain}.slack.com/"}}


def users_info(call: Call) -> Payload:
    """Describe one person."""
    return {"user": call.world.user_info(call.user())}


def users_list(call: Call) -> Payload:
    """List everybody, deactivated people and bots too."""
    rows = list(call.world.users.values())
    most = 1000
    shown, cursor = page(call, rows, default=most, most=most)
    described = [call.world.user_info(user) for user in shown]
    return {"members": described, "response_metadata": {"next_cursor": cursor}}


def bots_info(call: Call) -> Payload:
    """Describe the bot; it is the only one with a bot id."""
    app = call.world.app
    if call.text("bot", app.bot_id) != app.bot_id:
        raise ApiError("bot_not_found")
    names = {"id": app.bot_id, "app_id": app.id, "user_id": app.user_id}
    return {"bot": {**names, "name": app.bot_name, "deleted": not app.is_installed}}


METHODS = (
    Method("auth.test", auth_test, tier=SPECIAL),
    Method("api.test", api_test, "error foo", tier=4, token="none"),  # noqa: S106
    Method("apps.connections.open", connections_open, tier=1, token="app"),  # noqa: S106
    Method("team.info", team_info, "team", scopes=("team:read",)),
    Method("users.info", users_info, "user include_locale", "user", ("users:read",), 4),
    Method(
        "users.list",
        users_list,
        "cursor limit include_locale",
        scopes=("users:read",),
        tier=2,
    ),
    Method("bots.info", bots_info, "bot", scopes=("users:read",)),
)
