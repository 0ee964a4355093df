"""Learning the ranking's weights from what people did."""

import json
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest

from bot.corpus import build
from bot.ranking import Ranker, shipped_weights
from bot.ranking.fit import fit, learn, main, read
from bot.ranking.lessons import (
    NEWCOMER,
    Lesson,
    moments,
    people_lesson,
    spread,
    where_lesson,
)
from bot.ranking.values import Query

START = 1_700_000_000
DAY = 86_400


def lesson(
    values: Sequence[Sequence[Sequence[float]]], right: Sequence[Sequence[float]]
) -> Lesson:
    return Lesson(
        names=("useful", "noise"),
        values=np.array(values, np.float32),
        right=np.array(right, np.float32),
        barred=np.zeros((len(right), len(right[0])), np.bool_),
    )


def write_export(folder: Path, days: int = 40) -> Path:
    """Each day a question on one of two subjects, answered by its expert."""
    (folder / "users.json").write_text(
        json.dumps(
            [{"id": u} for u in ("U1", "U2", "U3")] + [{"id": "B1", "is_bot": 1}]
        )
    )
    (folder / "channels.json").write_text(
        json.dumps([{"id": "C1", "name": "help"}, {"id": "C2", "name": "chat"}])
    )
    for day in range(days):
        subject, expert = (("kettles", "U1"), ("printers", "U2"))[day % 2]
        channel = ("help", "chat")[day % 3 == 0]
        ts = f"{START + day * DAY}.000000"
        entries = [
            {"user": "U3", "text": f"How do I mend {subject}?", "ts": ts},
            {"user": expert, "text": "like this", "ts": ts[:-1] + "1", "thread_ts": ts},
            {"user": "B1", "text": "beep", "ts": ts[:-1] + "2", "thread_ts": ts},
            {"subtype": "channel_join", "user": "U3", "text": "", "ts": ts[:-1] + "3"},
        ]
        for entry in entries:
            entry["type"] = "message"
        (folder / channel).mkdir(exist_ok=True)
        date = f"2024-{day // 28 + 1:02}-{day % 28 + 1:02}"
        (folder / channel / f"{date}.json").write_text(json.dumps(entries))
    return folder


def test_what_tells_the_right_ones_apart_gets_the_weight() -> None:
    taught = lesson(
        [[[1, 0], [0, 1], [0, 0]], [[0, 0], [1, 0], [0, 0]], [[0, 1], [0, 0], [1, 1]]],
        [[1, 0, 0], [0, 1, 0], [0, 0, 1]],
    )

    weights = fit([taught])

    assert weights["useful"] > 3
    assert abs(weights["noise"]) < 0.2 * weights["useful"]


def test_a_stronger_pull_keeps_weights_smaller() -> None:
    taught = lesson([[[1, 0], [0, 0]]], [[1, 0]])

    assert fit([taught], pull=1.0)["useful"] < fit([taught])["useful"]


def test_what_counts_more_decides() -> None:
    apart = [[[1, 0], [0, 0]], [[1, 0], [0, 0]]]

    assert fit([lesson(apart, [[1, 0], [0, 3]])])["useful"] < -0.5
    assert fit([lesson(apart, [[3, 0], [0, 1]])])["useful"] > 0.5


def test_each_right_one_is_to_be_likely_not_the_likeliest_alone() -> None:
    taught = lesson([[[1, 0], [0, 0], [0, 0]]], [[1, 1, 0]])

    # Half of the probability each: e^w / (e^w + 2) = 1/2.
    assert fit([taught], pull=0)["useful"] == pytest.approx(np.log(2), abs=0.01)


def test_many_right_ones_do_not_make_a_row_count_more() -> None:
    one = [[1, 0], [0, 0], [0, 0], [0, 0]]
    taught = lesson([one, one], [[0, 1, 1, 1], [1, 0, 0, 0]])

    # Half of the questions each way: e^w / (e^w + 3) = 1/2.
    assert fit([taught], pull=0)["useful"] == pytest.approx(np.log(3), abs=0.01)


def test_more_of_the_same_rows_pull_no_less() -> None:
    row = [[1, 0], [0, 0]]

    once, thrice = lesson([row], [[1, 0]]), lesson([row] * 3, [[1, 0]] * 3)

    expected = fit([once], pull=0.1)["useful"]
    assert fit([thrice], pull=0.1)["useful"] == pytest.approx(expected, abs=0.01)


def test_lessons_without_a_row_teach_nothing() -> None:
    taught = lesson([[[1, 0], [0, 0]]], [[1, 0]])
    empty = Lesson(
        (),
        np.zeros((0,), np.float32),
        np.zeros((0,), np.float32),
        np.zeros((0,), np.bool_),
    )

    assert fit([empty, taught]) == fit([taught])


def test_the_subject_is_learnt_where_experts_answer(tmp_path: Path) -> None:
    corpus = read(write_export(tmp_path))

    weights = learn([corpus])

    assert weights.without_channel["topic"] > 0
    assert weights.words_without_channel["topic"] > 0
    assert weights.words_with_channel["subjects"] == 0
    assert weights.with_channel.keys() == shipped_weights().with_channel.keys()
    assert weights.without_channel.keys() == shipped_weights().without_channel.keys()
    assert weights.which_channel.keys() == shipped_weights().which_channel.keys()


def test_bots_and_joins_are_not_read(tmp_path: Path) -> None:
    corpus = read(write_export(tmp_path, days=3))

    assert corpus.people == ("U1", "U2", "U3")
    assert len(corpus) == 6


def test_lessons_know_nothing_of_what_came_after(tmp_path: Path) -> None:
    corpus = read(write_export(tmp_path))

    for moment in moments(corpus):
        held = moment.view.index.corpus
        asked_at = [q.now for q in moment.queries]
        assert held.at.max() <= min(asked_at)
        assert len(held) < len(corpus)
        # A question a day, 11 or 12 days ahead: none of those already held.
        assert len(moment.queries) in {11, 12}


@pytest.mark.parametrize(
    ("most", "taken"),
    [
        pytest.param(2, [0, 2], id="evenly over time"),
        pytest.param(5, [0, 1, 2, 3, 4], id="as many as there are"),
        pytest.param(9, [0, 1, 2, 3, 4], id="more than there are"),
    ],
)
def test_questions_are_taken_over_the_whole_time(most: int, taken: list[int]) -> None:
    assert spread([0, 1, 2, 3, 4], most) == taken


def test_a_channel_opened_later_teaches_only_who_answers(tmp_path: Path) -> None:
    write_export(tmp_path)
    listed = [{"id": f"C{i}", "name": n} for i, n in enumerate(("help", "chat", "new"))]
    (tmp_path / "channels.json").write_text(json.dumps(listed))
    late = max((tmp_path / "help").iterdir())
    (tmp_path / "new").mkdir()
    late.rename(tmp_path / "new" / late.name)

    moment = moments(read(tmp_path))[0]

    which = shipped_weights().which_channel
    assert len(people_lesson(moment, which, given=False)) == len(moment.queries)
    assert len(people_lesson(moment, which, given=True)) == len(moment.queries) - 1
    assert len(where_lesson(moment)) == len(moment.queries) - 1


@pytest.mark.parametrize(
    ("answered", "counts"),
    [
        pytest.param(1, NEWCOMER, id="one answer before"),
        pytest.param(3, NEWCOMER, id="as many as a newcomer may have"),
        pytest.param(4, 1.0, id="one more"),
    ],
)
def test_a_newcomer_who_was_right_counts_more(
    tmp_path: Path, answered: int, counts: float
) -> None:
    write_export(tmp_path)
    files = sorted(tmp_path.glob("*/2024*.json"), key=lambda file: file.name)
    remarked = files[10]
    for file in [*files[:answered], remarked, files[-1]]:
        entries = json.loads(file.read_text())
        entries[1]["user"] = "U9"
        if file is remarked:  # replies to what is no question are no answers
            entries[0]["text"] = "I mended the kettles."
        file.write_text(json.dumps(entries))

    moment = moments(read(tmp_path))[0]

    taught = people_lesson(moment, shipped_weights().which_channel, given=True)
    assert taught.right.sum(axis=1).tolist() == [1.0] * (len(taught) - 1) + [counts]
    assert where_lesson(moment).right.max() == 1 < NEWCOMER


def test_nothing_can_be_learnt_from_nothing() -> None:
    assert moments(build([])) == []
    with pytest.raises(ValueError, match="no answered question"):
        learn([build([])])


def test_the_program_prints_weights_that_rank(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    write_export(tmp_path)

    main([str(tmp_path)])

    printed = json.loads(capsys.readouterr().out)
    assert printed.keys() == {
        "with_channel",
        "without_channel",
        "words_with_channel",
        "words_without_channel",
        "which_channel",
    }
    ranked = Ranker(read(tmp_path)).rank(Query((), START + 99 * DAY))
    assert ranked
