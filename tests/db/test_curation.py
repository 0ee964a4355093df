"""What a person may do to a topic, and what the pass makes of it afterwards."""

import random
import shutil
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import UTC, datetime, time
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from bot import curation
from bot.curation import Curator
from bot.curation_log import log_of
from bot.database import open_database
from bot.deps import Deps
from bot.errors import BadInputError, NotFoundError
from bot.graph import topics
from bot.graph.keys import ThreadKey
from bot.graph.listings import list_topics
from bot.importing import import_export
from bot.judging import judge_topics
from bot.memory import Memories
from bot.overview import most_asked
from bot.pages import read_page, set_topic_choice
from bot.personal_data import forget_person
from bot.sample import STORY_LAST_DAY, write_export
from bot.slack import Slack
from bot.slack_export import open_export
from bot.splitting import preview, split
from bot.suggestions import Proposal, suggest
from bot.topic_pass import run_pass
from models import (
    Act,
    Ask,
    Community,
    Curation,
    Question,
    Suggestion,
    SuggestionState,
    Topic,
    TopicChoice,
    TopicPreference,
    Workspace,
)

NOW = datetime(2026, 4, 1, 9, tzinfo=UTC)
ADMIN = "UADMIN"


@dataclass(frozen=True, slots=True)
class Held:
    """The sample workspace, imported, with a pass behind it."""

    deps: Deps
    workspace_id: str

    @property
    def curator(self) -> Curator:
        return Curator(self.workspace_id, ADMIN, NOW)

    def act(self, what: Callable[..., object], *arguments: object) -> None:
        with self.deps.database.sessions.begin() as session:
            what(session, self.curator, *arguments)

    def run_pass(self) -> None:
        run_pass(self.deps, self.workspace_id)

    def read(self) -> Session:
        return self.deps.database.readers()

    def listed(self) -> dict[int, str]:
        with self.read() as session:
            return {
                t["id"]: t["label"] for t in list_topics(session, self.workspace_id)
            }

    def questions(self, topic_id: int) -> set[ThreadKey]:
        with self.read() as session:
            held = topics.questions_by_topic(session, self.workspace_id)
        return set(held.get(topic_id, ()))

    def largest(self, n: int) -> list[int]:
        return list(self.listed())[:n]

    def topic(self, topic_id: int) -> topics.HeldTopic | None:
        with self.read() as session:
            held = topics.held_topics(session, self.workspace_id)
        return next((t for t in held if t.id == topic_id), None)

    def names(self, topic_id: int) -> tuple[str, ...]:
        topic = self.topic(topic_id)
        assert topic is not None
        return (topic.label, *topic.aliases)

    def split(self, topic_id: int) -> list[int]:
        planned = preview(self.deps, self.workspace_id, topic_id)
        with self.deps.database.sessions.begin() as session:
            return split(session, self.curator, planned)


@pytest.fixture(scope="module")
def imported(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("sample")
    until = datetime.combine(STORY_LAST_DAY, time.max, tzinfo=UTC)
    write_export(folder / "sample.zip", until=until, last_day=STORY_LAST_DAY)
    database = open_database(f"sqlite:///{folder / 'held.db'}")
    deps = Deps(database, Memories(None), _no_slack, lambda: NOW)
    with open_export(folder / "sample.zip") as export:
        done = import_export(deps, export, now=NOW, progress=lambda _done, _of: None)
    run_pass(deps, done.workspace_id)
    database.close()
    return folder / "held.db"


def _no_slack(_workspace_id: str) -> Slack:
    raise AssertionError("nothing here asks Slack")


@pytest.fixture
def held(imported: Path, tmp_path: Path) -> Iterator[Held]:
    shutil.copy(imported, tmp_path / "held.db")
    database = open_database(f"sqlite:///{tmp_path / 'held.db'}")
    deps = Deps(database, Memories(None), _no_slack, lambda: NOW)
    with database.readers() as session:
        workspace_id = session.scalars(select(Workspace.id)).one()
    yield Held(deps, workspace_id)
    database.close()


def test_a_name_that_a_person_gave_stays_with_its_id(held: Held) -> None:
    first, *_ = held.largest(1)
    before = held.questions(first)

    held.act(curation.rename, first, "  Spread   sheets ")
    held.run_pass()

    assert held.listed()[first] == "Spread sheets"
    assert before <= held.questions(first)


def test_unlocked_it_is_the_passes_again(held: Held) -> None:
    first, *_ = held.largest(1)
    held.act(curation.rename, first, "Zebra crossing")
    held.act(curation.set_names, first, ["Pelican crossing"])

    held.act(curation.unlock, first)
    held.run_pass()

    assert "Pelican crossing" not in held.names(first)


def test_other_names_are_added_taken_away_and_kept(held: Held) -> None:
    first, *_ = held.largest(1)
    held.act(curation.set_names, first, ["PT", "pt", "Pivots"])
    held.act(curation.remove_name, first, "pivots")
    held.act(curation.add_name, first, "Cross tab")

    held.run_pass()

    assert set(held.names(first)[1:]) == {"pt", "Cross tab"}


def test_what_was_merged_stays_merged(held: Held) -> None:
    one, into = held.largest(2)
    both = held.questions(one) | held.questions(into)
    label = held.listed()[one]

    held.act(curation.merge, one, into)
    for _ in range(2):
        held.run_pass()

    assert one not in held.listed()
    assert both <= held.questions(into)
    assert label in held.names(into)
    assert label not in held.listed().values()


def test_what_the_pass_merges_hands_over_wishes(held: Held) -> None:
    into, *_ = held.largest(1)
    some = sorted(held.questions(into))
    with held.deps.database.sessions.begin() as session:
        one = topics.mint(session, held.workspace_id, "Much the same", now=NOW)
        part = dict.fromkeys(some[: len(some) // 4], one)
        topics.assign(session, held.workspace_id, part)
        set_topic_choice(
            session, held.workspace_id, "U1", topic_id=one, choice=TopicChoice.NOT_ME
        )

    held.run_pass()

    with held.read() as session:
        assert session.get_one(Topic, one).merged_into_id == into
        wish = session.get(TopicPreference, (held.workspace_id, "U1", into))
    assert wish is not None
    assert wish.choice == TopicChoice.NOT_ME


def test_a_merge_hands_over_wishes_suggestions_and_communities(held: Held) -> None:
    one, into = held.largest(2)
    with held.deps.database.sessions.begin() as session:
        of = {"workspace_id": held.workspace_id}
        for topic_id, choice in ((one, TopicChoice.NOT_ME), (into, TopicChoice.HIDDEN)):
            session.add(
                TopicPreference(**of, user_id="U1", topic_id=topic_id, choice=choice)
            )
        session.add(
            TopicPreference(**of, user_id="U2", topic_id=one, choice=TopicChoice.NOT_ME)
        )
        suggestion = Suggestion(
            **of, topic_id=one, state=SuggestionState.ACCEPTED, created_at=NOW
        )
        session.add(suggestion)
        session.flush()
        session.add(
            Community(
                **of,
                suggestion_id=suggestion.id,
                topic_id=one,
                name="x",
                purpose="",
                channel_id="CX",
                started_by="U1",
                created_at=NOW,
            )
        )

    held.act(curation.merge, one, into)

    with held.read() as session:
        wishes = session.execute(
            select(TopicPreference.user_id, TopicPreference.choice).where(
                TopicPreference.topic_id == into
            )
        ).all()
        assert set(wishes) == {("U1", "hidden"), ("U2", "not me")}
        assert session.scalars(select(Suggestion.topic_id)).all() == [into]
        judged = judge_topics(session, held.deps, held.workspace_id, now=NOW)
    (row,) = [j for j in judged if j.topic_id == into]
    assert row.existing_channel == "CX"


def test_what_is_new_goes_to_the_survivor(held: Held) -> None:
    one, into, other = held.largest(3)
    held.act(curation.merge, one, into)
    held.act(curation.merge, into, other)

    with held.read() as session:
        assert topics.survivor(session, one) == other
        assert topics.survivor(session, other) == other
        assert topics.survivor(session, None) is None


def test_what_was_split_stays_split(held: Held) -> None:
    one, into = held.largest(2)
    held.act(curation.merge, one, into)
    before = held.questions(into)

    made = held.split(into)
    parts = {topic: held.questions(topic) for topic in (into, *made)}
    held.run_pass()

    assert set.union(*parts.values()) == before
    assert all(len(part) >= 5 for part in parts.values())
    for topic, part in parts.items():
        assert part <= held.questions(topic)
    assert {*made, into} <= held.listed().keys()
    assert len(set(held.listed().values())) == len(held.listed())


def test_a_preview_changes_nothing(held: Held) -> None:
    one, into = held.largest(2)
    held.act(curation.merge, one, into)
    before = held.listed()

    planned = preview(held.deps, held.workspace_id, into)

    assert planned.stays + sum(len(p.questions) for p in planned.parts) == len(
        held.questions(into)
    )
    assert held.listed() == before


def test_one_thing_cannot_be_split(held: Held) -> None:
    smallest = list(held.listed())[-1]

    with pytest.raises(BadInputError, match=f"topic {smallest} .* cannot be split"):
        preview(held.deps, held.workspace_id, smallest)


def test_hidden_is_shown_nowhere_and_comes_back_whole(held: Held) -> None:
    first, *_ = held.largest(1)
    label, before = held.listed()[first], held.questions(first)
    with held.read() as session:
        asker = session.scalars(
            select(Question.asker_id).where(Question.topic_id == first)
        ).first()
    assert asker is not None

    held.act(curation.hide, first)
    held.run_pass()

    assert first not in held.listed()
    assert label not in held.listed().values()
    with held.read() as session:
        counted = most_asked(session, held.workspace_id, limit=100)
        assert label not in [t.label for t in counted]
        page = read_page(session, held.workspace_id, asker, now=NOW)
        assert label not in str(page)
        judged = judge_topics(session, held.deps, held.workspace_id, now=NOW)
        assert label not in [j.label for j in judged]
    with held.deps.database.sessions.begin() as session:
        proposal = Proposal(held.workspace_id, first, label, [], ("U1",))
        assert not suggest(session, proposal, now=NOW)

    held.act(curation.show, first)
    held.act(curation.lock, first)
    held.run_pass()

    assert held.listed()[first] == label
    assert before <= held.questions(first)


def test_hiding_closes_what_people_were_being_asked(held: Held) -> None:
    first, *_ = held.largest(1)
    with held.deps.database.sessions.begin() as session:
        suggestion = Suggestion(
            workspace_id=held.workspace_id, topic_id=first, created_at=NOW
        )
        session.add(suggestion)
        session.flush()
        session.add(
            Ask(
                workspace_id=held.workspace_id,
                suggestion_id=suggestion.id,
                user_id="U1",
            )
        )

    held.act(curation.hide, first)

    with held.read() as session:
        assert session.scalars(select(Suggestion.state)).all() == ["expired"]


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        pytest.param("", "needs a letter", id="empty"),
        pytest.param(" \u200b\n", "needs a letter", id="nothing to see"),
        pytest.param("?!", "needs a letter", id="marks alone"),
        pytest.param("x" * 81, "at most 80 characters; this one has 81", id="long"),
    ],
)
def test_a_name_that_cannot_be_shown_is_refused(
    held: Held, name: str, reason: str
) -> None:
    first, *_ = held.largest(1)

    with pytest.raises(BadInputError, match=reason):
        held.act(curation.rename, first, name)


def test_a_name_is_made_fit_to_be_shown(held: Held) -> None:
    first, *_ = held.largest(1)

    held.act(curation.rename, first, "Zoll\x1b[31m\u202e\nund Cafe\u0301" + "s" * 50)

    assert held.listed()[first] == "Zoll [31m und Caf\u00e9" + "s" * 50


def test_a_taken_name_is_refused_with_the_way_out(held: Held) -> None:
    first, second = held.largest(2)
    held.act(curation.set_names, second, ["Tabs"])

    with pytest.raises(BadInputError, match=f"merge {first} into {second}"):
        held.act(curation.rename, first, held.listed()[second].upper())
    with pytest.raises(BadInputError, match=f"topic {second} has the name 'tabs'"):
        held.act(curation.add_name, first, "tabs")


def test_what_is_not_there_is_named(held: Held) -> None:
    first, second = held.largest(2)
    held.act(curation.merge, first, second)

    for topic_id, reason in (
        (9_999, "there is no topic 9999"),
        (first, f"it was merged into {second}"),
    ):
        with pytest.raises(NotFoundError, match=reason):
            held.act(curation.hide, topic_id)
    with pytest.raises(BadInputError, match="into itself"):
        held.act(curation.merge, second, second)
    with pytest.raises(NotFoundError, match="no other name 'zzz'"):
        held.act(curation.remove_name, second, "zzz")
    elsewhere = Curator("T9OTHER", ADMIN, NOW)
    with held.read() as session, pytest.raises(NotFoundError, match="no topic"):
        curation.hide(session, elsewhere, second)


def test_who_did_it_is_noted_and_erased_with_them(held: Held) -> None:
    first, second = held.largest(2)
    held.act(curation.rename, first, "Zebras")
    held.act(curation.rename, first, "Zebras")
    held.act(curation.merge, second, first)

    with held.deps.database.sessions.begin() as session:
        noted = log_of(session, held.workspace_id, limit=9)
        assert [(n.act, n.topic_id, n.other_id, n.done_by) for n in noted] == [
            (Act.MERGED, second, first, ADMIN),
            (Act.RENAMED, first, None, ADMIN),
        ]
        forget_person(session, held.workspace_id, ADMIN)
        assert session.scalar(select(func.count()).select_from(Curation)) == 2
        assert [n.done_by for n in log_of(session, held.workspace_id, limit=9)] == [
            None,
            None,
        ]


class Meanwhile:
    """Sessions before the first of which somebody does something."""

    def __init__(self, sessions: Any, act: Callable[[], None]) -> None:
        self._sessions = sessions
        self._acts = [act]

    def begin(self) -> Any:
        while self._acts:
            self._acts.pop()()
        return self._sessions.begin()


def test_what_is_decided_while_a_pass_runs_is_kept_too(held: Held) -> None:
    one, into, hidden, named = held.largest(4)
    both = held.questions(one) | held.questions(into)
    apart = held.questions(hidden)

    def decide() -> None:
        held.act(curation.merge, one, into)
        held.act(curation.hide, hidden)
        held.act(curation.rename, named, "Said meanwhile")

    database = held.deps.database
    sessions: Any = Meanwhile(database.sessions, decide)
    during = replace(held.deps, database=replace(database, sessions=sessions))
    run_pass(during, held.workspace_id)

    assert held.questions(into) >= both
    assert held.questions(hidden) >= apart
    assert not {one, hidden} & held.listed().keys()
    assert held.listed()[named] == "Said meanwhile"
    assert held.questions(one) == set()


class Story:
    """Acts at random, and what must hold ever after."""

    def __init__(self, held: Held, seed: int) -> None:
        self.held = held
        self.chance = random.Random(seed)  # noqa: S311 - not for secrets
        self.names: dict[int, str] = {}
        self.gone: set[int] = set()
        self.hidden: set[int] = set()
        self.locked: set[int] = set()
        self.acts = (self.rename, self.merge, self.hide, self.show, self.split)

    def one(self) -> int:
        return self.chance.choice(list(self.held.listed()))

    def rename(self) -> None:
        topic = self.one()
        self.names[topic] = f"Name {topic}"
        self.held.act(curation.rename, topic, self.names[topic])
        self.locked.add(topic)

    def merge(self) -> None:
        topic, into = self.chance.sample(list(self.held.listed()), 2)
        self.held.act(curation.merge, topic, into)
        self.gone.add(topic)
        self.locked.add(into)

    def hide(self) -> None:
        topic = self.one()
        self.held.act(curation.hide, topic)
        self.hidden.add(topic)

    def show(self) -> None:
        if self.hidden:
            topic = self.hidden.pop()
            self.held.act(curation.show, topic)
            self.held.act(curation.lock, topic)
            self.locked.add(topic)

    def split(self) -> None:
        topic = self.one()
        with suppress(BadInputError):
            self.locked |= {topic, *self.held.split(topic)}

    def go_on(self) -> None:
        """Do something, let the pass run, and see that it is kept."""
        self.chance.choice(self.acts)()
        kept = (self.locked | self.hidden) - self.gone
        before = {topic: self.held.questions(topic) for topic in kept}
        self.held.run_pass()
        listed = self.held.listed()
        assert not self.gone & listed.keys()
        assert not self.hidden & listed.keys()
        assert self.locked - self.gone - self.hidden <= listed.keys()
        assert {
            name
            for topic, name in self.names.items()
            if topic not in self.gone | self.hidden
        } <= set(listed.values())
        assert all(q <= self.held.questions(topic) for topic, q in before.items())
        with self.held.read() as session:
            asked_about = set(session.scalars(select(Question.topic_id))) - {None}
            alive = select(Topic.id).where(Topic.retired_at.is_(None))
            assert asked_about <= set(session.scalars(alive))


@pytest.mark.parametrize("seed", range(3))
def test_whatever_is_done_in_whatever_order_the_pass_keeps_it(
    held: Held, seed: int
) -> None:
    story = Story(held, seed)

    for _ in range(5):
        story.go_on()
