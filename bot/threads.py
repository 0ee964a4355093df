"""Read one thread: who asked, who answered, who was thanked. Pure rules."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Line:
    """One message of a thread, without its text.

    Attributes:
        ts, user_id, at: Which, whose, when.
        is_question, is_thanks: What was heard in it.
        mentions: Whom it mentions.
        thankful: Who put a thankful emoji on it.
    """

    ts: str
    user_id: str
    at: datetime
    is_question: bool = False
    is_thanks: bool = False
    mentions: tuple[str, ...] = ()
    thankful: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Answered:
    """All replies of one person to one question.

    Attributes:
        user_id: The answerer.
        ts, at: Their first reply.
        replies: How many.
        thanked_at: When the asker first thanked them; None if never.
    """

    user_id: str
    ts: str
    at: datetime
    replies: int
    thanked_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Reading:
    """A thread that opens with a question."""

    asker_id: str
    ts: str
    at: datetime
    answers: tuple[Answered, ...]


def read_thread(root: Line | None, replies: Iterable[Line]) -> Reading | None:
    """Read a thread.

    Args:
        root: Its first message; None if it is not held.
        replies: The others, in any order; bots left out.

    Returns:
        None unless it opens with a question.
    """
    if root is None or not root.is_question:
        return None
    ordered = sorted(replies, key=lambda line: (line.at, line.ts))
    answers = _answers(root.user_id, ordered)
    for at, user_id in _thanks(root.user_id, ordered):
        held = answers.get(user_id)
        if held is not None and (held.thanked_at is None or at < held.thanked_at):
            answers[user_id] = replace(held, thanked_at=at)
    return Reading(root.user_id, root.ts, root.at, tuple(answers.values()))


def _answers(asker_id: str, ordered: Sequence[Line]) -> dict[str, Answered]:
    answers: dict[str, Answered] = {}
    for line in ordered:
        if line.user_id == asker_id:
            continue
        held = answers.get(line.user_id)
        answers[line.user_id] = (
            replace(held, replies=held.replies + 1)
            if held
            else Answered(line.user_id, line.ts, line.at, 1)
        )
    return answers


def _thanks(asker_id: str, ordered: Sequence[Line]) -> Iterable[tuple[datetime, str]]:
    """Whom the asker thanked, and when.

    Words thank the people they mention, or else whoever replied last; an emoji
    thanks the author of the reply, as of the reply, since exports do not say
    when it was put there. Nobody thanks themselves.
    """
    last: str | None = None
    for line in ordered:
        if line.user_id != asker_id:
            last = line.user_id
            if asker_id in line.thankful:
                yield line.at, line.user_id
        elif line.is_thanks:
            named = line.mentions or ((last,) if last else ())
            yield from ((line.at, user_id) for user_id in named)
