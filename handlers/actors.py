"""Who is acting: somebody of our workspace, or nobody we serve."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any

from slack_bolt import App, BoltContext, BoltResponse

from bot.blocks import help as help_blocks
from bot.deps import Deps
from bot.graph.places import ensure_workspace
from handlers.replies import reply
from models import Workspace

_KEY = "actor"


@dataclass(frozen=True, slots=True)
class Actor:
    """A person of the workspace that Grapevine is installed in."""

    workspace_id: str
    user_id: str


def register(app: App, deps: Deps) -> None:
    """Let only people of our own workspace reach a listener."""
    app.use(partial(admit, deps=deps))


def actor_in(context: BoltContext) -> Actor:
    """Get who was admitted."""
    actor: Actor = context[_KEY]
    return actor


def admit(
    body: dict[str, Any],
    context: BoltContext,
    next: Callable[[], Any],  # noqa: A002 - Bolt injects it by this name
    *,
    deps: Deps,
) -> BoltResponse | None:
    """Refuse people of other organisations, who meet us in shared channels.

    Buttons work for them, unlike commands: https://docs.slack.dev/apis/slack-connect
    """
    actor = find_actor(body, context)
    if actor is None:
        return _refuse(body, context)
    _know_workspace(deps, actor.workspace_id)
    context[_KEY] = actor
    next()
    return None


def find_actor(body: dict[str, Any], context: BoltContext) -> Actor | None:
    """Find who acts; None if they are of another workspace or cannot be told."""
    installed, theirs, user_id = (
        context.authorize_result,
        _team_of(body),
        context.user_id,
    )
    if installed is None or not theirs or not user_id:
        return None
    ours = installed.team_id
    if ours and theirs not in (ours, installed.enterprise_id):
        return None
    return Actor(ours or theirs, user_id)


def _team_of(body: dict[str, Any]) -> str | None:
    user = body.get("user")
    if isinstance(user, dict) and user.get("team_id"):
        return str(user["team_id"])
    team = body.get("team")
    if isinstance(team, dict) and team.get("id"):
        return str(team["id"])
    return body.get("team_id")


def _refuse(body: dict[str, Any], context: BoltContext) -> BoltResponse:
    spoken = help_blocks.outsider()
    if "command" in body:
        shown = {"response_type": "ephemeral", **spoken.payload()}
        return BoltResponse(status=200, body=shown)
    reply(context, spoken)
    return BoltResponse(status=200, body="")


def _know_workspace(deps: Deps, workspace_id: str) -> None:
    """A command may be the first that is heard of a workspace."""
    with deps.database.readers() as session:
        known = session.get(Workspace, workspace_id) is not None
    if not known:
        with deps.database.sessions.begin() as session:
            ensure_workspace(session, workspace_id, now=deps.clock())
