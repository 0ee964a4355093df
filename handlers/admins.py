"""Whether somebody is a workspace admin: as held, else as Slack says."""

import logging

from bot.deps import Deps
from bot.describing import read_person
from bot.errors import SlackBusyError, SlackRefusedError
from bot.graph.places import is_admin
from handlers.actors import Actor
from models import Person

log = logging.getLogger(__name__)


def is_workspace_admin(deps: Deps, actor: Actor) -> bool:
    """Find out; Slack is asked about somebody who has not been heard yet.

    What cannot be found out is a no.
    """
    with deps.database.readers() as session:
        if session.get(Person, (actor.workspace_id, actor.user_id)) is not None:
            return is_admin(session, actor.workspace_id, actor.user_id)
    try:
        slack = deps.slack_of(actor.workspace_id)
        answer = slack.call("users.info", {"user": actor.user_id})
    except (SlackRefusedError, SlackBusyError):
        return False
    told = read_person(answer["user"], "", team_id=actor.workspace_id)
    return told is not None and told.is_admin and not told.is_deactivated


def may_change_topics(deps: Deps, actor: Actor) -> bool:
    """Whether somebody may; a refusal is noted for whoever runs the bot."""
    may = is_workspace_admin(deps, actor)
    if not may:
        log.warning("refused to change a topic", extra={"user_id": actor.user_id})
    return may
