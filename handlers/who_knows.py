"""Ask who knows: a command, a message's menu, and sharing the answer."""

from hashlib import blake2b
from typing import Any

from slack_bolt import Ack, App, BoltContext

from bot.answering import Asking, Shared, answer_privately, load_share, share_answer
from bot.ballots import load_ballot, load_repeat_ballot
from bot.blocks import help as help_blocks
from bot.blocks.asked_before import NOT_SAME_ACTION, SAME_ACTION
from bot.blocks.spoken import Spoken, modal, say, section
from bot.blocks.who_knows import HELPED_ACTION, NOT_ME_ACTION, SHARE_ACTION
from bot.deps import Deps
from bot.feedback import Voted, not_me, same_or_not, that_helped
from bot.finding import subject_of
from bot.introductions import meet
from handlers.actors import Actor, actor_in
from handlers.errors import guarded
from handlers.replies import replace, reply

COMMAND = "/who-knows"
SHORTCUT = "find_who_knows"

_SAID = {
    Shared.DONE: "Shared here under your name.",
    Shared.ALREADY: "This answer has already been shared.",
    Shared.NOT_YOURS: "Only the person who asked can share this answer. "
    f"Ask with `{COMMAND}` and share your own.",
    Shared.NOT_HERE: "I'm not in this channel. Invite me with "
    "`/invite @Grapevine`, then press Share again.",
    Shared.NOTHING: "Not everybody here may see what this answer rests on, so I "
    "haven't shared it.",
}


# The same whether it is kept or not: that somebody has opted out is told to nobody.
_THANKS = (
    "Thank you. Votes like yours count a little towards whom I name, and nobody is "
    "told."
)
_VOTED = {
    Voted.DONE: _THANKS,
    Voted.NOT_KEPT: _THANKS,
    Voted.NOT_ONESELF: "That is for others to say; it does not count for yourself.",
    Voted.NOT_NAMED: "You are not named in this answer, so nothing changes.",
}
_NOT_ME = (
    "Noted, and nobody is told. To be left out of a whole topic, open my Home tab and "
    "choose *Not me any more* in the menu beside it."
)


_SAME_OR_NOT = (
    "Thank you. Votes like yours teach me which questions are the same, and nobody is "
    "told."
)


def register(app: App, deps: Deps) -> None:
    """Listen to the command, the shortcut and the buttons of an answer."""
    app.command(COMMAND)(guarded(on_command, deps))
    app.message_shortcut(SHORTCUT)(guarded(on_shortcut, deps))
    app.action(SHARE_ACTION)(guarded(on_share, deps))
    app.action(HELPED_ACTION)(guarded(on_helped, deps))
    app.action(NOT_ME_ACTION)(guarded(on_not_me, deps))
    app.action(SAME_ACTION)(guarded(on_same_or_not, deps))
    app.action(NOT_SAME_ACTION)(guarded(on_same_or_not, deps))


def on_command(
    ack: Ack,
    body: dict[str, Any],
    context: BoltContext,
    *,
    deps: Deps,
) -> None:
    """Answer `/who-knows X`, to the asker alone."""
    text = (body.get("text") or "").strip()
    if text.lower() in ("", "help"):
        ack(**help_blocks.usage().payload())
        return
    ack()
    channel_id = body.get("channel_id")
    reply(context, answer_to(deps, actor_in(context), text, channel_id))


def answer_to(deps: Deps, actor: Actor, text: str, channel_id: str | None) -> Spoken:
    """Answer a person; "who knows about X?" and plain X are the same here."""
    subject = subject_of(text, addressed=True)
    return _answer(
        deps, Asking(actor.workspace_id, actor.user_id, subject or text, channel_id)
    )


def _answer(deps: Deps, asking: Asking) -> Spoken:
    # What a guest may see is less: who asks must be known first.
    meet(deps, asking.workspace_id, asking.user_id, now=deps.clock())
    return answer_privately(deps, asking)


def on_shortcut(
    ack: Ack,
    body: dict[str, Any],
    context: BoltContext,
    *,
    deps: Deps,
) -> None:
    """Answer from a message's menu, next to it; in a modal if that cannot be."""
    ack()
    actor, message = actor_in(context), body["message"]
    can_reply = bool(body.get("response_url"))
    asking = Asking(
        actor.workspace_id,
        actor.user_id,
        str(message.get("text") or ""),
        # A modal belongs to no channel, so there is nothing to share to.
        body["channel"]["id"] if can_reply else None,
        message.get("thread_ts") or message["ts"],
    )
    spoken = _answer(deps, asking)
    if can_reply:
        reply(context, spoken, thread_ts=message.get("thread_ts"))
        return
    view = modal("Who knows", spoken.blocks or [section(spoken.text)])
    deps.slack_of(actor.workspace_id).call(
        "views.open", {"trigger_id": body["trigger_id"], "view": view}
    )


def on_share(
    ack: Ack,
    body: dict[str, Any],
    context: BoltContext,
    *,
    deps: Deps,
) -> None:
    """Share a shown answer once, and put what came of it in its place."""
    ack()
    actor, value = actor_in(context), body["actions"][0]["value"]
    outcome = share_answer(
        deps,
        actor.workspace_id,
        actor.user_id,
        load_share(value),
        request_id=_request_id(body, value),
    )
    said = Spoken(_SAID[outcome], [section(_SAID[outcome])])
    if outcome in (Shared.DONE, Shared.ALREADY):
        replace(context, said)
    else:
        reply(context, said)


def on_helped(
    ack: Ack,
    body: dict[str, Any],
    context: BoltContext,
    *,
    deps: Deps,
) -> None:
    """Note that somebody who was named has helped."""
    ack()
    actor, ballot = actor_in(context), load_ballot(body["actions"][0]["value"])
    voted = that_helped(deps, actor.workspace_id, actor.user_id, ballot)
    reply(context, say(_VOTED[voted]))


def on_not_me(
    ack: Ack,
    body: dict[str, Any],
    context: BoltContext,
    *,
    deps: Deps,
) -> None:
    """Note that somebody who was named is not the one to ask."""
    ack()
    actor, ballot = actor_in(context), load_ballot(body["actions"][0]["value"])
    voted = not_me(deps, actor.workspace_id, actor.user_id, ballot)
    reply(context, say(_VOTED[voted] if voted == Voted.NOT_NAMED else _NOT_ME))


def on_same_or_not(
    ack: Ack,
    body: dict[str, Any],
    context: BoltContext,
    *,
    deps: Deps,
) -> None:
    """Note whether an earlier question that was shown was the same."""
    ack()
    actor, pressed = actor_in(context), body["actions"][0]
    ballot = load_repeat_ballot(pressed["value"])
    is_same = pressed["action_id"] == SAME_ACTION
    same_or_not(deps, actor.workspace_id, actor.user_id, ballot, is_same=is_same)
    # The same whether it is kept or not, as above.
    reply(context, say(_SAME_OR_NOT))


def _request_id(body: dict[str, Any], value: str) -> str:
    """Name the answer that was shown: by its place, else by what it carries."""
    shown_at = (body.get("container") or {}).get("message_ts")
    if shown_at:
        return str(shown_at)
    return blake2b(value.encode(), digest_size=16).hexdigest()
