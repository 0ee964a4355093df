"""Hear what people say to a suggestion, and settle it.

A suggestion settles once: with the first yes to starting a community, or when
everybody asked has said something else, or when nobody has for two weeks. No
answer is never a yes, and a no is told to nobody.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.deps import Deps
from bot.outcomes import ASK_AGAIN_AFTER, Reply, replace_buttons
from bot.quiet import note_not_told
from models import Ask, Suggestion, SuggestionState

ASK_KEY = "ask:"

# Of those asked Slack reached nobody: the next time may find others.
UNREACHED_AGAIN_AFTER = timedelta(days=7)

# Long enough for a holiday; later the conversation has gone on without it.
EXPIRES_AFTER = timedelta(days=14)


class Took(StrEnum):
    """What became of a click."""

    TAKEN = "taken"
    NOT_YOURS = "not yours"  # it was put to somebody else, or is unknown
    ANSWERED = "answered"  # by the same person before
    SETTLED = "settled"  # by somebody else, or by time


@dataclass(frozen=True, slots=True)
class Heard:
    """What became of an answer, and who settled the suggestion, if a yes did."""

    took: Took
    started_by: str | None = None


def find_ask(
    session: Session, workspace_id: str, suggestion_id: int, user_id: str
) -> tuple[Suggestion, Ask] | None:
    """Find what was put to a person; the suggestion stays locked."""
    suggestion = session.get(Suggestion, suggestion_id, with_for_update=True)
    if suggestion is None or suggestion.workspace_id != workspace_id:
        return None
    ask = session.get(Ask, (workspace_id, suggestion_id, user_id))
    return None if ask is None else (suggestion, ask)


def answer_ask(  # noqa: PLR0913 - a click has so many parts
    session: Session,
    *,
    workspace_id: str,
    suggestion_id: int,
    user_id: str,
    answer: Reply,
    now: datetime,
) -> Heard:
    """Take a person's answer, once, and replace the buttons by what came of it.

    A yes to starting a community is taken when its channel is there: see
    `bot.communities`.
    """
    found = find_ask(session, workspace_id, suggestion_id, user_id)
    if found is None:
        return Heard(Took.NOT_YOURS)
    suggestion, ask = found
    refused = why_late(suggestion, ask)
    if refused is not None:
        return refused
    ask.answer, ask.answered_at = answer, now
    asks = asks_of(session, suggestion)
    if answer == Reply.YES and suggestion.existing_channel_id is None:
        settle(suggestion, SuggestionState.ACCEPTED, by=user_id, now=now)
    elif all(one.answer is not None for one in asks):
        settle(suggestion, _outcome(asks), by=user_id, now=now)
    session.flush()
    for one in asks if suggestion.state == SuggestionState.ACCEPTED else [ask]:
        replace_buttons(session, suggestion, one, now=now)
    return Heard(Took.TAKEN)


def why_late(suggestion: Suggestion, ask: Ask) -> Heard | None:
    """Say why an answer comes too late; None if it does not."""
    if ask.answer is not None:
        return Heard(Took.ANSWERED)
    if suggestion.state == SuggestionState.OPEN:
        return None
    is_yes = suggestion.state == SuggestionState.ACCEPTED
    return Heard(Took.SETTLED, suggestion.settled_by if is_yes else None)


def asks_of(session: Session, suggestion: Suggestion) -> list[Ask]:
    """List everybody a suggestion was put to."""
    return list(
        session.scalars(
            select(Ask).where(Ask.suggestion_id == suggestion.id).order_by(Ask.user_id)
        )
    )


def _outcome(asks: Sequence[Ask]) -> SuggestionState:
    answers = {ask.answer for ask in asks}
    if Reply.YES in answers:
        return SuggestionState.ACCEPTED
    if Reply.NOT_TOPIC in answers:
        return SuggestionState.NOT_TOPIC
    return SuggestionState.EXPIRED if None in answers else SuggestionState.NOT_NOW


def settle(
    suggestion: Suggestion,
    state: SuggestionState,
    *,
    by: str | None,
    now: datetime,
) -> None:
    """Settle a suggestion; whatever it was, the topic rests for a season."""
    suggestion.state = state
    suggestion.settled_at = now
    suggestion.settled_by = by
    if state != SuggestionState.NOT_TOPIC:
        suggestion.ask_again_at = now + ASK_AGAIN_AFTER


def expire_suggestions(deps: Deps, *, now: datetime) -> int:
    """Close suggestions that were open for `EXPIRES_AFTER`.

    Returns:
        How many.
    """
    old = select(Suggestion).where(
        Suggestion.state == SuggestionState.OPEN,
        Suggestion.created_at <= now - EXPIRES_AFTER,
    )
    with deps.database.sessions.begin() as session:
        closed = session.scalars(old.with_for_update(skip_locked=True)).all()
        for suggestion in closed:
            _close(session, suggestion, now=now)
    return len(closed)


def close_suggestions_of(session: Session, topic_id: int, *, now: datetime) -> None:
    """Close what is open about a topic, as if its time were over."""
    still_open = select(Suggestion).where(
        Suggestion.topic_id == topic_id, Suggestion.state == SuggestionState.OPEN
    )
    for suggestion in session.scalars(still_open.with_for_update()).all():
        _close(session, suggestion, now=now)


def _close(session: Session, suggestion: Suggestion, *, now: datetime) -> None:
    asks = asks_of(session, suggestion)
    settle(suggestion, _outcome(asks), by=None, now=now)
    for ask in asks:
        if ask.answer is None:
            replace_buttons(session, suggestion, ask, now=now)


def note_asked(
    session: Session,
    workspace_id: str,
    key: str,
    place: tuple[str, str],
    *,
    now: datetime,
) -> None:
    """Note where Slack put a question, and catch up with what was settled since.

    Args:
        session: The transaction that notes the post.
        workspace_id: Whose.
        key: Of the post.
        place: The channel (a DM's id) and the `ts`.
        now: The present.
    """
    suggestion_id, user_id = key.removeprefix(ASK_KEY).split(":")
    found = find_ask(session, workspace_id, int(suggestion_id), user_id)
    if found is None:  # erased since
        return
    suggestion, ask = found
    ask.channel_id, ask.ts = place
    session.flush()
    if ask.answer is not None or suggestion.state != SuggestionState.OPEN:
        replace_buttons(session, suggestion, ask, now=now)


def note_not_asked(
    session: Session, workspace_id: str, key: str, *, now: datetime
) -> None:
    """Go on without somebody whom Slack would not give a suggestion to.

    Args:
        session: The transaction that notes the refusal.
        workspace_id: Whose.
        key: Of the post.
        now: The present.
    """
    suggestion_id, user_id = key.removeprefix(ASK_KEY).split(":")
    found = find_ask(session, workspace_id, int(suggestion_id), user_id)
    if found is None:  # erased since
        return
    suggestion, ask = found
    session.delete(ask)
    session.flush()
    note_not_told(session, workspace_id, user_id)
    left = asks_of(session, suggestion)
    if suggestion.state != SuggestionState.OPEN:
        return
    if not left:
        settle(suggestion, SuggestionState.EXPIRED, by=None, now=now)
        suggestion.ask_again_at = now + UNREACHED_AGAIN_AFTER
    elif all(one.answer is not None for one in left):
        settle(suggestion, _outcome(left), by=None, now=now)
    session.flush()
