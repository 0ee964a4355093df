"""Short ways to say what happens in Slack, and to compare what is held."""

import itertools
from collections.abc import Iterable
from typing import Any

from sqlalchemy import select

from bot import inbox
from bot.database import Database
from bot.deps import Deps
from bot.responding import Responder
from bot.settling import settled
from bot.worker import Worker
from models import Answer, Evidence, Message, Question, Word

_ids = itertools.count()


def ts(second: float) -> str:
    return f"{1_772_000_000 + second:.6f}"


def message(
    user: str, said: str, second: float, *, channel: str = "CPUB", **more: Any
) -> dict[str, Any]:
    event = {
        "type": "message",
        "channel": channel,
        "channel_type": more.pop("channel_type", "channel"),
        "user": user,
        "text": said,
        "ts": ts(second),
    }
    if "thread" in more:
        event["thread_ts"] = ts(more.pop("thread"))
    return event | more


def edit(event: dict[str, Any], said: str, second: float) -> dict[str, Any]:
    changed = event | {
        "text": said,
        "edited": {"user": event["user"], "ts": ts(second)},
    }
    return {
        "type": "message",
        "subtype": "message_changed",
        "channel": event["channel"],
        "channel_type": event["channel_type"],
        "message": changed,
        "previous_message": event,
        "ts": ts(second),
    }


def delete(event: dict[str, Any], second: float) -> dict[str, Any]:
    return {
        "type": "message",
        "subtype": "message_deleted",
        "channel": event["channel"],
        "deleted_ts": event["ts"],
        "ts": ts(second),
    }


def react(
    event: dict[str, Any],
    user: str,
    second: float,
    *,
    name: str = "pray",
    off: bool = False,
) -> dict[str, Any]:
    return {
        "type": "reaction_removed" if off else "reaction_added",
        "user": user,
        "reaction": name,
        "item": {"type": "message", "channel": event["channel"], "ts": event["ts"]},
        "event_ts": ts(second),
    }


def make_worker(deps: Deps) -> Worker:
    responder = Responder(deps)
    return Worker(
        deps,
        respond=responder.respond,
        on_settled=settled,
        after=responder.show_homes,
    )


def happen(deps: Deps, events: Iterable[dict[str, Any]], *, team: str = "T1") -> None:
    """Let Slack tell of events, in this order, and digest them all."""
    for event in events:
        with deps.database.sessions.begin() as session:
            inbox.record(
                session,
                workspace_id=team,
                event_id=f"Ev{next(_ids)}",
                kind=event["type"],
                channel_id=None,
                payload={"type": "event_callback", "team_id": team, "event": event},
                now=deps.clock(),
            )
    make_worker(deps).drain()


def graph(database: Database, *, team: str = "T1") -> dict[str, set[Any]]:
    """What is held of talk, as sets that compare; topics' ids left out."""
    with database.readers() as session:
        messages = session.scalars(select(Message).where(Message.workspace_id == team))
        held = {
            (
                m.channel_id,
                m.ts,
                m.root_ts,
                m.user_id,
                m.is_deleted,
                m.is_question,
                m.is_thanks,
                tuple(m.mentions),
                # A set of terms, in whatever order they were met.
                frozenset(zip(memoryview(m.words).cast("q"), m.counts, strict=True)),
            )
            for m in messages
        }
        questions = {
            (q.channel_id, q.ts, q.asker_id)
            for q in session.scalars(
                select(Question).where(Question.workspace_id == team)
            )
        }
        answers = {
            (a.channel_id, a.question_ts, a.answerer_id, a.ts, a.replies, a.thanked_at)
            for a in session.scalars(select(Answer).where(Answer.workspace_id == team))
        }
        evidence = {
            (e.channel_id, e.ts, e.user_id, e.kind, e.root_ts, e.at)
            for e in session.scalars(
                select(Evidence).where(Evidence.workspace_id == team)
            )
        }
    return {
        "messages": held,
        "questions": questions,
        "answers": answers,
        "evidence": evidence,
    }


def surfaces(database: Database, *, team: str = "T1") -> set[tuple[int, str]]:
    with database.readers() as session:
        rows = session.execute(
            select(Word.hash, Word.surface).where(
                Word.workspace_id == team, Word.surface.is_not(None)
            )
        )
        return {(word, surface) for word, surface in rows if surface}
