"""What people say of an answer is kept without text, and moves their own workspace."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from bot import feedback
from bot.ballots import (
    Ballot,
    RepeatBallot,
    digest,
    load_ballot,
    load_repeat_ballot,
    repeat_ballot,
)
from bot.database import Database
from bot.deps import Deps
from bot.errors import BadInputError
from bot.feedback import KEPT_FOR, Voted, learn, not_me, same_or_not, that_helped
from bot.graph.tunings import factors_of, surer_of
from bot.ranking.sureness import MOST_DOUBT
from bot.ranking.tuning import BOUND
from models import Preference, RepeatBar, RepeatVote, Tuning, Vote, Workspace
from tests.db.conftest import NOW, TEAM

OTHER = "T2"
FAVOURS = {"topic": 2.0, "here": -1.0}


def ballot(*people: str, question: str = "q1") -> Ballot:
    return Ballot(question, dict.fromkeys(people, FAVOURS))


def held(database: Database, model: Any) -> list[Any]:
    with database.readers() as session:
        return list(session.scalars(select(model)))


def vote_much(deps: Deps, n: int = 40) -> None:
    for i in range(n):
        that_helped(deps, TEAM, f"V{i}", ballot(f"P{i}"))


def test_a_vote_is_kept_once_a_person_and_question(
    deps: Deps, database: Database
) -> None:
    for _ in range(3):
        assert that_helped(deps, TEAM, "U1", ballot("U2")) == Voted.DONE
    that_helped(deps, TEAM, "U1", ballot("U2", question="q2"))

    kept = held(database, Vote)
    assert sorted((v.user_id, v.about_id, v.question) for v in kept) == [
        ("U1", "U2", "q1"),
        ("U1", "U2", "q2"),
    ]
    assert kept[0].contrast == FAVOURS


@pytest.mark.parametrize(
    ("vote", "who", "expected"),
    [
        pytest.param(that_helped, "U2", Voted.NOT_ONESELF, id="praising oneself"),
        pytest.param(not_me, "U1", Voted.NOT_NAMED, id="not me, by another"),
        pytest.param(that_helped, "U5", Voted.NOT_KEPT, id="the voter opted out"),
    ],
)
def test_a_vote_that_must_not_count_is_not_kept(
    deps: Deps, database: Database, vote: Any, who: str, expected: Voted
) -> None:
    with database.sessions.begin() as session:
        session.add(Preference(workspace_id=TEAM, user_id="U5", is_opted_out=True))

    assert vote(deps, TEAM, who, ballot("U2")) == expected
    assert held(database, Vote) == []


def test_votes_on_somebody_who_opted_out_are_not_kept(
    deps: Deps, database: Database
) -> None:
    with database.sessions.begin() as session:
        session.add(Preference(workspace_id=TEAM, user_id="U2", is_opted_out=True))

    assert that_helped(deps, TEAM, "U1", ballot("U2")) == Voted.NOT_KEPT
    assert held(database, Vote) == []


def test_who_is_named_may_say_that_they_are_not_the_one(
    deps: Deps, database: Database
) -> None:
    assert not_me(deps, TEAM, "U3", ballot("U2", "U3")) == Voted.DONE

    (kept,) = held(database, Vote)
    assert (kept.user_id, kept.about_id, kept.is_helpful) == ("U3", "U3", False)


def test_votes_move_their_own_workspace_within_bounds(
    deps: Deps, database: Database
) -> None:
    with database.sessions.begin() as session:
        session.add(Workspace(id=OTHER, word_key=b"k" * 32, created_at=NOW))
    vote_much(deps)
    learn(deps, now=NOW)

    with database.readers() as session:
        factors, others = factors_of(session, TEAM), factors_of(session, OTHER)
        mine = deps.memories.of(session, TEAM).factors
        theirs = deps.memories.of(session, OTHER).factors
    assert 1.05 < factors["topic"] <= 1 + BOUND
    assert 1 - BOUND <= factors["here"] < 1.0
    assert mine == factors
    assert others == theirs == {}


def test_a_memory_is_renewed_when_its_workspace_has_learnt(deps: Deps) -> None:
    def topic_weight() -> float:
        with deps.database.readers() as session:
            return deps.memories.of(session, TEAM).factors.get("topic", 1.0)

    before = topic_weight()
    vote_much(deps)
    unlearnt = topic_weight()
    learn(deps, now=NOW)

    assert before == unlearnt == 1.0
    assert topic_weight() > 1.0


def test_learning_again_from_the_same_votes_changes_nothing(
    deps: Deps, database: Database
) -> None:
    vote_much(deps)
    learn(deps, now=NOW)
    revision = [w.revision for w in held(database, Workspace)]
    learn(deps, now=NOW + timedelta(days=1))

    assert [w.revision for w in held(database, Workspace)] == revision
    assert {t.at for t in held(database, Tuning)} == {NOW}


def test_old_votes_are_let_go_and_their_effect_with_them(
    deps: Deps, database: Database
) -> None:
    vote_much(deps)
    learn(deps, now=NOW)
    learn(deps, now=NOW + KEPT_FOR + timedelta(days=1))

    assert held(database, Vote) == []
    assert {t.factor for t in held(database, Tuning)} == {1.0}


def test_a_question_is_named_without_its_words_whatever_their_order() -> None:
    assert digest((5, 3, 3)) == digest((3, 5)) != digest((3, 6))
    assert len(digest((3, 5))) == 32


def test_what_a_button_carries_survives_and_is_small() -> None:
    parts = {f"feature_{i}": 1.2345 for i in range(12)} | {"nothing": 0.001}
    dumped = Ballot("q" * 32, {f"U{i:010}": parts for i in range(3)}).dump()

    assert len(dumped) <= 2_000
    assert load_ballot(dumped).people["U0000000001"]["feature_3"] == 1.23
    assert "nothing" not in dumped


def carried(score: str) -> str:
    return f'{{"question": "q", "people": {{"U1": {{"fit": {score}}}}}}}'


@pytest.mark.parametrize(
    "value",
    [
        "",
        "{}",
        "[1]",
        '{"question": 1}',
        '{"question": "q", "people": ["U1"]}',
        carried("NaN"),
        carried("1e999"),
        carried('"1"'),
        carried("true"),
    ],
)
def test_a_strange_button_is_refused(value: str) -> None:
    with pytest.raises(BadInputError, match="too old"):
        load_ballot(value)


def test_the_job_is_done_each_day() -> None:
    from bot.periodic import periodic_jobs  # noqa: PLC0415 - local to this

    (job,) = [job for job in periodic_jobs() if job.id == "votes"]
    assert job.run is feedback.learn


def refuse(deps: Deps, n: int = 6) -> None:
    for i in range(n):
        ballot = RepeatBallot(f"p{i}", 2.0)
        same_or_not(deps, TEAM, f"V{i}", ballot, is_same=False)


def surer(database: Database, workspace_id: str = TEAM) -> float:
    with database.readers() as session:
        return surer_of(session, workspace_id)


def test_a_word_on_an_earlier_question_is_kept_once_the_last_one(
    deps: Deps, database: Database
) -> None:
    for is_same in (True, True, False):
        same_or_not(deps, TEAM, "U1", RepeatBallot("p1", 2.0), is_same=is_same)

    (kept,) = held(database, RepeatVote)
    assert (kept.user_id, kept.pair, kept.score, kept.is_same) == (
        "U1",
        "p1",
        2.0,
        False,
    )


def test_the_word_of_somebody_who_opted_out_is_not_kept(
    deps: Deps, database: Database
) -> None:
    with database.sessions.begin() as session:
        session.add(Preference(workspace_id=TEAM, user_id="U5", is_opted_out=True))

    ballot = RepeatBallot("p1", 2.0)
    voted = same_or_not(deps, TEAM, "U5", ballot, is_same=True)

    assert voted == Voted.NOT_KEPT
    assert held(database, RepeatVote) == []


def test_refusals_raise_the_bar_of_their_own_workspace(
    deps: Deps, database: Database
) -> None:
    with database.sessions.begin() as session:
        session.add(Workspace(id=OTHER, word_key=b"k" * 32, created_at=NOW))
    refuse(deps)
    before = {w.id: w.revision for w in held(database, Workspace)}
    learn(deps, now=NOW)
    after = {w.id: w.revision for w in held(database, Workspace)}

    assert -MOST_DOUBT < surer(database) < -0.5
    assert surer(database, OTHER) == 0.0
    # So that the memory is built anew with it.
    assert after[TEAM] > before[TEAM]
    assert after[OTHER] == before[OTHER]


def test_learning_the_bar_again_changes_nothing_until_the_words_are_old(
    deps: Deps, database: Database
) -> None:
    refuse(deps)
    learn(deps, now=NOW)
    learn(deps, now=NOW + timedelta(days=1))
    assert {b.at for b in held(database, RepeatBar)} == {NOW}

    learn(deps, now=NOW + KEPT_FOR + timedelta(days=1))

    assert held(database, RepeatVote) == []
    assert surer(database) == 0.0


def test_a_ballot_on_a_pair_tells_pairs_apart_and_names_nothing() -> None:
    one = repeat_ballot("q1", "C1", "1.0", score=1.234)

    assert load_repeat_ballot(one.dump()) == RepeatBallot(one.pair, 1.23)
    assert "C1" not in one.dump()
    assert len(one.pair) == 32
    pairs = {
        repeat_ballot(q, c, t, score=1.0).pair
        for q, c, t in (("q1", "C1", "1.0"), ("q2", "C1", "1.0"), ("q1", "C2", "1.0"))
    }
    assert len(pairs) == 3


def on_a_pair(score: str) -> str:
    return f'{{"pair": "p", "score": {score}}}'


@pytest.mark.parametrize(
    "value",
    ["", "{}", "[1]", *map(on_a_pair, ('"high"', "NaN", "-Infinity", "1e999", "true"))],
)
def test_a_strange_ballot_on_a_pair_is_refused(value: str) -> None:
    with pytest.raises(BadInputError, match="too old"):
        load_repeat_ballot(value)
