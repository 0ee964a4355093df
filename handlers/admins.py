"""Whether somebody is a workspace admin: as held, else as Slack says."""

import logging

from bot.deps import Deps
from bot.errors import SlackBusyError
from bot.introductions import meet
from handlers.actors import Actor

log = logging.getLogger(__name__)


def is_workspace_admin(deps: Deps, actor: Actor) -> bool:
    """Find out; Slack is asked about somebody who has not been heard yet.

    What cannot be found out is a no.
    """
    try:
        person = meet(deps, actor.workspace_id, actor.user_id, now=deps.clock())
    except SlackBusyError:
        return False
    return person.is_admin and not person.is_deactivated


def may_change_topics(deps: Deps, actor: Actor) -> bool:
    """Whether somebody may; a refusal is noted for whoever runs the bot."""
    may = is_workspace_admin(deps, actor)
    if not may:
        log.warning("refused to change a topic", extra={"user_id": actor.user_id})
    return may
