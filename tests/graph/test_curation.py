"""Deciding about topics, on both databases."""

from collections.abc import Callable

from bot import curation
from bot.curation import Curator
from bot.curation_log import log_of
from bot.database import Database
from bot.deps import Deps
from bot.graph import topics
from bot.personal_data import forget_person
from bot.splitting import Part, Preview, split
from models import Evidence, EvidenceKind, Question, Topic, TopicPreference
from tests.graph.conftest import NOW, TEAM

ADMIN = "UADMIN"
BY = Curator(TEAM, ADMIN, NOW)
KEYS = [("CPUB", f"17724420{n:02}.000000") for n in range(8)]


def test_what_is_decided_holds(
    database: Database, deps_of: Callable[[Database], Deps]
) -> None:
    deps_of(database)
    with database.sessions.begin() as session:
        one, into = (
            topics.mint(session, TEAM, label, now=NOW) for label in ("Oven", "Kiln")
        )
        for place, (channel, ts) in enumerate(KEYS):
            topic = one if place < 5 else into
            session.add(
                Question(
                    workspace_id=TEAM,
                    channel_id=channel,
                    ts=ts,
                    asker_id="UANNA",
                    at=NOW,
                    topic_id=topic,
                )
            )
            session.add(
                Evidence(
                    workspace_id=TEAM,
                    channel_id=channel,
                    ts=ts,
                    root_ts=ts,
                    user_id="UANNA",
                    kind=EvidenceKind.ASKED,
                    at=NOW,
                    topic_id=topic,
                )
            )
        session.add(
            TopicPreference(
                workspace_id=TEAM, user_id="UBERT", topic_id=one, choice="not me"
            )
        )
        session.flush()
        curation.rename(session, BY, into, "Kilns")
        curation.set_names(session, BY, into, ["Furnace", "furnace"])
        curation.merge(session, BY, one, into)

    with database.sessions.begin() as session:
        held = topics.questions_by_topic(session, TEAM)
        assert {topic: len(keys) for topic, keys in held.items()} == {into: 8}
        (live,) = topics.held_topics(session, TEAM)
        assert live.aliases == ("Oven", "furnace")
        assert session.get(TopicPreference, (TEAM, "UBERT", into)) is not None
        part = Part("Ovens", ("Stove",), tuple(KEYS[:5]))
        (new,) = split(session, BY, Preview(into, "Kilns", 3, (part,)))
        assert session.get(TopicPreference, (TEAM, "UBERT", new)) is not None
        curation.hide(session, BY, new)

    with database.sessions.begin() as session:
        held = topics.questions_by_topic(session, TEAM)
        assert {topic: len(keys) for topic, keys in held.items()} == {into: 3, new: 5}
        assert [t.id for t in topics.live_topics(session, TEAM)] == [into]
        curation.show(session, BY, new)
        curation.unlock(session, BY, new)
        assert len(topics.live_topics(session, TEAM)) == 2
        assert session.get_one(Topic, one).merged_into_id == into
        forget_person(session, TEAM, ADMIN)

    with database.readers() as session:
        noted = log_of(session, TEAM, limit=20)
    assert {one.done_by for one in noted} == {None}
    assert [one.act for one in noted][-3:] == [
        "merged",
        "given another name",
        "renamed",
    ]
