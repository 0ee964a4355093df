import random
from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Any

import numpy as np
import pytest
from scipy import sparse

from bot.corpus import Corpus, Fact
from bot.topics import Found, Options, discover, survey
from bot.topics.candidates import RESOLUTIONS, SHOWN_SHARE, Cluster, cut
from bot.topics.discover import _after, _disjoint, _found
from bot.topics.recurrence import by_several, recurs, spread
from bot.topics.space import Space, taking_part, unit
from tests.talk import (
    DAY_S,
    START,
    corpus_of,
    end_of,
    fact,
    facts_of,
    keyed_anew,
    workspace,
)


def groups(facts: list[Fact]) -> tuple[Corpus, list[Found], list[set[tuple[str, str]]]]:
    corpus = corpus_of(facts)
    found = discover(corpus, now=end_of())
    return (
        corpus,
        found,
        [
            {(corpus.channels[corpus.channel[r]], corpus.ts[r]) for r in f.rows}
            for f in found
        ],
    )


def test_each_trade_becomes_topics_of_its_own() -> None:
    corpus, found, _ = groups(facts_of(workspace()))

    trades = [{corpus.people[p][1:5] for p in corpus.person[f.rows]} for f in found]
    assert found
    assert all(len(trade) == 1 for trade in trades)
    assert {"OVEN", "KILN", "LOOM"} == set().union(*trades)


def test_a_question_belongs_to_one_topic_at_most() -> None:
    _, found, _ = groups(facts_of(workspace()))

    rows = np.concatenate([f.rows for f in found])
    assert len(rows) == len(set(rows.tolist()))


def test_what_its_neighbours_agree_on_is_in_their_topic() -> None:
    facts = facts_of(workspace(weeks=3))

    _, found, _ = groups(facts)

    # Without their vote four of these are in no topic.
    assert sum(len(f.rows) for f in found) == sum(f.is_question for f in facts)


def test_the_best_topic_comes_first() -> None:
    _, found, _ = groups(facts_of(workspace()))

    scores = [f.score for f in found]
    assert scores == sorted(scores, reverse=True)


def test_of_what_is_shown_the_most_alike_comes_first_and_none_before_what_recurs() -> (
    None
):
    wide, narrow, recurring = (
        Cluster(np.arange(9), likeness, strength, 0.5, 0.5, 0.5, 9)
        for likeness, strength in ((0.2, 0.9), (0.8, 0.1), (0.5, 0.5))
    )

    after = _after([wide, narrow], [(recurring, 1.5)])

    assert [cluster for cluster, _ in after] == [narrow, wide]
    assert all(score <= 1.5 for _, score in after)


def test_what_is_shown_comes_from_every_resolution_of_the_first_view() -> None:
    corpus = corpus_of(facts_of(workspace(weeks=3)))
    layout = survey(corpus, now=end_of()).layout

    partitions = cut(layout.space, layout.told, corpus.person[layout.space.questions])

    shown = [partition for partition in partitions if partition.is_shown]
    assert SHOWN_SHARE == 0.22
    assert len(shown) == len(RESOLUTIONS)
    assert all(one.space is partitions[0].space for one in shown)


def test_topics_do_not_depend_on_the_order_of_arrival() -> None:
    facts = facts_of(workspace())
    shuffled = list(facts)
    random.Random(5).shuffle(shuffled)  # noqa: S311 - not for secrets

    _, _, orderly = groups(facts)
    _, _, late = groups(shuffled)

    assert orderly == late


def about_ferrets(askers: Sequence[str]) -> list[Fact]:
    """Three people talk of ferrets, then these ask about them in one afternoon."""
    words = "ferret harness leash tunnel hammock burrow"
    said = [fact(words, f"UFERRET{i}", i * DAY_S) for i in range(3)] * 2
    told = [replace(one, ts=f"{one.ts}{i}") for i, one in enumerate(said)]
    asked = [
        fact(f"{words} and number {i}?", asker, 30 * DAY_S + 60 * i)
        for i, asker in enumerate(askers)
    ]
    return [*facts_of(workspace()), *told, *asked]


@pytest.mark.parametrize(
    ("askers", "is_topic"),
    [
        pytest.param(["UFERRET0"] * 11, False, id="one person"),
        pytest.param(
            ["UFERRET0"] * 10 + ["UFERRET1"], False, id="ten of eleven by one"
        ),
        pytest.param(["UFERRET0"] * 9 + ["UFERRET1"] * 2, True, id="two people"),
    ],
)
def test_what_one_person_alone_asks_is_no_topic(
    askers: Sequence[str], *, is_topic: bool
) -> None:
    corpus, found, _ = groups(about_ferrets(askers))

    asked = [{corpus.people[p] for p in corpus.person[f.rows]} for f in found]
    assert any("UFERRET0" in people for people in asked) is is_topic
    assert len(found) > is_topic  # the trades are there as ever


def asked_by(askers: str) -> tuple[Corpus, Space]:
    """A question a day by each, all of them alike."""
    corpus = corpus_of(questions(askers, [float(i) for i in range(len(askers))]))
    rows = np.flatnonzero(corpus.is_question).astype(np.int32)
    count = len(rows)
    people = sparse.csr_array(np.zeros((count, 1), np.float32))
    vectors = np.ones((count, 1), np.float32)
    return corpus, Space(rows, vectors, people, corpus.at[rows])


def cluster_of(start: int, stop: int) -> Cluster:
    return Cluster(np.arange(start, stop), 1.0, 1.0, 1.0, 1.0, 1.0, 2)


@pytest.mark.parametrize(
    ("left", "counts"),
    [
        pytest.param(6, [9, 6], id="two fifths are left"),
        pytest.param(5, [9], id="a third is left"),
    ],
)
def test_what_is_left_of_a_wider_cluster_must_be_a_good_part_of_it(
    left: int, counts: list[int]
) -> None:
    corpus, space = asked_by("abc" * 8)

    apart = _disjoint(
        corpus, space, [(cluster_of(0, 9), 2.0), (cluster_of(0, 9 + left), 1.0)]
    )

    assert [len(cluster.members) for cluster, _ in apart] == counts


def test_what_one_person_alone_asks_is_left_to_a_wider_cluster() -> None:
    corpus, space = asked_by("aaaaaaabc")

    apart = _disjoint(corpus, space, [(cluster_of(0, 7), 2.0), (cluster_of(0, 9), 1.0)])

    assert [len(cluster.members) for cluster, _ in apart] == [9]


@pytest.mark.parametrize(
    ("joining", "questions_of_it"),
    [
        pytest.param("aaaaa", 10, id="nine of ten by one"),
        pytest.param("aaaaaa", 5, id="ten of eleven by one"),
    ],
)
def test_what_joins_makes_no_topic_one_persons_alone(
    joining: str, questions_of_it: int
) -> None:
    corpus, space = asked_by(f"aaaab{joining}")

    (found,) = _found(corpus, space, [(cluster_of(0, 5), 0.0)])

    assert len(found.rows) == questions_of_it


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_places_do_not_depend_on_the_key_of_the_hashes(seed: int) -> None:
    facts = facts_of(workspace())
    until = end_of()

    here = survey(corpus_of(facts), now=until)
    there = survey(corpus_of(facts_of(keyed_anew(workspace(), seed))), now=until)

    vectors = here.layout.space.vectors
    assert (vectors == there.layout.space.vectors).all()
    assert [f.rows.tolist() for f in here.found] == [
        f.rows.tolist() for f in there.found
    ]


def test_what_is_asked_later_is_not_seen() -> None:
    corpus = corpus_of(facts_of(workspace()))
    half = START + timedelta(weeks=4)

    found = discover(corpus, now=half)

    assert found
    assert all((corpus.at[f.rows] <= half.timestamp()).all() for f in found)


def test_only_the_newest_questions_are_looked_at() -> None:
    corpus = corpus_of(facts_of(workspace()))
    questions = np.flatnonzero(corpus.is_question)

    found = discover(corpus, now=end_of(), options=Options(newest=60))

    assert found
    assert all(f.rows.min() >= questions[-60] for f in found)


@pytest.mark.parametrize(
    "facts",
    [
        pytest.param([], id="nothing"),
        pytest.param([fact("How hot is the oven?", "U1", 0)], id="one question"),
        pytest.param([fact("Hello.", f"U{i}", i) for i in range(9)], id="no question"),
        pytest.param([fact(":tada:?", f"U{i}", i) for i in range(9)], id="no words"),
    ],
)
def test_a_workspace_without_conversation_has_no_topics(facts: list[Fact]) -> None:
    assert discover(corpus_of(facts), now=end_of()) == []


def test_sentence_vectors_are_used_where_they_are_held() -> None:
    facts = facts_of(workspace())
    axis = {"UOVEN": 0, "UKILN": 1, "ULOOM": 2}
    held = [
        fact(
            "what about this?",
            f.user_id,
            f.at - START.timestamp(),
            f.channel_id,
            vector=np.eye(8, dtype=np.float32)[axis[f.user_id[:5]]],
        )
        for f in facts
        if f.is_question
    ]

    corpus, found, _ = groups([*held, fact("no vector?", "UOTHER", 5)])

    trades = [{corpus.people[p][1:5] for p in corpus.person[f.rows]} for f in found]
    assert found
    assert all(len(trade) == 1 for trade in trades)


def questions(askers: Sequence[str], days: Sequence[float]) -> list[Fact]:
    return [
        fact("how hot is the oven?", asker, day * DAY_S + i)
        for i, (asker, day) in enumerate(zip(askers, days, strict=True))
    ]


ASKERS = [f"U{i % 8}" for i in range(12)]
DAYS = [7 * (i % 4) + i // 4 for i in range(12)]


@pytest.mark.parametrize(
    ("facts", "expected"),
    [
        pytest.param(questions(ASKERS, DAYS), True, id="just enough of everything"),
        pytest.param(questions(ASKERS[:11], DAYS[:11]), False, id="one question short"),
        pytest.param(
            questions([f"U{i % 7}" for i in range(12)], DAYS),
            False,
            id="one person short",
        ),
        pytest.param(
            questions(ASKERS, [7 * (i % 3) + i // 3 for i in range(12)]),
            False,
            id="one week short",
        ),
        pytest.param(
            questions(ASKERS, [*range(6), *DAYS[6:]]), False, id="most in one week"
        ),
        pytest.param(
            questions(
                ["U0"] * 6 + [f"U{i}" for i in range(1, 8)],
                [7 * i for i in range(6)] + [7 * i + 1 for i in range(7)],
            ),
            False,
            id="half of it one person",
        ),
        pytest.param(
            questions(["U0"] * 9 + ASKERS[1:], [0] * 9 + DAYS[1:]),
            True,
            id="a burst of one afternoon counts once",
        ),
    ],
)
def test_a_subject_recurs_over_weeks_and_people(
    facts: list[Fact], expected: Any
) -> None:
    corpus = corpus_of(facts)
    rows = np.flatnonzero(corpus.is_question).astype(np.int32)

    people = len(np.unique(taking_part(corpus, rows).indices))
    assert recurs(corpus, rows, people) is expected


@pytest.mark.parametrize(
    ("askers", "expected"),
    [
        pytest.param("aaaaa", False, id="one person"),
        pytest.param("aaaaaaaaab", True, id="nine of ten by one"),
        pytest.param("aaaaaaaaaab", False, id="ten of eleven by one"),
        pytest.param("abcde", True, id="everybody once"),
    ],
)
def test_a_topic_is_asked_by_several(askers: str, *, expected: bool) -> None:
    corpus = corpus_of(questions(list(askers), [float(i) for i in range(len(askers))]))
    rows = np.flatnonzero(corpus.is_question).astype(np.int32)

    assert by_several(corpus, rows) is expected


def test_no_questions_are_spread_over_nothing() -> None:
    corpus = corpus_of([])
    rows = np.zeros(0, np.int32)

    held = spread(corpus, rows, people=0)

    assert (held.questions, held.people, held.busiest_week) == (0, 0, 0.0)


def test_what_is_told_holds_nothing_of_who_asks_and_answers() -> None:
    layout = survey(corpus_of(facts_of(workspace())), now=end_of()).layout

    told, known = layout.told.vectors, layout.space.vectors
    count = told.shape[1]
    assert known.shape[1] == 3 * count  # asker and others, beside what is said
    assert np.allclose(told, unit(known[:, :count]), atol=1e-6)
