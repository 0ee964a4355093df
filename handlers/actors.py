"""Who is acting: somebody of our workspace, or nobody we serve."""

import logging
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any

from slack_bolt import App, BoltContext, BoltResponse

from bot.blocks import help as help_blocks
from bot.deps import Deps
from bot.graph.places import ensure_workspace
from bot.installations import organisation_of
from handlers.replies import COUNT, reply
from models import Workspace

log = logging.getLogger(__name__)

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
    above = _organisation(context)
    if actor is None or not (
        above is None or _place_of(body) or _is_of(deps, actor, above)
    ):
        log.warning("refused: %s acts from elsewhere", context.user_id)
        return _refuse(body, context)
    _know_workspace(deps, actor.workspace_id, above)
    context[_KEY] = actor
    context[COUNT] = deps.metrics.calls.add
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
    ours = installed.team_id or _place_of(body)
    if ours and theirs not in (ours, installed.enterprise_id):
        return None
    return Actor(ours or theirs, user_id)


def _team_of(body: dict[str, Any]) -> str | None:
    """Whose person acts."""
    user = body.get("user")
    if isinstance(user, dict) and user.get("team_id"):
        return str(user["team_id"])
    return _place_of(body)


def _place_of(body: dict[str, Any]) -> str | None:
    """In which workspace; an organisation's Home tab is in none."""
    team = body.get("team")
    if isinstance(team, dict) and team.get("id"):
        return str(team["id"])
    return body.get("team_id")


def _organisation(context: BoltContext) -> str | None:
    """The organisation that installed us as a whole."""
    installed = context.authorize_result
    if installed is None or installed.team_id:
        return None
    return installed.enterprise_id


def _is_of(deps: Deps, actor: Actor, above: str) -> bool:
    """Whether a workspace is known to be the organisation's.

    Needed where Slack tells only whose person acts, as on a Home tab, which has
    told us of their workspace by then.
    """
    with deps.database.readers() as session:
        return organisation_of(session, actor.workspace_id) == above


def _refuse(body: dict[str, Any], context: BoltContext) -> BoltResponse:
    spoken = help_blocks.outsider()
    if "command" in body:
        shown = {"response_type": "ephemeral", **spoken.payload()}
        return BoltResponse(status=200, body=shown)
    reply(context, spoken)
    return BoltResponse(status=200, body="")


def _know_workspace(deps: Deps, workspace_id: str, above: str | None) -> None:
    """A command may be the first that is heard of a workspace."""
    with deps.database.readers() as session:
        held = session.get(Workspace, workspace_id)
        if held is not None and above in (None, held.enterprise_id):
            return
    with deps.database.sessions.begin() as session:
        held = ensure_workspace(session, workspace_id, now=deps.clock())
        held.enterprise_id = above or held.enterprise_id
