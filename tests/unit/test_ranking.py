"""Who knows about X, on small invented workspaces."""

from collections import Counter
from dataclasses import dataclass, field, replace

import numpy as np
import pytest

from bot.corpus import Corpus, Fact, Flags, Floats, build
from bot.ranking import Query, Ranked, Ranker, Weights, shipped_weights
from bot.ranking.index import build as lay_out
from bot.ranking.match import Matched, find, wanted
from bot.ranking.view import look
from bot.text import Hasher, terms

HASHER = Hasher(b"test")
DAY = 86_400.0
NOW = 1_700_000_000.0


@dataclass
class Talk:
    """A workspace being written; a day is counted back from NOW."""

    facts: list[Fact] = field(default_factory=list)

    def say(
        self, channel: str, user: str, text: str, *, days_ago: float, to: str = ""
    ) -> str:
        at = NOW - days_ago * DAY
        ts = f"{at:.6f}"
        counted = Counter(HASHER(t.kind, t.key) for t in terms(text))
        self.facts.append(
            Fact(
                channel_id=channel,
                ts=ts,
                thread_ts=to or ts,
                user_id=user,
                at=at,
                is_question="?" in text,
                is_thanks="thanks" in text,
                vector=_meaning(text) if "?" in text else None,
                words=np.array(list(counted), np.int64),
                counts=np.array(list(counted.values()), np.uint8),
            )
        )
        return ts

    def answered(
        self,
        channel: str,
        text: str,
        users: str,
        *,
        days_ago: float,
        asker: str = "zoe",
    ) -> None:
        """A question, and a bland reply to it by each of the users."""
        root = self.say(channel, asker, text, days_ago=days_ago)
        for i, user in enumerate(users.split(), 1):
            later = days_ago - i / 100
            self.say(channel, user, "have a look here", days_ago=later, to=root)

    def corpus(self) -> Corpus:
        return build(self.facts)

    def rank(self, text: str, **given: object) -> list[Ranked]:
        return Ranker(self.corpus()).rank(query(text, **given))


def _meaning(text: str) -> Floats:
    """Stand in for a sentence vector: the same text, the same direction."""
    drawn = np.random.default_rng(len(text)).normal(size=8).astype(np.float32)
    return np.asarray(drawn / np.linalg.norm(drawn), np.float32)


def query(text: str, **given: object) -> Query:
    words = tuple(HASHER(t.kind, t.key) for t in terms(text))
    return replace(Query(words, NOW), **given)  # type: ignore[arg-type]


def names(ranked: list[Ranked]) -> list[str]:
    return [one.user_id for one in ranked]


def balanced() -> Talk:
    """Two people, alike but for what a test adds: ann and bob."""
    talk = Talk()
    talk.answered("C1", "how do kettles boil?", "ann bob", days_ago=10)
    talk.answered("C1", "which paint dries fastest?", "ann bob", days_ago=9)
    return talk


def test_who_answered_about_the_subject_comes_first() -> None:
    talk = balanced()
    talk.answered("C1", "terraform drift again?", "bob", days_ago=8)
    talk.answered("C1", "why is the printer jammed?", "ann", days_ago=8.5)

    ranked = talk.rank("terraform drift")

    assert names(ranked)[0] == "bob"


def test_what_was_answered_of_late_counts_for_more() -> None:
    talk = balanced()
    talk.answered("C1", "terraform drift again?", "ann", days_ago=200)
    talk.answered("C1", "terraform drift again?", "bob", days_ago=8)

    ranked = talk.rank("terraform drift")

    assert names(ranked)[0] == "bob"


def test_who_answers_in_the_channel_comes_first_there() -> None:
    talk = Talk()
    talk.answered("C1", "one?", "ann", days_ago=5)
    talk.answered("C2", "two?", "bob", days_ago=5.5)

    first = {c: names(talk.rank("", channel_id=c))[0] for c in ("C1", "C2")}

    assert first == {"C1": "ann", "C2": "bob"}


def test_a_channel_is_guessed_from_the_words() -> None:
    talk = Talk()
    for day in range(5, 9):
        talk.answered("C1", "how do I tune postgres?", "ann", days_ago=day)
        talk.answered("C2", "which font for slides?", "bob", days_ago=day + 0.5)

    ranked = talk.rank("postgres is slow")

    assert ranked[0].user_id == "ann"
    assert ranked[0].features["here"] > ranked[1].features["here"]


def test_a_channel_is_guessed_from_where_the_asker_asks() -> None:
    talk = Talk()
    talk.answered("C1", "one?", "ann", days_ago=5, asker="yan")
    talk.answered("C2", "two?", "bob", days_ago=5.5, asker="zoe")

    first = {u: names(talk.rank("", asker_id=u))[0] for u in ("yan", "zoe")}

    assert first == {"yan": "ann", "zoe": "bob"}


def test_helping_many_people_counts_for_more_than_helping_one_often() -> None:
    talk = Talk()
    for day, asker in enumerate("uvwxyz"):
        talk.answered("C1", "why?", "ann", days_ago=9 + day / 9, asker="u")
        talk.answered("C1", "how?", "bob", days_ago=9 + day / 9 + 0.05, asker=asker)

    ranked = talk.rank("something new", channel_id="C1")

    by_name = {one.user_id: one.features["here"] for one in ranked}
    assert by_name["bob"] > by_name["ann"]


def test_who_wrote_about_it_unasked_comes_before_who_did_not() -> None:
    talk = balanced()
    talk.say("C1", "bob", "notes on terraform drift", days_ago=3)
    talk.say("C1", "ann", "lunch was splendid today", days_ago=3.1)

    ranked = talk.rank("terraform drift")

    assert names(ranked)[0] == "bob"


def test_a_person_named_in_the_question_comes_first() -> None:
    talk = balanced()
    talk.answered("C1", "terraform drift again?", "bob", days_ago=8)

    ranked = talk.rank("terraform drift", mentions=("ann", "nobody"))

    assert names(ranked)[0] == "ann"


def test_being_around_on_more_days_is_taken_back() -> None:
    talk = balanced()
    for day in range(20):
        talk.say("C9", "bob", "morning", days_ago=400 + day)

    days = {one.user_id: one.features["days"] for one in talk.rank("kettles")}

    assert days["bob"] < days["ann"]


def test_the_parts_sum_to_the_score() -> None:
    ranked = balanced().rank("kettles", channel_id="C1")

    for one in ranked:
        assert one.score == pytest.approx(sum(one.features.values()))


def test_the_asker_is_never_ranked() -> None:
    talk = balanced()

    assert "ann" not in names(talk.rank("kettles", asker_id="ann"))


def test_equal_people_stand_in_the_order_of_their_ids() -> None:
    talk = Talk()
    root = talk.say("C1", "zoe", "kettles?", days_ago=3)
    for user in ("dee", "ann", "cat", "bob"):
        talk.say("C1", user, "sure", days_ago=2, to=root)
        talk.facts[-1] = replace(talk.facts[-1], ts=f"{user}", at=NOW - 2 * DAY)

    ranked = talk.rank("kettles")

    assert names(ranked)[:4] == ["ann", "bob", "cat", "dee"]


def test_only_the_eligible_are_named_and_no_more_than_asked_for() -> None:
    corpus = balanced().corpus()
    eligible: Flags = np.array([user != "ann" for user in corpus.people], np.bool_)

    ranked = Ranker(corpus).rank(query("kettles"), eligible=eligible, limit=1)

    assert names(ranked) == ["bob"]


def test_support_counts_the_like_threads_somebody_answered() -> None:
    talk = balanced()
    talk.answered("C1", "terraform drift again?", "bob", days_ago=8)
    talk.answered("C1", "terraform drift, still?", "bob ann", days_ago=7)

    support = {one.user_id: one.support for one in talk.rank("terraform drift")}

    assert support == {"ann": 1, "bob": 2, "zoe": 0}


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("kubernetes", id="a word nobody used"),
        pytest.param("kubernetes kettles", id="half of it never heard of"),
        pytest.param("", id="no words"),
    ],
)
def test_an_unknown_subject_has_no_support(text: str) -> None:
    talk = balanced()

    ranked = talk.rank(text)

    assert {one.support for one in ranked} == {0}
    assert Ranker(talk.corpus()).threads_like(query(text)) == []


def test_links_that_nobody_shared_do_not_hide_a_subject() -> None:
    ranked = balanced().rank("kettles <https://example.org/a/b>")

    assert ranked[0].support == 1


def test_nobody_is_ranked_where_nothing_was_heard() -> None:
    ranker = Ranker(build([]))

    assert ranker.rank(query("kettles")) == []
    assert ranker.threads_like(query("kettles")) == []


def test_nobody_is_ranked_before_anything_was_said() -> None:
    corpus = balanced().corpus()

    ranked = Ranker(corpus).rank(query("kettles", now=NOW - 99 * DAY))

    assert ranked == []


def test_an_unknown_channel_and_asker_are_as_none() -> None:
    talk = balanced()

    known_less = talk.rank("kettles", channel_id="C404", asker_id="nobody")

    assert known_less == talk.rank("kettles")


def busy() -> Talk:
    """Three channels with people, words and askers in common."""
    talk = Talk()
    words = [
        "terraform",
        "drift",
        "postgres",
        "index",
        "slides",
        "font",
        "kettle",
        "paint",
    ]
    people = ["ann", "bob", "cat", "dee", "eve"]
    for i in range(60):
        text = f"{words[i % 8]} {words[(i * 3 + 1) % 8]} and {words[i % 5]}?"
        asker, one, two = (people[(i * k + k) % 5] for k in (1, 2, 3))
        talk.answered(f"C{i % 3}", text, f"{one} {two}", days_ago=61 - i, asker=asker)
        root = talk.facts[-3].ts
        talk.say(f"C{i % 3}", asker, "thanks", days_ago=60.9 - i, to=root)
    talk.answered("C1", "secret merger plans?", "spy", days_ago=0.5)
    return talk


QUESTIONS = ("terraform drift", "postgres index font", "secret merger", "paint", "")


@pytest.mark.parametrize("text", QUESTIONS)
@pytest.mark.parametrize("channel_id", [None, "C0", "C1"])
def test_a_hidden_channel_leaves_no_trace(text: str, channel_id: str | None) -> None:
    talk = busy()
    corpus = talk.corpus()
    visible: Flags = np.array([c != "C1" for c in corpus.channels], np.bool_)
    without = Ranker(build(f for f in talk.facts if f.channel_id != "C1"))
    asked = query(text, channel_id=channel_id, asker_id="ann", mentions=("spy",))
    asked = replace(asked, vector=_meaning(text))

    ranked = Ranker(corpus).rank(asked, visible=visible)

    assert ranked == without.rank(asked)
    assert "spy" not in names(ranked)


@pytest.mark.parametrize("text", QUESTIONS)
def test_hidden_threads_are_not_found(text: str) -> None:
    talk = busy()
    corpus = talk.corpus()
    visible: Flags = np.array([c != "C1" for c in corpus.channels], np.bool_)
    rest = build(f for f in talk.facts if f.channel_id != "C1")

    found = Ranker(corpus).threads_like(query(text), visible=visible, limit=99)
    expected = Ranker(rest).threads_like(query(text), limit=99)

    named = [(corpus.root_ts[thread], score) for thread, score in found]
    assert named == [(rest.root_ts[thread], score) for thread, score in expected]


@pytest.mark.parametrize("text", QUESTIONS)
def test_nothing_after_now_counts(text: str) -> None:
    talk = busy()
    then = NOW - 20 * DAY
    asked = query(text, now=then, channel_id="C0", asker_id="ann")
    ranker = Ranker(talk.corpus())
    past = Ranker(build(f for f in talk.facts if f.at <= then))

    assert ranker.rank(asked) == past.rank(asked)
    assert ranker.rank(query(text)) != ranker.rank(asked)


def test_threads_after_now_are_not_found() -> None:
    talk = balanced()
    talk.answered("C1", "postgres vacuum?", "ann", days_ago=4)
    ranker = Ranker(talk.corpus())

    found = ranker.threads_like(query("postgres vacuum", now=NOW - 5 * DAY))

    assert found == []
    assert len(ranker.threads_like(query("postgres vacuum"))) == 1


def test_nobody_is_ranked_for_who_sees_nothing() -> None:
    corpus = busy().corpus()

    ranked = Ranker(corpus).rank(query("paint"), visible=np.zeros(3, np.bool_))

    assert ranked == []


def test_each_view_is_its_own() -> None:
    corpus = busy().corpus()
    ranker = Ranker(corpus)
    asked = query("paint postgres")
    views = [np.array([i >> b & 1 for b in range(3)], np.bool_) for i in range(8)]

    first = [ranker.rank(asked, visible=v) for v in views]
    again = [ranker.rank(asked, visible=v) for v in views]

    assert first == again
    assert ranker.rank(asked) == first[7]


def test_views_of_many_askers_are_each_right() -> None:
    talk = busy()
    for i in range(3, 6):
        talk.answered(f"C{i}", "postgres paint?", "bob dee", days_ago=i)
    corpus = talk.corpus()
    ranker = Ranker(corpus)
    asked = query("paint postgres")
    views = [np.array([i >> b & 1 for b in range(6)], np.bool_) for i in range(64)]

    first = [ranker.rank(asked, visible=v) for v in views]

    assert [ranker.rank(asked, visible=v) for v in views] == first
    assert first[1] == Ranker(corpus).rank(asked, visible=views[1])


def test_threads_on_the_subject_are_found_the_most_alike_first() -> None:
    talk = balanced()
    talk.answered("C1", "postgres vacuum?", "ann", days_ago=4)
    talk.answered("C1", "postgres vacuum and kettles?", "ann", days_ago=3)
    corpus = talk.corpus()

    found = Ranker(corpus).threads_like(query("postgres vacuum kettles"))

    assert found[0][1] == pytest.approx(1.0)
    assert len(found) == 2
    assert corpus.at[corpus.root[found[0][0]]] == pytest.approx(NOW - 3 * DAY)


def test_threads_that_mean_the_same_are_found_without_a_word_in_common() -> None:
    talk = balanced()
    near, far = np.array([1, 0], np.float32), np.array([0, 1], np.float32)
    talk.facts[0] = replace(talk.facts[0], vector=near)
    talk.facts[3] = replace(talk.facts[3], vector=far)
    corpus = talk.corpus()

    found = Ranker(corpus).threads_like(query("cauldron", vector=near))

    assert [corpus.root_ts[thread] for thread, _ in found] == [talk.facts[0].ts]
    assert found[0][1] == pytest.approx(1.0)


def test_a_vector_finds_nothing_where_none_are_held() -> None:
    bare = build(replace(fact, vector=None) for fact in balanced().facts)

    found = Ranker(bare).threads_like(
        query("cauldron", vector=np.array([1, 0], np.float32))
    )

    assert found == []


def test_ties_with_the_last_of_the_best_are_kept() -> None:
    matched = Matched(np.arange(5), np.array([1.0, 3.0, 2.0, 2.0, 1.0]))

    assert matched.best(2).unit.tolist() == [1, 2, 3]
    assert matched.best(5).unit.tolist() == [0, 1, 2, 3, 4]


def test_the_rarest_words_are_looked_up_first_within_the_bound() -> None:
    talk = balanced()
    for day in range(5, 9):
        talk.answered("C1", "printer?", "ann", days_ago=day)
    talk.answered("C1", "printer toner?", "bob", days_ago=4)
    index = lay_out(talk.corpus())
    view = look(index, None)
    sought = wanted(index, query("printer toner").words)

    counted = {n: len(find(view, index.threads, sought, n).unit) for n in (2, 6, 7)}

    # "toner" and the pair are in one thread each, "printer" in five.
    assert counted == {2: 2, 6: 2, 7: 7}


def test_what_is_hidden_takes_no_part_of_the_bound() -> None:
    talk = balanced()
    talk.answered("C1", "printer toner?", "bob", days_ago=4)
    for day in range(5, 9):
        talk.answered("C2", "printer?", "ann", days_ago=day)
    index = lay_out(talk.corpus())
    visible = np.array([c != "C2" for c in index.corpus.channels])
    sought = wanted(index, query("printer toner").words)

    counted = {
        see: len(find(look(index, v), index.threads, sought, 3).unit)
        for see, v in {"all": None, "C1": visible}.items()
    }

    # Seen whole, "printer" is in too many; in C1 both words and the pair are in one.
    assert counted == {"all": 2, "C1": 3}


def test_people_and_threads_of_another_question_are_looked_up_anew() -> None:
    corpus = balanced().corpus()
    ranker = Ranker(corpus)
    asked = [query("paint"), query("kettle"), query("paint", channel_id="C2")]

    in_turns = [(ranker.rank(q), ranker.threads_like(q)) for q in asked]

    alone = [(Ranker(corpus).rank(q), Ranker(corpus).threads_like(q)) for q in asked]
    assert in_turns == alone


@pytest.mark.parametrize("channel_id", ["C1", None])
def test_without_vectors_a_question_is_ranked_by_weights_of_their_own(
    channel_id: str | None,
) -> None:
    opens, days = {"opens": 1.0}, {"days": 1.0}
    weights = Weights(opens, opens, days, days, shipped_weights().which_channel)
    asked = query("kettles?", channel_id=channel_id)
    ranker = Ranker(balanced().corpus(), weights)

    by_meaning = ranker.rank(replace(asked, vector=_meaning("kettles?")))
    by_words = ranker.rank(asked)

    assert {tuple(one.features) for one in by_meaning} == {("opens",)}
    assert {tuple(one.features) for one in by_words} == {("days",)}


def test_weights_survive_being_written() -> None:
    weights = shipped_weights()

    assert Weights.from_json(weights.to_json()) == weights


def test_given_weights_decide() -> None:
    talk = balanced()
    days = {"days": 1.0}
    only_days = Weights(days, days, days, days, shipped_weights().which_channel)
    talk.say("C1", "zed", "morning", days_ago=50)
    talk.say("C1", "zed", "morning", days_ago=40)
    talk.say("C1", "zed", "morning", days_ago=30)
    talk.say("C1", "zed", "morning", days_ago=20)

    ranked = Ranker(talk.corpus(), only_days).rank(query("kettles"))

    assert ranked[0].user_id == "zed"
    assert ranked[0].features == {"days": pytest.approx(np.log(5))}
