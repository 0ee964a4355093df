import numpy as np
import pytest

from bot.corpus import Fact
from bot.topics import context
from bot.topics.context import gather, weight_of
from tests.talk import corpus_of, fact

ASKED = fact("how hot? <@UFRIEND>", "UASKER", 10 * 3600.0)
HOUR = 3600.0


@pytest.mark.parametrize(
    ("other", "weight"),
    [
        pytest.param(
            fact("go on", "UASKER", 20 * HOUR, thread_ts=ASKED.ts),
            1.0,
            id="own words in the thread",
        ),
        pytest.param(
            fact("so hot", "UANY", 20 * HOUR, thread_ts=ASKED.ts),
            0.7,
            id="a reply, however late",
        ),
        pytest.param(
            fact("hm", "UASKER", 11 * HOUR, "C2"),
            0.8 * np.exp(-1),
            id="the asker elsewhere an hour later",
        ),
        pytest.param(
            fact("hm", "UASKER", 13 * HOUR),
            0.8 * np.exp(-3),
            id="the asker three hours later",
        ),
        pytest.param(
            fact("hm", "UASKER", 13 * HOUR + 1),
            0.0,
            id="the asker a second later still",
        ),
        pytest.param(
            fact("<@UASKER> so", "UANY", 10 * HOUR + 60),
            0.6 * np.exp(-1 / 60),
            id="said to the asker",
        ),
        pytest.param(
            fact("hm", "UFRIEND", 9 * HOUR),
            0.6 * np.exp(-1),
            id="by somebody the question names",
        ),
        pytest.param(fact("hm", "UANY", 10 * HOUR + 5), 0.0, id="anybody else"),
    ],
)
def test_a_message_tells_of_a_question(other: Fact, weight: float) -> None:
    assert weight_of(ASKED, other) == pytest.approx(weight)


def test_the_columns_weigh_as_single_messages_do() -> None:
    others = [
        fact("a", "UASKER", 20 * HOUR, thread_ts=ASKED.ts),
        fact("b", "UANY", 20 * HOUR + 1, thread_ts=ASKED.ts),
        fact("c", "UASKER", 11 * HOUR, "C2"),
        fact("d <@UASKER>", "UANY", 10 * HOUR + 60),
        fact("e", "UFRIEND", 9 * HOUR),
        fact("f", "UANY", 10 * HOUR + 5),
        fact("g", "UASKER", 14 * HOUR),
    ]
    corpus = corpus_of([ASKED, *others])
    row = corpus.ts.index(ASKED.ts)

    weights = gather(corpus, np.array([row], np.int32)).toarray()[0]

    of = {f.ts: weight_of(ASKED, f) for f in [ASKED, *others]}
    assert weights == pytest.approx([of[ts] for ts in corpus.ts], abs=1e-6)


def test_the_messages_that_tell_most_are_kept() -> None:
    long = [
        fact("on", "UANY", 11 * HOUR + i, thread_ts=ASKED.ts)
        for i in range(context.MOST_MESSAGES + 50)
    ]
    corpus = corpus_of([ASKED, *long])
    row = corpus.ts.index(ASKED.ts)

    weights = gather(corpus, np.array([row], np.int32))

    assert weights.nnz == context.MOST_MESSAGES
    assert weights.toarray()[0, row] == 1.0
