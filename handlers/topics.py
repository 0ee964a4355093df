"""Manage: a workspace admin changes a topic, by a form."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from slack_bolt import Ack, App, BoltContext
from sqlalchemy.orm import Session

from bot import curation
from bot.blocks import topic_modal as form
from bot.blocks.spoken import named, say
from bot.blocks.topic_modal import load_topic, topic_modal
from bot.blocks.topics import MANAGE_ACTION
from bot.curation import Curator
from bot.deps import Deps
from bot.errors import BadInputError, NotFoundError
from bot.graph.topics import held_topics
from bot.overview import most_asked
from bot.topic_names import NameTakenError
from handlers.actors import Actor, actor_in
from handlers.admins import may_change_topics
from handlers.errors import guarded
from handlers.replies import reply
from models import Topic

_ADMINS_ONLY = "Only workspace admins can change a topic. Ask one of them."
_TOO_OLD = "This form is too old. `/grapevine topics` opens a new one."
_GONE = "This topic is gone. `/grapevine topics` lists what there is."
# Beside a field, where no mark-up is read.
_OTHER_NAME = "Choose another name, or merge the two below."
_MERGED_OR_GONE = (
    "This topic is gone: it was merged into another, or nobody asks about it any more. "
    "/grapevine topics lists what there is."
)


@dataclass(frozen=True, slots=True)
class Filled:
    """What a form was filled in with.

    Attributes:
        names: Other names, as typed.
        into: What to merge it into, if anything.
    """

    name: str
    names: tuple[str, ...]
    is_hidden: bool
    is_locked: bool
    into: int | None


class _RefusedError(Exception):
    """A field holds what cannot be done; `args` are its block and why."""


def register(app: App, deps: Deps) -> None:
    """Wire the button and the form."""
    app.action(MANAGE_ACTION)(guarded(on_manage, deps))
    app.view(form.CALLBACK)(guarded(on_change, deps))


def on_manage(
    ack: Ack, body: dict[str, Any], context: BoltContext, *, deps: Deps
) -> None:
    """Open the form about a topic."""
    ack()
    actor = actor_in(context)
    if not may_change_topics(deps, actor):
        reply(context, say(_ADMINS_ONLY))
        return
    with deps.database.readers() as session:
        view = _view(session, actor, body["actions"][0].get("value"))
    if view is None:
        reply(context, say(_GONE))
        return
    call = deps.slack_of(actor.workspace_id).call
    call("views.open", {"trigger_id": body["trigger_id"], "view": view})


def _view(session: Session, actor: Actor, value: object) -> dict[str, Any] | None:
    """The form about a topic; None if the workspace has none of that id."""
    held = {str(one.id): one for one in held_topics(session, actor.workspace_id)}
    one = held.get(str(value))
    if one is None:
        return None
    topic = form.Topic(one.id, one.label, one.aliases, one.is_hidden, one.is_locked)
    listed = most_asked(session, actor.workspace_id, limit=form.MOST_OFFERED + 1)
    others = [(o.topic_id, o.label) for o in listed if o.topic_id != one.id]
    return topic_modal(topic, others)


def on_change(
    ack: Ack, body: dict[str, Any], context: BoltContext, *, deps: Deps
) -> None:
    """Do what the form says, or show beside a field why it cannot be done."""
    actor = actor_in(context)
    view = body["view"]
    shown = load_topic(view.get("private_metadata") or "")
    if shown is None:
        ack(response_action="update", view=form.told(_TOO_OLD))
        return
    # Once more: what was true when the form was opened may not be now.
    if not may_change_topics(deps, actor):
        ack(response_action="update", view=form.told(_ADMINS_ONLY))
        return
    filled = read(view["state"]["values"])
    curator = Curator(actor.workspace_id, actor.user_id, deps.clock())
    try:
        with deps.database.sessions.begin() as session:
            done = _change(session, curator, shown, filled)
    except _RefusedError as refused:
        block, why = refused.args
        ack(response_action="errors", errors={block: why})
        return
    ack(response_action="update", view=form.told(done))


def read(values: Mapping[str, Mapping[str, Mapping[str, Any]]]) -> Filled:
    """Read the form's fields."""

    def field(name: str) -> Mapping[str, Any]:
        return (values.get(name) or {}).get(name) or {}

    ticked = {o["value"] for o in field(form.STATES).get("selected_options") or ()}
    chosen = field(form.INTO).get("selected_option")
    typed = (field(form.NAMES).get("value") or "").split(",")
    return Filled(
        name=field(form.NAME).get("value") or "",
        names=tuple(name.strip() for name in typed if name.strip()),
        is_hidden=form.HIDDEN in ticked,
        is_locked=form.LOCKED in ticked,
        into=int(chosen["value"]) if chosen else None,
    )


def _change(
    session: Session, curator: Curator, shown: form.Topic, filled: Filled
) -> str:
    """Change what differs from what the form showed; says what came of it."""
    if filled.into is not None:
        with _beside(form.INTO):
            into = curation.merge(session, curator, shown.id, filled.into)
        return f"*{named(shown.label)}* is part of *{named(into.label)}* from now on."
    with _beside(form.NAME):
        topic = curation.find_topic(session, curator.workspace_id, shown.id)
        if filled.name != shown.label:
            curation.rename(session, curator, shown.id, filled.name)
    with _beside(form.NAMES):
        if filled.names != shown.names:
            curation.set_names(session, curator, shown.id, filled.names)
    if filled.is_locked != shown.is_locked:
        act = curation.lock if filled.is_locked else curation.unlock
        act(session, curator, shown.id)
    if filled.is_hidden != shown.is_hidden:
        act = curation.hide if filled.is_hidden else curation.show
        act(session, curator, shown.id)
    return _as_it_stands(session, topic)


def _as_it_stands(session: Session, topic: Topic) -> str:
    names = curation.names_of(session, topic)
    also = f", also called {', '.join(map(named, names))}" if names else ""
    states = (
        "It is hidden; `/grapevine topics` brings you back here." * topic.is_hidden,
        "It stays as you left it." if topic.is_locked else "I may rename it again.",
    )
    return " ".join(
        part for part in (f"*{named(topic.label)}*{also}.", *states) if part
    )


@contextmanager
def _beside(block: str) -> Iterator[None]:
    """Turn what cannot be done into words beside a field."""
    try:
        yield
    except NameTakenError as error:
        # Nobody in Slack is shown a topic's id.
        why = f"{error.label} has the name {error.name} already. {_OTHER_NAME}"
        raise _RefusedError(block, why) from error
    except NotFoundError as error:
        raise _RefusedError(block, _MERGED_OR_GONE) from error
    except BadInputError as error:
        why = str(error)
        raise _RefusedError(block, f"{why[:1].upper()}{why[1:]}.") from error
