"""Decide what to say about something digested; quiet unless addressed."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import numpy as np
from sqlalchemy import select
from sqlalchemy.orm import Session

from bot import asking
from bot.answering import Asking, answer_privately
from bot.blocks.help import hello, outsider
from bot.blocks.spoken import Spoken
from bot.corpus import Fact
from bot.deps import Deps
from bot.digest import Addressed, Digested
from bot.errors import GrapevineError
from bot.finding import subject_of
from bot.graph import topics
from bot.graph.facts import read_fact, read_facts_of
from bot.graph.keys import ThreadKey
from bot.homes import publish_home
from bot.outbox import enqueue
from bot.topic_pass import open_corpus
from bot.topics.assign import Neighbourhood, assign, remember
from models import Person, Workspace

# The asker's own messages around a question tell what it is about.
_AROUND = timedelta(hours=3)

# "Thanks, Grapevine" is not a subject; "kubernetes ingress" is.
_FEW_WORDS = 6

_IM = "im"


@dataclass(slots=True)
class Responder:
    """Answers people and finds the topics of new questions.

    Attributes:
        deps: Collaborators.
        homes: Whose Home tab is to be shown once the transaction has ended.
    """

    deps: Deps
    homes: list[tuple[str, str]] = field(default_factory=list)
    _known: dict[str, tuple[object, Neighbourhood]] = field(default_factory=dict)

    def respond(
        self, session: Session, workspace_id: str, digested: Digested, now: datetime
    ) -> None:
        """Decide, in the transaction that digested."""
        if digested.new_question is not None:
            self._find_topic(session, workspace_id, digested.new_question)
        if digested.addressed is not None:
            self._answer(session, workspace_id, digested.addressed, now)
        if digested.home_of is not None:
            self.homes.append((workspace_id, digested.home_of))

    def show_homes(self) -> None:
        """Show the Home tabs that were asked for, outside any transaction."""
        while self.homes:
            workspace_id, user_id = self.homes.pop()
            try:
                publish_home(self.deps, workspace_id, user_id)
            except GrapevineError:
                # Opening the tab again asks again; an old page does no harm.
                continue

    def _answer(
        self, session: Session, workspace_id: str, addressed: Addressed, now: datetime
    ) -> None:
        said = addressed.said
        in_dm = said.channel_type == _IM
        if _is_outsider(session, workspace_id, said.user_id):
            spoken: Spoken | None = outsider()
        else:
            spoken = self._spoken(workspace_id, addressed, in_dm=in_dm)
        if spoken is None:
            return
        method = "chat.postMessage" if in_dm else "chat.postEphemeral"
        arguments: dict[str, object] = {"channel": said.channel_id, **spoken.payload()}
        if not in_dm:
            arguments["user"] = said.user_id
        if not said.is_root:
            arguments["thread_ts"] = said.root_ts
        enqueue(
            session,
            workspace_id=workspace_id,
            # A mention comes twice, as a message and as a mention: one answer.
            key=f"answer:{said.channel_id}:{said.ts}",
            method=method,
            arguments=arguments,
            now=now,
        )

    def _spoken(
        self, workspace_id: str, addressed: Addressed, *, in_dm: bool
    ) -> Spoken | None:
        said = addressed.said
        is_to_us = in_dm or addressed.by_name
        subject = subject_of(said.text)
        if is_to_us and not subject:
            subject = _whole(said.text)
        if subject is None or (not subject and not is_to_us):
            return hello(said.user_id) if is_to_us else None
        question = Asking(
            workspace_id,
            said.user_id,
            subject,
            None if in_dm else said.channel_id,
            None if in_dm else said.root_ts,
        )
        return answer_privately(self.deps, question)

    def _find_topic(self, session: Session, workspace_id: str, key: ThreadKey) -> None:
        """Give a new question the topic that its neighbours have."""
        known = self._neighbourhood(session, workspace_id)
        question = read_fact(session, workspace_id, key, self.deps.memories.model)
        if question is None or known is None:
            return
        around = self._around(session, workspace_id, question)
        # What was merged since the last pass is known under its survivor's id.
        topic_id = topics.survivor(session, assign(known, question, around))
        if topic_id is not None:
            topics.assign(session, workspace_id, {key: topic_id})

    def _around(
        self, session: Session, workspace_id: str, question: Fact
    ) -> list[Fact]:
        return read_facts_of(
            session,
            workspace_id,
            question.user_id,
            since=question.at - _AROUND.total_seconds(),
            until=question.at + _AROUND.total_seconds(),
        )

    def _neighbourhood(
        self, session: Session, workspace_id: str
    ) -> Neighbourhood | None:
        """What the last pass left; prepared once a pass."""
        passed = session.scalar(
            select(Workspace.topics_at).where(Workspace.id == workspace_id)
        )
        if passed is None:
            return None
        held = self._known.get(workspace_id)
        if held is None or held[0] != passed:
            corpus = open_corpus(session, self.deps, workspace_id)
            topic_of = _topic_of(session, workspace_id)
            now = float(corpus.at[-1]) if len(corpus) else 0.0
            held = (passed, remember(corpus, topic_of, now=now))
            self._known[workspace_id] = held
        return held[1]


def _is_outsider(session: Session, workspace_id: str, user_id: str) -> bool:
    """Whether somebody is of another organisation, met in a shared channel."""
    person = session.get(Person, (workspace_id, user_id))
    return person is not None and person.is_external


def _topic_of(session: Session, workspace_id: str) -> Mapping[ThreadKey, int]:
    return {
        key: topic_id
        for topic_id, keys in topics.questions_by_topic(session, workspace_id).items()
        for key in keys
    }


def _whole(text: str) -> str | None:
    """What was said to Grapevine, where it reads as a subject or a question."""
    bare = subject_of(text, addressed=True) or ""
    if not bare:
        return ""
    is_short = len(bare.split()) <= _FEW_WORDS
    thanks = asking.judge(text).score < np.float64(asking.THRESHOLD) and not is_short
    return None if thanks else bare
