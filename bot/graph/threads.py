"""Questions, answers and evidence, rewritten from what is held of a thread.

They are a function of the messages and reactions, so the order in which these
arrived, or how often, makes no difference.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from bot.graph.keys import ThreadKey, by_channel
from bot.graph.upserts import Row, insert_missing
from bot.hearing import THANKFUL_EMOJI
from bot.threads import Line, Reading, read_thread
from models import (
    Answer,
    DailyPost,
    Evidence,
    EvidenceKind,
    Message,
    Question,
    Reaction,
)


def reread_threads(
    session: Session, workspace_id: str, keys: Iterable[ThreadKey]
) -> None:
    """Rewrite what threads say; a question keeps the topic it had."""
    held = _Held(session, workspace_id)
    questions: list[Row] = []
    answers: list[Row] = []
    evidence: list[Row] = []
    for channel_id, roots in by_channel(sorted(set(keys))):
        base = {"workspace_id": workspace_id, "channel_id": channel_id}
        daily = held.daily(channel_id, roots)
        # Of all others nothing is held but the messages.
        asked = daily | held.asked(channel_id, roots)
        lines = held.lines(channel_id, sorted(asked))
        topics = held.topics(channel_id, roots)
        held.forget(channel_id, roots)
        for root_ts in sorted(asked):
            thread = lines[root_ts]
            if root_ts in daily:
                evidence += _shared(base, root_ts, thread)
                continue
            root = next((line for line in thread if line.ts == root_ts), None)
            reading = read_thread(root, (line for line in thread if line.ts != root_ts))
            if reading is None:
                continue
            topic = {"topic_id": topics.get(root_ts)}
            questions.append(base | topic | _question(reading))
            answers += [base | row for row in _answers(reading)]
            evidence += [base | topic | row for row in _evidence(reading)]
    session.expire_all()
    insert_missing(session, Question, questions)
    insert_missing(session, Answer, answers)
    insert_missing(session, Evidence, evidence)


@dataclass(frozen=True, slots=True)
class _Held:
    """What is held of some threads of a channel, by the `ts` of their roots."""

    session: Session
    workspace_id: str

    def asked(self, channel_id: str, roots: Sequence[str]) -> set[str]:
        """Those that open with a question."""
        found = self.session.scalars(
            select(Message.ts).where(
                Message.workspace_id == self.workspace_id,
                Message.channel_id == channel_id,
                Message.ts.in_(roots),
                Message.root_ts == Message.ts,
                Message.is_question,
                Message.is_deleted.is_(False),
            )
        )
        return set(found)

    def lines(self, channel_id: str, roots: Sequence[str]) -> dict[str, list[Line]]:
        thankful = self._thankful(channel_id, roots)
        columns = (
            Message.root_ts,
            Message.ts,
            Message.user_id,
            Message.at,
            Message.is_question,
            Message.is_thanks,
            Message.mentions,
        )
        rows = self.session.execute(
            select(*columns).where(
                Message.workspace_id == self.workspace_id,
                Message.channel_id == channel_id,
                Message.root_ts.in_(roots),
                Message.is_deleted.is_(False),
            )
        )
        lines: dict[str, list[Line]] = defaultdict(list)
        for root_ts, ts, user_id, at, asks, thanks, mentions in rows:
            if user_id is not None:
                emoji = frozenset(thankful.get(ts, ()))
                line = Line(ts, user_id, at, asks, thanks, tuple(mentions), emoji)
                lines[root_ts].append(line)
        return lines

    def _thankful(self, channel_id: str, roots: Sequence[str]) -> dict[str, set[str]]:
        """Who put a thankful emoji on which message."""
        rows = self.session.execute(
            select(Reaction.ts, Reaction.user_id)
            .join(
                Message,
                (Message.workspace_id == Reaction.workspace_id)
                & (Message.channel_id == Reaction.channel_id)
                & (Message.ts == Reaction.ts),
            )
            .where(
                Message.workspace_id == self.workspace_id,
                Message.channel_id == channel_id,
                Message.root_ts.in_(roots),
                Reaction.is_present,
                Reaction.name.in_(THANKFUL_EMOJI),
            )
        )
        found: dict[str, set[str]] = defaultdict(set)
        for ts, user_id in rows:
            found[ts].add(user_id)
        return found

    def daily(self, channel_id: str, roots: Sequence[str]) -> set[str]:
        """Those under a daily question."""
        rows = self.session.scalars(
            select(DailyPost.ts).where(
                DailyPost.workspace_id == self.workspace_id,
                DailyPost.channel_id == channel_id,
                DailyPost.ts.in_(roots),
            )
        )
        return {ts for ts in rows if ts}

    def topics(self, channel_id: str, roots: Sequence[str]) -> dict[str, int]:
        rows = self.session.execute(
            select(Question.ts, Question.topic_id).where(
                Question.workspace_id == self.workspace_id,
                Question.channel_id == channel_id,
                Question.ts.in_(roots),
                Question.topic_id.is_not(None),
            )
        )
        return {ts: topic_id for ts, topic_id in rows if topic_id}

    def forget(self, channel_id: str, roots: Sequence[str]) -> None:
        for model, ts in (
            (Question, Question.ts),
            (Answer, Answer.question_ts),
            (Evidence, Evidence.root_ts),
        ):
            self.session.execute(
                delete(model)
                .where(
                    model.workspace_id == self.workspace_id,
                    model.channel_id == channel_id,
                    ts.in_(roots),
                )
                .execution_options(synchronize_session=False)
            )


def _question(reading: Reading) -> Row:
    return {"ts": reading.ts, "asker_id": reading.asker_id, "at": reading.at}


def _answers(reading: Reading) -> list[Row]:
    return [
        {
            "question_ts": reading.ts,
            "answerer_id": answer.user_id,
            "ts": answer.ts,
            "at": answer.at,
            "replies": answer.replies,
            "thanked_at": answer.thanked_at,
        }
        for answer in reading.answers
    ]


def _evidence(reading: Reading) -> list[Row]:
    rows = [_row(reading, reading.ts, reading.asker_id, EvidenceKind.ASKED)]
    rows[0]["at"] = reading.at
    for answer in reading.answers:
        said = _row(reading, answer.ts, answer.user_id, EvidenceKind.ANSWERED)
        rows.append(said | {"at": answer.at})
        if answer.thanked_at is not None:
            thanked = _row(reading, answer.ts, answer.user_id, EvidenceKind.THANKED)
            rows.append(thanked | {"at": answer.thanked_at})
    return rows


def _row(reading: Reading, ts: str, user_id: str, kind: EvidenceKind) -> Row:
    return {"root_ts": reading.ts, "ts": ts, "user_id": user_id, "kind": kind}


def _shared(base: Row, root_ts: str, thread: Sequence[Line]) -> list[Row]:
    """Every person's first word under a daily question."""
    first: dict[str, Line] = {}
    for line in sorted(thread, key=lambda one: (one.at, one.ts)):
        first.setdefault(line.user_id, line)
    return [
        base
        | {
            "root_ts": root_ts,
            "ts": line.ts,
            "user_id": line.user_id,
            "kind": EvidenceKind.SHARED,
            "at": line.at,
            "topic_id": None,
        }
        for line in first.values()
    ]
