"""The ranking's features, each against its formula on a handful of messages."""

from dataclasses import replace

import numpy as np
import pytest

from bot.corpus import Fact, Flags, Floats, build
from bot.ranking import Query, Ranker, people, subjects, where
from bot.ranking.index import build as lay_out
from bot.ranking.match import bm25, find, wanted
from bot.ranking.nearest import Nearest
from bot.ranking.postings import Doubles
from bot.ranking.view import View, look
from bot.text import Kind

DAY = 86_400.0
NOW = 20_000 * DAY
KETTLE, PAINT, TONER = ((n << 3) | Kind.WORD for n in (1, 2, 3))


def message(
    channel: str, user: str, *words: int, days_ago: float, to: float | None = None
) -> Fact:
    at = NOW - days_ago * DAY
    return Fact(
        channel_id=channel,
        ts=f"{1000 - days_ago}",
        thread_ts=None if to is None else f"{1000 - to}",
        user_id=user,
        at=at,
        is_question=to is None,
        words=np.array(words, np.int64),
        counts=np.ones(len(words), np.uint8),
    )


def of_people(facts: list[Fact], query: Query) -> tuple[View, dict[str, Doubles]]:
    view = look(lay_out(build(facts)), None)
    matches = where.match(view, query, Nearest(view.index.corpus))
    even = np.full(len(view.channels), 1.0 / len(view.channels))
    return view, people.features(view, query, matches, even)


def of_channels(facts: list[Fact], query: Query) -> dict[str, Doubles]:
    view = look(lay_out(build(facts)), None)
    matches = where.match(view, query, Nearest(view.index.corpus))
    return where.features(view, query, matches)


def vote(share: float, p0: float) -> float:
    return float(np.log(0.8 * share + 0.2 * p0))


# ann asks twice in C1; bob replies both times, cat once, long after.
FACTS = [
    message("C1", "ann", KETTLE, days_ago=61),
    message("C1", "bob", days_ago=60, to=61),
    message("C1", "ann", KETTLE, days_ago=31),
    message("C1", "bob", days_ago=30, to=31),
    message("C1", "cat", days_ago=30, to=61),
    message("C1", "ann", days_ago=29, to=31),
]


def test_popularity_counts_replies_to_others_and_a_little_each_message() -> None:
    view = look(lay_out(build(FACTS)), None)

    p0 = view.popularity(NOW)

    half, quarter = 0.5, 0.25
    said = [0.5 ** (61 / 30) + 0.5 ** (31 / 30) + 0.5 ** (29 / 30), 0.75, 0.5]
    replied = [0.0, half + quarter, half]
    raw = [0.05 + r + 0.05 * s for r, s in zip(replied, said, strict=True)]
    assert p0.tolist() == pytest.approx([x / sum(raw) for x in raw])


def test_an_asker_counts_once_by_the_last_time() -> None:
    view, found = of_people(FACTS, Query((), NOW))
    p0 = view.popularity(NOW)

    helped = {"bob": 0.5, "cat": 0.5}
    days = {
        "ann": 0.5 ** (61 / 30) + 0.5 ** (31 / 30) + 0.5 ** (29 / 30),
        "bob": 0.75,
        "cat": 0.5,
    }
    n = [helped.get(u, 0) + 0.3 * days[u] for u in ("ann", "bob", "cat")]
    expected = [
        np.log(0.9 * (x + p) / (sum(n) + 1) + 0.1 * p)
        for x, p in zip(n, p0.tolist(), strict=True)
    ]
    assert found["here"].tolist() == pytest.approx(expected)


def test_a_thread_counts_for_its_repliers_by_how_fresh_it_is() -> None:
    _, found = of_people(FACTS, Query((KETTLE,), NOW))

    # Both threads hold the word; the longer one less, and it was last heard later.
    older, newer = _relative_scores(FACTS, KETTLE)
    older, newer = older**4 * 0.5 ** (30 / 60), newer**4 * 0.5 ** (29 / 60)
    votes = np.array([0.0, older + newer, older])
    assert found["topic"].tolist() == pytest.approx(np.log1p(5 * votes).tolist())
    assert "topic_here" not in found


def _relative_scores(facts: list[Fact], word: int) -> list[float]:
    view = look(lay_out(build(facts)), None)
    threads = bm25(view, find(view, view.index.threads, wanted(view.index, (word,))))
    return [float(x) for x in threads.score / threads.score.max()]


def test_one_answer_to_exactly_this_counts_whatever_others_have() -> None:
    facts = [
        message("C1", "ann", KETTLE, PAINT, days_ago=2),
        message("C1", "dee", days_ago=1, to=2),
    ]
    crowd = [
        fact
        for i in range(9)
        for fact in (
            message("C1", "ann", KETTLE, days_ago=3 + i),
            message("C1", "bob", days_ago=2.9 + i, to=3 + i),
        )
    ]

    _, alone = of_people(facts, Query((KETTLE, PAINT), NOW))
    view, among = of_people([*facts, *crowd], Query((KETTLE, PAINT), NOW))

    dee = [view.index.corpus.people[p] for p in view.people].index("dee")
    assert among["topic"][dee] == pytest.approx(alone["topic"][1])


def test_being_thanked_by_the_asker_counts_for_whom_the_thanks_are_meant() -> None:
    thanks = replace(message("C1", "ann", days_ago=28, to=31), is_thanks=True)
    to_cat = replace(thanks, mentions=("cat",))
    shares = {"last": [0.0, 1.0, 0.0], "named": [0.0, 0.0, 0.0]}

    for name, said in (("last", thanks), ("named", to_cat)):
        view, found = of_people([*FACTS, said], Query((KETTLE,), NOW))
        p0 = view.popularity(NOW).tolist()
        # cat is named in a thread cat never replied in: nothing to thank for.
        assert found["thanked"].tolist() == pytest.approx(
            [vote(s, p) for s, p in zip(shares[name], p0, strict=True)]
        )


def test_thanks_go_to_nobody_of_another_thread() -> None:
    alone = [
        message("C1", "ann", KETTLE, days_ago=9),
        replace(message("C1", "ann", days_ago=8, to=9), is_thanks=True),
    ]
    index = lay_out(build([*FACTS, *alone]))

    assert not index.replies.is_thanked.any()


def test_whom_the_asker_talked_with_is_known_by_the_replies_to_them() -> None:
    view, to_ann = of_people(FACTS, Query((), NOW, asker_id="ann"))
    _, to_bob = of_people(FACTS, Query((), NOW, asker_id="bob"))
    p0 = view.popularity(NOW)

    x = np.array([0.0, 0.5 ** (60 / 60) + 0.5 ** (30 / 60), 0.5 ** (30 / 60)])
    expected = np.log(0.5 * x / x.sum() + 0.5 * p0)
    assert to_ann["talked"].tolist() == pytest.approx(expected.tolist())
    assert to_bob["talked"].tolist() == pytest.approx(np.log(0.5 * p0).tolist())


def test_who_writes_of_little_else_is_more_special() -> None:
    facts = [
        message("C1", "ann", days_ago=3),
        message("C1", "bob", days_ago=2),
        message("C2", "bob", days_ago=1),
    ]

    _, found = of_people(facts, Query((), NOW, channel_id="C1"))

    inside = np.array([0.85, 0.85 + 0.15])
    expected = np.log((inside + 0.3) / (np.array([1, 2]) + 3))
    assert found["special"].tolist() == pytest.approx(expected.tolist())


def test_threads_begun_are_set_against_all_messages() -> None:
    _, found = of_people(FACTS, Query((), NOW))

    expected = np.log(np.array([3 / 8, 1 / 7, 1 / 6]))
    assert found["opens"].tolist() == pytest.approx(expected.tolist())


def unit(degrees: float) -> Floats:
    turn = np.radians(degrees)
    return np.array([np.cos(turn), np.sin(turn)], np.float32)


def test_the_closest_question_a_person_replied_to_counts() -> None:
    facts = list(FACTS)
    facts[0] = replace(facts[0], vector=unit(120))
    facts[2] = replace(facts[2], vector=unit(0))

    _, found = of_people(facts, Query((), NOW, vector=unit(30)))
    _, without = of_people(facts, Query((), NOW))

    cosine = np.cos(np.radians(30))
    # bob replied to the closest, cat to the furthest looked at; ann to none.
    assert found["meaning"].tolist() == pytest.approx([0, cosine, 0], abs=1e-5)
    assert without["meaning"].tolist() == [0.0] * 3


def test_whom_the_meaning_of_all_questions_speaks_for() -> None:
    facts = list(FACTS)
    facts[0] = replace(facts[0], vector=unit(120))
    facts[2] = replace(facts[2], vector=unit(0))

    _, found = of_people(facts, Query((), NOW, vector=unit(30)))
    _, without = of_people(facts, Query((), NOW))

    # Two questions lie opposite each other around their mean: e and -e.
    centre = (unit(120) + unit(0)) / 2
    e = (unit(0) - centre) / np.linalg.norm(unit(0) - centre)
    asked = (unit(30) - centre) / np.linalg.norm(unit(30) - centre)
    # bob replied to both, which says nothing; cat to the first alone.
    slope = -1 / (2 + 10)
    cat = slope * float(asked @ e) / np.sqrt(1 / 2 + 0.01)
    assert found["subjects"].tolist() == pytest.approx([0, 0, cat], abs=1e-6)
    assert without["subjects"].tolist() == [0.0] * 3


def test_only_the_latest_questions_teach_whom_they_go_to(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    facts = [
        replace(message("C1", "ann", days_ago=9), vector=unit(90)),
        message("C1", "eve", days_ago=8, to=9),
        replace(message("C1", "ann", days_ago=7), vector=unit(120)),
        message("C1", "bob", days_ago=6, to=7),
        replace(message("C1", "ann", days_ago=5), vector=unit(0)),
        message("C1", "cat", days_ago=4, to=5),
    ]
    monkeypatch.setattr(subjects, "LATEST", 2)

    view, found = of_people(facts, Query((), NOW, vector=unit(30)))
    _, late = of_people(facts[2:], Query((), NOW, vector=unit(30)))

    assert [view.index.corpus.people[p] for p in view.people][-1] == "eve"
    assert found["subjects"].tolist() == [*late["subjects"].tolist(), 0.0]


def test_only_the_channels_own_threads_vote_there() -> None:
    facts = [
        *FACTS,
        message("C2", "ann", KETTLE, days_ago=5),
        message("C2", "dee", days_ago=4, to=5),
    ]

    view, found = of_people(facts, Query((KETTLE,), NOW, channel_id="C2"))

    p0 = view.popularity(NOW).tolist()
    assert found["topic_here"].tolist() == pytest.approx(
        [vote(share, p) for share, p in zip((0, 0, 0, 1), p0, strict=True)]
    )


def test_the_channel_asked_in_weighs_seven_tenths() -> None:
    facts = [message("C1", "ann", days_ago=1), message("C2", "bob", days_ago=1.5)]

    view, found = of_people(facts, Query((), NOW, channel_id="C1"))

    p0 = view.popularity(NOW)
    n = 0.3 * np.array([0.5 ** (1 / 30), 0.5 ** (2 / 30)])
    likely = np.array([0.7 + 0.3 * 0.5, 0.3 * 0.5])
    share = likely * n / (n + 1) + p0 * (likely / (n + 1)).sum()
    assert found["here"].tolist() == pytest.approx(
        np.log(0.9 * share + 0.1 * p0).tolist()
    )


def test_a_persons_own_words_vote_for_them() -> None:
    view, found = of_people(FACTS, Query((KETTLE,), NOW))
    p0 = view.popularity(NOW).tolist()

    assert found["own_words"].tolist() == pytest.approx(
        [vote(share, p) for share, p in zip((1, 0, 0), p0, strict=True)]
    )


def test_days_are_counted_once_over_all_channels() -> None:
    facts = [*FACTS, message("C2", "bob", days_ago=30)]

    _, found = of_people(facts, Query((), NOW))

    assert found["days"].tolist() == pytest.approx(np.log([4, 3, 2]).tolist())


# C1 asked of kettles by ann, C2 of paint by bob, who says one thing in C1.
CHANNELS = [
    message("C1", "ann", KETTLE, days_ago=14),
    message("C2", "bob", PAINT, days_ago=28),
    message("C1", "bob", TONER, days_ago=30, to=29),
]


def test_a_channel_where_more_is_asked_of_late_is_likelier() -> None:
    found = of_channels(CHANNELS, Query((), NOW))

    expected = np.log(np.array([0.7, 0.45]) / 1.15)
    assert found["prior"].tolist() == pytest.approx(expected.tolist())


@pytest.mark.parametrize(
    ("word", "threads", "messages", "asked", "said"),
    [
        pytest.param(KETTLE, [1, 0], [1, 0], [1, 0], [1, 0], id="asked there"),
        pytest.param(PAINT, [0, 1], [0, 1], [0, 1], [0, 1], id="asked elsewhere"),
        pytest.param(TONER, [1, 0], [1, 0], [0, 0], [1, 0], id="said, never asked"),
        pytest.param(99 << 3, [0, 0], [0, 0], [0, 0], [0, 0], id="never heard of"),
    ],
)
def test_words_tell_the_channel(
    word: int,
    threads: list[float],
    messages: list[float],
    asked: list[float],
    said: list[float],
) -> None:
    found = of_channels(CHANNELS, Query((word,), NOW))

    prior = np.array([0.7, 0.45]) / 1.15
    for name, share in (("threads", threads), ("messages", messages)):
        expected = np.log(0.9 * np.array(share) + 0.1 * prior)
        assert found[name].tolist() == pytest.approx(expected.tolist())
    assert found["asked"].tolist() == pytest.approx(asked)
    assert found["said"].tolist() == pytest.approx(said)


def test_where_the_asker_asks_and_speaks_tells_the_channel() -> None:
    found = of_channels(CHANNELS, Query((), NOW, asker_id="bob"))

    prior = np.array([0.7, 0.45]) / 1.15
    rooted, said = np.array([0.0, 0.5 ** (28 / 30)]), np.array([0.5, 0.5 ** (28 / 30)])
    asks = (rooted + prior) / (rooted.sum() + 1)
    speaks = 0.8 * (2 / 5) * said / said.sum() + 0.2 * prior
    assert found["asker_asks"].tolist() == pytest.approx(np.log(asks).tolist())
    assert found["asker_speaks"].tolist() == pytest.approx(np.log(speaks).tolist())


def test_channels_share_all_the_probability() -> None:
    clues = {"a": np.array([0.0, np.log(3.0)]), "b": np.array([-900.0, 0.0])}

    likely = where.probabilities(clues, {"a": 1.0})
    floored = where.probabilities(clues, {"b": 1.0})

    assert likely.tolist() == pytest.approx([0.25, 0.75])
    assert floored[0] == pytest.approx(np.exp(-8), rel=1e-3)


def test_a_hidden_thread_is_not_found_by_its_meaning() -> None:
    near = np.array([1, 0], np.float32)
    corpus = build([replace(fact, vector=near) for fact in CHANNELS])
    visible: Flags = np.array([True, False])

    found = Ranker(corpus).threads_like(Query((), NOW, vector=near), visible=visible)

    assert [corpus.thread_channel[thread] for thread, _ in found] == [0]
