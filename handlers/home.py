"""What a person does on their own page."""

from collections.abc import Callable
from datetime import date
from functools import partial
from typing import Any

from slack_bolt import Ack, App, BoltContext
from sqlalchemy.orm import Session

from bot import pages
from bot.blocks import data, home
from bot.blocks.spoken import modal, say, section
from bot.deps import Deps
from bot.homes import publish_home
from bot.personal_data import export_person, forget_person
from handlers.actors import Actor, actor_in
from handlers.errors import guarded
from handlers.replies import replace
from models import TopicChoice

_ERASED = (
    "Everything about you is erased, and nothing will be collected again. "
    "You can opt in on my Home tab."
)
_NOT_AHEAD = "Pick a day after today. Nothing has changed."

# Changes what is held of the person who acts.
Change = Callable[[Session, str, str], object]


def register(app: App, deps: Deps) -> None:
    """Listen to everything on the Home tab and in the modal of one's data."""
    app.action(home.TOPIC_ACTION)(guarded(on_topic, deps))
    app.action(home.SNOOZE_ACTION)(guarded(on_snooze, deps))
    wake = partial(pages.snooze, until=None)
    changes: dict[str, Change] = {
        home.WAKE_ACTION: wake,
        home.OPT_OUT_ACTION: pages.opt_out,
        home.OPT_IN_ACTION: pages.opt_in,
    }
    for action_id, change in changes.items():
        app.action(action_id)(guarded(partial(on_change, change=change), deps))
    app.action(home.ERASE_ACTION)(guarded(on_erase, deps))
    for action_id in (
        home.BEFORE_ACTION,
        home.AFTER_ACTION,
        home.SHOW_HIDDEN_ACTION,
        home.LEAVE_HIDDEN_ACTION,
    ):
        app.action(action_id)(guarded(on_turn, deps))
    app.action(home.EXPORT_ACTION)(guarded(on_export, deps))
    for action_id in (data.BEFORE_ACTION, data.AFTER_ACTION):
        app.action(action_id)(guarded(on_data_page, deps))


def on_topic(
    ack: Ack,
    body: dict[str, Any],
    context: BoltContext,
    *,
    deps: Deps,
) -> None:
    """Hide a topic, disown it, refuse to be asked about it, or undo that."""
    ack()
    actor = actor_in(context)
    word, _, topic_id = _action(body)["selected_option"]["value"].partition(":")
    _apply(deps, actor, _topic_change(word, int(topic_id)))
    _republish(deps, actor, body)


def _topic_change(word: str, topic_id: int) -> Change:
    if word == home.UNDO:
        return partial(pages.clear_topic_choice, topic_id=topic_id)
    choice = TopicChoice(word)
    return partial(pages.set_topic_choice, topic_id=topic_id, choice=choice)


def on_snooze(
    ack: Ack,
    body: dict[str, Any],
    context: BoltContext,
    *,
    deps: Deps,
) -> None:
    """Leave a person in peace until the day they picked."""
    ack()
    actor = actor_in(context)
    day = date.fromisoformat(_action(body)["selected_date"])
    with deps.database.sessions.begin() as session:
        person = (actor.workspace_id, actor.user_id)
        until = pages.start_of_day(session, *person, day)
        is_ahead = until > deps.clock()
        if is_ahead:
            pages.snooze(session, *person, until=until)
    if not is_ahead:
        _open(deps, actor, body, modal("Leave me in peace", [section(_NOT_AHEAD)]))
    _republish(deps, actor, body)


def on_change(
    ack: Ack,
    body: dict[str, Any],
    context: BoltContext,
    *,
    deps: Deps,
    change: Change,
) -> None:
    """Apply one of a person's wishes and show how things stand."""
    ack()
    actor = actor_in(context)
    _apply(deps, actor, change)
    _republish(deps, actor, body)


def on_erase(
    ack: Ack,
    body: dict[str, Any],
    context: BoltContext,
    *,
    deps: Deps,
) -> None:
    """Erase everything about a person; they have confirmed it in a dialog."""
    ack()
    actor = actor_in(context)
    _apply(deps, actor, forget_person)
    replace(context, say(_ERASED))
    _republish(deps, actor, body)


def on_turn(
    ack: Ack,
    body: dict[str, Any],
    context: BoltContext,
    *,
    deps: Deps,
) -> None:
    """Show another part of the page."""
    ack()
    actor = actor_in(context)
    offset, shows_hidden = _shown(body)
    turned = {
        home.SHOW_HIDDEN_ACTION: (0, True),
        home.LEAVE_HIDDEN_ACTION: (0, False),
    }
    action = _action(body)
    wanted = turned.get(action["action_id"])
    if wanted is None:
        wanted = int(action.get("value") or offset), shows_hidden
    _publish(deps, actor, *wanted)


def on_export(
    ack: Ack, body: dict[str, Any], context: BoltContext, *, deps: Deps
) -> None:
    """Show a person everything that is held about them."""
    ack()
    actor = actor_in(context)
    _open(deps, actor, body, _data(deps, actor, page=0))


def on_data_page(
    ack: Ack,
    body: dict[str, Any],
    context: BoltContext,
    *,
    deps: Deps,
) -> None:
    """Turn a page of what is held about a person."""
    ack()
    actor = actor_in(context)
    view = _data(deps, actor, page=int(_action(body)["value"]))
    arguments = {"view_id": body["view"]["id"], "view": view}
    deps.slack_of(actor.workspace_id).call("views.update", arguments)


def _data(deps: Deps, actor: Actor, *, page: int) -> dict[str, Any]:
    with deps.database.readers() as session:
        held = export_person(
            session, actor.workspace_id, actor.user_id, with_binary=False
        )
    return data.data_modal(held, page=page)


def _apply(deps: Deps, actor: Actor, change: Change) -> None:
    with deps.database.sessions.begin() as session:
        change(session, actor.workspace_id, actor.user_id)


def _open(deps: Deps, actor: Actor, body: dict[str, Any], view: dict[str, Any]) -> None:
    arguments = {"trigger_id": body["trigger_id"], "view": view}
    deps.slack_of(actor.workspace_id).call("views.open", arguments)


def _republish(deps: Deps, actor: Actor, body: dict[str, Any]) -> None:
    _publish(deps, actor, *_shown(body))


def _publish(deps: Deps, actor: Actor, offset: int, shows_hidden: bool) -> None:  # noqa: FBT001 - as `recall` gives them
    publish_home(
        deps,
        actor.workspace_id,
        actor.user_id,
        offset=offset,
        shows_hidden=shows_hidden,
    )


def _action(body: dict[str, Any]) -> dict[str, Any]:
    action: dict[str, Any] = body["actions"][0]
    return action


def _shown(body: dict[str, Any]) -> tuple[int, bool]:
    view = body.get("view") or {}
    return home.recall(str(view.get("private_metadata") or ""))
