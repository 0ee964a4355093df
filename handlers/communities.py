"""Answers to suggestions and invitations, and the form that starts a community."""

import logging
from functools import partial
from typing import Any

from slack_bolt import Ack, App, BoltContext

from bot.asks import Heard, Took, answer_ask, find_ask
from bot.blocks import communities as shown
from bot.blocks import community_modal as form
from bot.blocks.spoken import modal, say, section
from bot.channel_names import problem_with
from bot.communities import Came, Made, Wish, claim, make, may_start
from bot.conversations import people_of
from bot.deps import Deps
from bot.invitations import answer_invitation
from bot.outcomes import Reply
from bot.taken_names import open_name
from bot.text import escape
from handlers.actors import Actor, actor_in
from handlers.errors import guarded
from handlers.replies import reply
from models import Community, Topic

_TITLE = "Start a community"

log = logging.getLogger(__name__)


def register(app: App, deps: Deps) -> None:
    """Wire buttons and form."""
    app.action(shown.YES_ACTION)(guarded(on_yes, deps))
    for action_id, answer in (
        (shown.NOT_NOW_ACTION, Reply.NOT_NOW),
        (shown.NOT_TOPIC_ACTION, Reply.NOT_TOPIC),
        (shown.OPEN_ACTION, Reply.YES),
    ):
        app.action(action_id)(guarded(partial(on_answer, answer=answer), deps))
    app.view(form.CALLBACK)(guarded(on_create, deps))
    for action_id, accepts in (
        (shown.ACCEPT_ACTION, True),
        (shown.DECLINE_ACTION, False),
    ):
        app.action(action_id)(guarded(partial(on_invitation, accepts=accepts), deps))


def on_answer(
    ack: Ack,
    body: dict[str, Any],
    context: BoltContext,
    *,
    answer: Reply,
    deps: Deps,
) -> None:
    """Take an answer that needs no form."""
    ack()
    actor = actor_in(context)
    with deps.database.sessions.begin() as session:
        heard = answer_ask(
            session,
            workspace_id=actor.workspace_id,
            suggestion_id=_number(body["actions"][0].get("value")),
            user_id=actor.user_id,
            answer=answer,
            now=deps.clock(),
        )
    _refuse(context, heard)


def _number(carried: object) -> int:
    """Read an id that a button or a form carries; 0, which is nobody's, if none."""
    text = str(carried or "")
    return int(text) if text.isascii() and text.isdecimal() else 0


def _refuse(context: BoltContext, heard: Heard) -> None:
    if heard.took != Took.TAKEN:
        _note(context, heard)
        reply(context, say(_why(heard)))


def _note(context: BoltContext, heard: Heard) -> None:
    """Write down who was refused: ids, and nothing of what was carried."""
    log.warning(
        "refused: %s of %s answers what is %s",
        context.user_id,
        context.team_id,
        heard.took,
    )


def _why(heard: Heard) -> str:
    if heard.took == Took.NOT_YOURS:
        return shown.NOT_YOURS
    if heard.took == Took.ANSWERED:
        return shown.ANSWERED
    return shown.too_late(heard.started_by)


def on_yes(ack: Ack, body: dict[str, Any], context: BoltContext, *, deps: Deps) -> None:
    """Show the form; nothing is settled until it is sent."""
    ack()
    actor = actor_in(context)
    view = _form_for(deps, actor, _number(body["actions"][0].get("value")))
    if isinstance(view, Heard):
        _refuse(context, view)
        return
    call = deps.slack_of(actor.workspace_id).call
    call("views.open", {"trigger_id": body["trigger_id"], "view": view})


def _form_for(deps: Deps, actor: Actor, suggestion_id: int) -> dict[str, Any] | Heard:
    with deps.database.sessions.begin() as session:
        found = find_ask(session, actor.workspace_id, suggestion_id, actor.user_id)
        if found is None:
            return Heard(Took.NOT_YOURS)
        suggestion = found[0]
        heard = may_start(session, suggestion, actor.user_id)
        if heard.took != Took.TAKEN:
            return heard
        label = session.get_one(Topic, suggestion.topic_id).label
        return form.community_modal(
            suggestion.id,
            label,
            open_name(session, actor.workspace_id, label),
            people_of(
                session,
                actor.workspace_id,
                suggestion.topic_id,
                besides=actor.user_id,
                now=deps.clock(),
            ),
        )


def on_create(
    ack: Ack, body: dict[str, Any], context: BoltContext, *, deps: Deps
) -> None:
    """Make the channel, or show beside its name why Slack does not take it."""
    actor = actor_in(context)
    wish = _read_wish(body["view"]["state"]["values"], actor.user_id)
    problem = problem_with(wish.name)
    if problem is not None:
        ack(response_action="errors", errors={form.NAME: problem})
        return
    suggestion_id = _number(body["view"]["private_metadata"])
    claimed = _claim(deps, actor, suggestion_id, wish)
    if isinstance(claimed, Heard):
        _note(context, claimed)
        _show(ack, _why(claimed))
        return
    made = make(deps, claimed.id, now=deps.clock())
    if made.came == Came.NAME_REFUSED:
        why = form.name_error(wish.name, made.code, made.taken)
        ack(response_action="errors", errors={form.NAME: why})
    else:
        _show(ack, _what_came(made, wish))


def _read_wish(state: dict[str, Any], by: str) -> Wish:
    """Read the form; whoever fills it in is there already and not invited."""

    def value(name: str) -> dict[str, Any]:
        return state.get(name, {}).get(name) or {}

    return Wish(
        name=str(value(form.NAME).get("value") or "").strip().removeprefix("#"),
        purpose=str(value(form.PURPOSE).get("value") or "").strip(),
        people=tuple(
            u for u in value(form.PEOPLE).get("selected_users") or () if u != by
        ),
    )


def _claim(
    deps: Deps, actor: Actor, suggestion_id: int, wish: Wish
) -> Heard | Community:
    with deps.database.sessions.begin() as session:
        found = find_ask(session, actor.workspace_id, suggestion_id, actor.user_id)
        if found is None:
            return Heard(Took.NOT_YOURS)
        return claim(session, found[0], wish, user_id=actor.user_id, now=deps.clock())


def _show(ack: Ack, words: str) -> None:
    ack(response_action="update", view=modal(_TITLE, [section(words)]))


def _what_came(made: Made, wish: Wish) -> str:
    if made.came == Came.OPEN:
        invited = ", and the invitations are on their way" if wish.people else ""
        return f"<#{made.channel_id}> is there{invited}."
    if made.came == Came.HANDED_OVER:
        return (
            "I'm not allowed to create channels here. I've sent you a checklist for "
            "somebody who is."
        )
    return (
        f"Slack is busy. I'll keep trying to create #{escape(wish.name)}, and tell you "
        "when it's there."
    )


def on_invitation(
    ack: Ack,
    body: dict[str, Any],
    context: BoltContext,
    *,
    accepts: bool,
    deps: Deps,
) -> None:
    """Let somebody in who wants to, and nobody else."""
    ack()
    actor = actor_in(context)
    container = body["container"]
    with deps.database.sessions.begin() as session:
        took = answer_invitation(
            session,
            workspace_id=actor.workspace_id,
            community_id=_number(body["actions"][0].get("value")),
            user_id=actor.user_id,
            accepts=accepts,
            place=(str(container["channel_id"]), str(container["message_ts"])),
            now=deps.clock(),
        )
    _refuse(context, Heard(took))
