"""`/grapevine`: one command, a subcommand for each thing to do."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from slack_bolt import Ack, App, BoltContext

from bot.blocks import help as help_blocks
from bot.blocks.home import erase_button
from bot.blocks.spoken import Spoken, actions, say, section
from bot.blocks.topics import managed_topics, topics
from bot.deps import Deps
from bot.graph.topics import held_topics
from bot.introductions import meet
from bot.overview import most_asked
from handlers import daily
from handlers.actors import Actor, actor_in
from handlers.admins import is_workspace_admin
from handlers.errors import guarded
from handlers.replies import reply
from handlers.who_knows import answer_to

COMMAND = "/grapevine"

_MOST_TOPICS = 20


@dataclass(frozen=True, slots=True)
class Invocation:
    """One use of the command.

    Attributes:
        actor: Who.
        channel_id: Where.
        rest: What stands after the subcommand.
        trigger_id: Opens a modal, within three seconds.
    """

    actor: Actor
    channel_id: str
    rest: str
    trigger_id: str


# Does it; what is returned is said to the person alone, None means it was done
# another way (a modal).
Subcommand = Callable[[Deps, Invocation], Spoken | None]


def register(app: App, deps: Deps) -> None:
    """Listen to the command."""
    app.command(COMMAND)(guarded(on_command, deps))


def on_command(
    ack: Ack,
    body: dict[str, Any],
    context: BoltContext,
    *,
    deps: Deps,
) -> None:
    """Do what the first word says; what is not understood gets the usage."""
    word, _, rest = (body.get("text") or "").strip().partition(" ")
    run = SUBCOMMANDS.get(word.lower() or "help")
    if run is None:
        ack(**help_blocks.unknown_command(word).payload())
        return
    ack()
    invocation = Invocation(
        actor=actor_in(context),
        channel_id=str(body.get("channel_id") or ""),
        rest=rest.strip(),
        trigger_id=str(body.get("trigger_id") or ""),
    )
    spoken = run(deps, invocation)
    if spoken is not None:
        reply(context, spoken)


def _help(_deps: Deps, _invocation: Invocation) -> Spoken:
    return help_blocks.usage()


def _topics(deps: Deps, invocation: Invocation) -> Spoken:
    actor = invocation.actor
    meet(deps, actor.workspace_id, actor.user_id, now=deps.clock())
    with deps.database.readers() as session:
        listed = most_asked(
            session, actor.workspace_id, limit=_MOST_TOPICS, user_id=actor.user_id
        )
        held = held_topics(session, actor.workspace_id)
    if not is_workspace_admin(deps, actor):
        return topics(listed)
    hidden = [(one.id, one.label) for one in held if one.is_hidden]
    return managed_topics(listed, hidden[:_MOST_TOPICS])


def _who(deps: Deps, invocation: Invocation) -> Spoken:
    return answer_to(deps, invocation.actor, invocation.rest, invocation.channel_id)


def _forget_me(_deps: Deps, _invocation: Invocation) -> Spoken:
    text = (
        "Erase everything that is held about you? It cannot be undone, and you "
        "are opted out, so that nothing is collected again."
    )
    return say(text, [section(text), actions(erase_button())])


def _daily(deps: Deps, invocation: Invocation) -> None:
    daily.open_modal(
        deps,
        workspace_id=invocation.actor.workspace_id,
        user_id=invocation.actor.user_id,
        channel_id=invocation.channel_id,
        trigger_id=invocation.trigger_id,
    )


SUBCOMMANDS: dict[str, Subcommand] = {
    "help": _help,
    "topics": _topics,
    "daily": _daily,
    "who": _who,
    "who-knows": _who,
    "forget-me": _forget_me,
}
