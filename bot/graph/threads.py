"""Questions, answers and evidence, rewritten from what is held of a thread.

They are a function of the messages and reactions, so the order in which these
arrived, or how often, makes no difference.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence

from sqlalchemy import delete, select, tuple_
from sqlalchemy.orm import Session

from bot.graph.messages import KEYS_A_QUERY, ThreadKey
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
    wanted = sorted(set(keys))
    for start in range(0, len(wanted), KEYS_A_QUERY):
        _reread(session, workspace_id, wanted[start : start + KEYS_A_QUERY])


def _reread(session: Session, workspace_id: str, keys: Sequence[ThreadKey]) -> None:
    lines = _lines(session, workspace_id, keys)
    daily = _daily(session, workspace_id, keys)
    topics = _topics(session, workspace_id, keys)
    _forget(session, workspace_id, keys)
    questions: list[Row] = []
    answers: list[Row] = []
    evidence: list[Row] = []
    for channel_id, root_ts in keys:
        thread = lines[channel_id, root_ts]
        base = {"workspace_id": workspace_id, "channel_id": channel_id}
        if (channel_id, root_ts) in daily:
            evidence += _shared(base, root_ts, thread)
            continue
        root = next((line for line in thread if line.ts == root_ts), None)
        reading = read_thread(root, (line for line in thread if line.ts != root_ts))
        if reading is None:
            continue
        topic = {"topic_id": topics.get((channel_id, root_ts))}
        questions.append(base | topic | _question(reading))
        answers += [base | row for row in _answers(reading)]
        evidence += [base | topic | row for row in _evidence(reading)]
    insert_missing(session, Question, questions)
    insert_missing(session, Answer, answers)
    insert_missing(session, Evidence, evidence)


def _lines(
    session: Session, workspace_id: str, keys: Sequence[ThreadKey]
) -> dict[ThreadKey, list[Line]]:
    thankful = _thankful(session, workspace_id, keys)
    columns = (
        Message.channel_id,
        Message.root_ts,
        Message.ts,
        Message.user_id,
        Message.at,
        Message.is_question,
        Message.is_thanks,
        Message.mentions,
    )
    rows = session.execute(
        select(*columns).where(
            Message.workspace_id == workspace_id,
            tuple_(Message.channel_id, Message.root_ts).in_(list(keys)),
            Message.is_deleted.is_(False),
        )
    )
    lines: dict[ThreadKey, list[Line]] = defaultdict(list)
    for channel_id, root_ts, ts, user_id, at, asks, thanks, mentions in rows:
        emoji = frozenset(thankful.get((channel_id, ts), ()))
        if user_id is not None:
            line = Line(ts, user_id, at, asks, thanks, tuple(mentions), emoji)
            lines[channel_id, root_ts].append(line)
    return lines


def _thankful(
    session: Session, workspace_id: str, keys: Sequence[ThreadKey]
) -> dict[tuple[str, str], set[str]]:
    rows = session.execute(
        select(Reaction.channel_id, Reaction.ts, Reaction.user_id)
        .join(
            Message,
            (Message.workspace_id == Reaction.workspace_id)
            & (Message.channel_id == Reaction.channel_id)
            & (Message.ts == Reaction.ts),
        )
        .where(
            Message.workspace_id == workspace_id,
            tuple_(Message.channel_id, Message.root_ts).in_(list(keys)),
            Reaction.is_present,
            Reaction.name.in_(THANKFUL_EMOJI),
        )
    )
    found: dict[tuple[str, str], set[str]] = defaultdict(set)
    for channel_id, ts, user_id in rows:
        found[channel_id, ts].add(user_id)
    return found


def _daily(
    session: Session, workspace_id: str, keys: Sequence[ThreadKey]
) -> set[ThreadKey]:
    rows = session.execute(
        select(DailyPost.channel_id, DailyPost.ts).where(
            DailyPost.workspace_id == workspace_id,
            tuple_(DailyPost.channel_id, DailyPost.ts).in_(list(keys)),
        )
    )
    return {(channel_id, ts) for channel_id, ts in rows if ts}


def _topics(
    session: Session, workspace_id: str, keys: Sequence[ThreadKey]
) -> dict[ThreadKey, int]:
    rows = session.execute(
        select(Question.channel_id, Question.ts, Question.topic_id).where(
            Question.workspace_id == workspace_id,
            tuple_(Question.channel_id, Question.ts).in_(list(keys)),
            Question.topic_id.is_not(None),
        )
    )
    return {(channel_id, ts): topic_id for channel_id, ts, topic_id in rows if topic_id}


def _forget(session: Session, workspace_id: str, keys: Sequence[ThreadKey]) -> None:
    for model, ts in (
        (Question, Question.ts),
        (Answer, Answer.question_ts),
        (Evidence, Evidence.root_ts),
    ):
        session.execute(
            delete(model)
            .where(
                model.workspace_id == workspace_id,
                tuple_(model.channel_id, ts).in_(list(keys)),
            )
            .execution_options(synchronize_session=False)
        )
    session.expire_all()


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
