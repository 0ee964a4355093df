import numpy as np
import pytest

from bot.corpus import Fact
from bot.topics import Neighbourhood, assign, remember
from tests.talk import START, corpus_of, end_of, fact, facts_of, workspace

NUMBER = {"UOVEN": 1, "UKILN": 2, "ULOOM": 3}
NEXT_S = 57 * 86400.0


def known(
    facts: list[Fact] | None = None, topic_of: dict[tuple[str, str], int] | None = None
) -> Neighbourhood:
    facts = facts_of(workspace()) if facts is None else facts
    corpus = corpus_of(facts)
    if topic_of is None:
        topic_of = {
            (f.channel_id, f.ts): NUMBER[f.user_id[:5]] for f in facts if f.is_question
        }
    return remember(corpus, topic_of, now=end_of().timestamp())


@pytest.mark.parametrize(
    ("text", "topic"),
    [
        ("which kiln for porcelain glaze?", 2),
        ("my sourdough oven crust?", 1),
        ("the loom shuttle and the weft?", 3),
    ],
)
def test_a_new_question_joins_the_topic_of_its_words(text: str, topic: int) -> None:
    assert assign(known(), fact(text, "UNEW", NEXT_S)) == topic


def test_a_question_about_something_else_joins_nothing() -> None:
    assert assign(known(), fact("where do I park?", "UNEW", NEXT_S)) is None


def test_what_its_asker_said_around_it_tells_what_it_is_about() -> None:
    question = fact("and why is that?", "UNEW", NEXT_S)
    before = fact("the kiln cracked my porcelain glaze", "UNEW", NEXT_S - 600)
    stranger = fact("the loom lost its weft and yarn", "UOTHER", NEXT_S - 600)

    assert assign(known(), question, [before, stranger, question]) == 2


def test_a_reply_in_its_thread_tells_what_it_is_about() -> None:
    question = fact("what is that?", "UNEW", NEXT_S)
    reply = fact(
        "a kiln cone for stoneware", "UKILN3", NEXT_S + 60, thread_ts=question.ts
    )

    assert assign(known(), question, [reply]) == 2


def test_neighbours_without_a_topic_vote_for_nothing() -> None:
    assert (
        assign(known(topic_of={}), fact("a kiln for porcelain?", "UNEW", NEXT_S))
        is None
    )


def test_no_majority_is_no_topic() -> None:
    question = fact("which kiln for porcelain glaze?", "UNEW", NEXT_S)

    assert assign(known(), question, threshold=1.01) is None


@pytest.mark.parametrize(("held", "topic"), [(5, None), (7, 2)])
def test_two_fifths_of_the_votes_are_enough(held: int, topic: int | None) -> None:
    asked = [f for f in facts_of(workspace()) if f.is_question]
    kiln = [(f.channel_id, f.ts) for f in asked if f.user_id.startswith("UKILN")]
    some = {key: 2 for i, key in enumerate(kiln) if i % 16 < held}
    question = fact("which kiln for porcelain glaze?", "UNEW", NEXT_S)

    assert assign(known(topic_of=some), question) == topic
    assert assign(known(topic_of=some), question, threshold=0.5) is None


def test_an_empty_workspace_assigns_nothing() -> None:
    assert assign(known(facts=[]), fact("a kiln?", "U1", 0)) is None


def test_questions_after_the_pass_do_not_vote() -> None:
    facts = facts_of(workspace())
    topic_of = {(f.channel_id, f.ts): 1 for f in facts if f.is_question}
    held = remember(corpus_of(facts), topic_of, now=START.timestamp() - 1)

    assert assign(held, fact("which kiln for porcelain?", "UNEW", NEXT_S)) is None


def test_sentence_vectors_vote_too() -> None:
    axis = np.eye(4, dtype=np.float32)
    facts = [
        fact("what now?", f"U{i}", i * 86400.0, vector=axis[i % 2]) for i in range(40)
    ]
    topic_of = {(f.channel_id, f.ts): i % 2 for i, f in enumerate(facts)}
    held = known(facts, topic_of)

    assert assign(held, fact("what now?", "UNEW", NEXT_S, vector=axis[1])) == 1
    assert assign(held, fact("what now?", "UNEW", NEXT_S, vector=axis[0])) == 0


def test_a_vector_of_another_model_is_left_out() -> None:
    question = fact(
        "which kiln for porcelain?", "UNEW", NEXT_S, vector=np.ones(9, np.float32)
    )

    assert assign(known(), question) == 2
