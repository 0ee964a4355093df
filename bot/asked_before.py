"""Where the same was asked and answered before: links for who is about to ask.

Said only to who addressed Grapevine, and only of channels they can see. The ranking
finds; the database has the last word, so that what was deleted a moment ago is gone.
"""

from collections import Counter
from collections.abc import Sequence

from sqlalchemy import select, tuple_
from sqlalchemy.orm import Session

from bot.answers import Earlier
from bot.corpus import Corpus, Flags
from bot.graph.keys import ThreadKey
from bot.memory import Memory
from bot.ranking import Query
from bot.ranking.repeats import Repeat
from models import Answer, Question


def find_asked_before(
    session: Session, memory: Memory, query: Query, visible: Flags
) -> tuple[Earlier, ...]:
    """Find earlier answered questions that mean the same, the surest first.

    Args:
        session: Only read from.
        memory: The workspace's.
        query: The new question, with its vector.
        visible: Which channels of the memory's corpus the asker may see.
    """
    repeats = memory.ranker.asked_before(query, visible=visible)
    by_thread = {_key(memory.corpus, one): one for one in repeats}
    held = _still_held(session, memory.workspace_id, list(by_thread))
    found = [
        Earlier(question.channel_id, question.ts, question.at, one.score, answers)
        for key, one in by_thread.items()
        if key in held
        for question, answers in [held[key]]
    ]
    return tuple(found)


def _key(corpus: Corpus, repeat: Repeat) -> ThreadKey:
    channel = corpus.thread_channel[repeat.thread]
    return corpus.channels[channel], corpus.root_ts[repeat.thread]


def _still_held(
    session: Session, workspace_id: str, keys: Sequence[ThreadKey]
) -> dict[ThreadKey, tuple[Question, int]]:
    """Those that the database holds as answered questions, with how many answered."""
    questions = session.scalars(
        select(Question).where(
            Question.workspace_id == workspace_id,
            tuple_(Question.channel_id, Question.ts).in_(keys),
        )
    ).all()
    answers = Counter(
        (channel_id, ts)
        for channel_id, ts in session.execute(
            select(Answer.channel_id, Answer.question_ts).where(
                Answer.workspace_id == workspace_id,
                tuple_(Answer.channel_id, Answer.question_ts).in_(keys),
            )
        )
    )
    return {
        (one.channel_id, one.ts): (one, answers[one.channel_id, one.ts])
        for one in questions
        if answers[one.channel_id, one.ts]
    }
