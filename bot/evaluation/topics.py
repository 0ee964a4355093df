"""Topics and communities: the channels are hidden, and found again or not."""

from collections import Counter
from collections.abc import Sequence
from typing import Any

from bot.errors import BadInputError
from bot.evaluation.history import Asked, History, questions_of
from bot.evaluation.rewriting import pooled
from bot.evaluation.topic_scores import FEWEST_IN_TOPIC, TopicScores, score, truth_of
from bot.evaluation.trial import Lab, Trial, learn
from bot.graph.listings import list_topics
from bot.importing import newest_at
from bot.judging import judge_topics

# Fewer tell nothing apart: a topic needs five questions to be seen at all.
FEWEST_QUESTIONS, FEWEST_CHANNELS = 100, 3


def measure(lab: Lab, history: History) -> TopicScores:
    """Hide the channels, learn, and compare.

    Raises:
        BadInputError: There are too few questions or channels.
    """
    asked = questions_of(history.lines)
    _check(asked)
    export, hidden = pooled(history)
    with learn(lab, export) as trial:
        listed, suggested = _found(trial, lab)
    return score(listed, suggested, hidden, truth_of(asked), trial.speed)


def _check(asked: Sequence[Asked]) -> None:
    channels = Counter(one.folder for one in asked)
    some = sum(n >= FEWEST_IN_TOPIC for n in channels.values())
    if len(asked) < FEWEST_QUESTIONS or some < FEWEST_CHANNELS:
        raise BadInputError(
            f"too little to find topics in: {len(asked)} questions of the "
            f"{FEWEST_QUESTIONS} needed, and {some} of the {FEWEST_CHANNELS} channels "
            f"with at least {FEWEST_IN_TOPIC}; give an export of a longer time"
        )


def _found(trial: Trial, lab: Lab) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """What `topics` and `communities` print, the suggestions alone."""
    with trial.deps.database.readers() as session:
        now = newest_at(session, trial.workspace_id) or lab.clock()
        listed = list_topics(session, trial.workspace_id)
        judged = judge_topics(session, trial.deps, trial.workspace_id, now=now)
    rows = (one.as_json() for one in judged)
    return listed, [row for row in rows if row["verdict"] == "suggest"]
