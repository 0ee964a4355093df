"""Which topics to suggest a community for, who would hold it, and why not yet.

From what everybody may see alone, since a suggestion is shown to several people.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import numpy as np
from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.corpus import Corpus, Ints
from bot.deps import Deps
from bot.graph import topics
from bot.graph.keys import ThreadKey
from bot.graph.places import channels_of, people_left_out
from bot.momentum import Past, Verdict, judge
from bot.topic_pass import keys_of, open_corpus
from bot.topics.people import count, find_home, hosts, invited, take_parts
from models import Community, Preference, Suggestion, SuggestionState

# Suggestions wait in line behind the best: with one unasked message a person a
# week, more could not be put to anybody within the season.
MOST_SUGGESTED = 70


@dataclass(frozen=True, slots=True)
class Judged:
    """A topic with its verdict and the people who carry it."""

    topic_id: int
    label: str
    verdict: str
    why: Verdict
    hosts: tuple[str, ...]
    people: tuple[str, ...]
    questions: tuple[ThreadKey, ...]
    existing_channel: str | None

    def as_json(self) -> dict[str, Any]:
        """The row that `communities --json` prints."""
        return {
            "topic_id": self.topic_id,
            "topic": self.label,
            "verdict": self.verdict,
            "reasons": list(self.why.reasons),
            "gates": self.gates(),
            "hosts": list(self.hosts),
            "people": list(self.people),
            "questions": [{"channel": c, "ts": ts} for c, ts in self.questions],
            "existing_channel": self.existing_channel,
        }

    def gates(self) -> list[dict[str, Any]]:
        """Every gate with its value and what is needed."""
        return [
            {
                "name": gate.name,
                "value": round(gate.value, 3),
                "needed": gate.needed,
                "met": gate.met,
                "says": gate.says,
            }
            for gate in self.why.gates
        ]


def judge_topics(
    session: Session, deps: Deps, workspace_id: str, *, now: datetime
) -> list[Judged]:
    """Judge the momentum of every topic, those to suggest first, best first."""
    corpus = open_corpus(session, deps, workspace_id)
    row_of = {
        (corpus.channels[corpus.channel[i]], corpus.ts[i]): i
        for i in np.flatnonzero(corpus.is_question)
    }
    questions = topics.questions_by_topic(session, workspace_id)
    view = _View(
        corpus=corpus,
        past=_past(session, workspace_id),
        channel_names={
            c.id: c.name
            for c in channels_of(session, workspace_id).values()
            if not c.is_private and not c.is_archived
        },
        left_out=people_left_out(session, workspace_id)
        | _unasked(session, workspace_id),
        now=now,
    )
    judged = []
    known = topics.live_topics(session, workspace_id)
    for topic in sorted(known, key=lambda t: (t.rank or len(known) + 1, t.id)):
        rows = [row_of[key] for key in questions.get(topic.id, ()) if key in row_of]
        judged.append(_judge(view, topic, np.array(sorted(rows), np.int32)))
    return _in_line(judged)


@dataclass(frozen=True, slots=True)
class _View:
    corpus: Corpus
    past: Mapping[int, Past]
    channel_names: Mapping[str, str]
    left_out: frozenset[str] | set[str]
    now: datetime


def _judge(view: _View, topic: topics.HeldTopic, rows: Ints) -> Judged:
    corpus = view.corpus
    past = view.past.get(topic.id, Past())
    home = find_home(corpus, rows, (topic.label, *topic.aliases), view.channel_names)
    verdict = judge(
        count(corpus, rows, now=view.now),
        Past(past.community, home, past.declined, past.ask_again_at),
        now=view.now,
    )
    parts = take_parts(corpus, rows)
    return Judged(
        topic_id=topic.id,
        label=topic.label,
        verdict=str(verdict.verdict),
        why=verdict,
        hosts=tuple(hosts(parts, view.left_out)),
        people=tuple(invited(parts, view.left_out)),
        questions=tuple(keys_of(corpus, rows)),
        existing_channel=past.community or home,
    )


def _in_line(judged: list[Judged]) -> list[Judged]:
    """Put those to suggest first; what is beyond the line waits, and says so."""
    ready = [one for one in judged if one.why.suggest]
    rest = [one for one in judged if not one.why.suggest]
    waits = [
        Judged(
            one.topic_id,
            one.label,
            "in line",
            Verdict(
                one.why.verdict,
                one.why.gates,
                (f"{MOST_SUGGESTED} others come first: Grapevine asks rarely",),
            ),
            one.hosts,
            one.people,
            one.questions,
            one.existing_channel,
        )
        for one in ready[MOST_SUGGESTED:]
    ]
    return ready[:MOST_SUGGESTED] + waits + rest


def _unasked(session: Session, workspace_id: str) -> set[str]:
    """Who wants no suggestions."""
    rows = session.scalars(
        select(Preference.user_id).where(
            Preference.workspace_id == workspace_id,
            Preference.is_opted_out | Preference.wants_suggestions.is_(False),
        )
    )
    return set(rows)


def _past(session: Session, workspace_id: str) -> dict[int, Past]:
    """What was decided about topics before."""
    found: dict[int, Past] = {}
    for one in session.scalars(
        select(Suggestion)
        .where(Suggestion.workspace_id == workspace_id)
        .order_by(Suggestion.id)
    ):
        found[one.topic_id] = Past(
            declined=one.state == SuggestionState.NOT_TOPIC,
            ask_again_at=one.ask_again_at,
        )
    for community in session.scalars(
        select(Community).where(
            Community.workspace_id == workspace_id,
            Community.retired_at.is_(None),
            Community.channel_id.is_not(None),
        )
    ):
        found[community.topic_id] = Past(community=community.channel_id)
    return found
