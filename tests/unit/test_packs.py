"""The question packs: what they promise, and what a wrong one is told."""

import re
from itertools import combinations, pairwise
from pathlib import Path

import pytest

from bot.packs import (
    MAX_TEXT,
    MAX_TITLE,
    Pack,
    PackError,
    PackQuestion,
    load_pack,
    pack_names,
    read_pack,
)

QUESTION = """
[[question]]
key = "one"
title = "One"
reading = "A reading."
question = "A question?"
share = "An invitation."
find_out = "A hint."
"""
SMALL = f'title = "Small"\n{QUESTION}'
# Capitalised inside a sentence, and no person's name.
NO_NAMES = {"I", "Monday", "Tuesday", "Santiago", "Handover", "Friday"}


@pytest.fixture(scope="module")
def pack() -> Pack:
    return load_pack("learning-together")


def texts(question: PackQuestion) -> list[str]:
    return [
        question.reading,
        question.question,
        question.share,
        question.find_out,
        question.source or "",
    ]


def words(text: str) -> set[str]:
    return set(re.findall(r"[a-z]{4,}", text.lower()))


def names_inside(text: str) -> set[str]:
    """Find capitalised words that do not begin a sentence or a quotation."""
    inside = re.findall(r"(?<=[a-z,;] )[A-Z][\w']*", text)
    return {re.sub(r"'\w+$", "", word) for word in inside} - NO_NAMES


def test_the_first_pack_lasts_for_nine_weeks_of_working_days(pack: Pack) -> None:
    assert pack_names() == ["learning-together"]
    assert (pack.name, pack.title) == ("learning-together", "Learning together")
    assert len(pack.questions) >= 44


def test_every_reading_takes_half_a_minute(pack: Pack) -> None:
    lengths = {q.key: len(q.reading.split()) for q in pack.questions}

    assert {key: n for key, n in lengths.items() if not 60 <= n <= 130} == {}


def test_no_two_texts_are_nearly_the_same(pack: Pack) -> None:
    for one, other in combinations(pack.questions, 2):
        for mine, theirs in zip(texts(one)[:4], texts(other)[:4], strict=True):
            shared = words(mine) & words(theirs)
            every = words(mine) | words(theirs)
            assert len(shared) / len(every) < 0.4, (one.key, other.key)


def test_who_is_named_in_a_reading_is_named_as_its_source(pack: Pack) -> None:
    for question in pack.questions:
        if question.source is None:
            assert names_inside(question.reading) == set(), question.key
            continue
        authors = re.split(r", | and ", question.source)
        surname = authors[0].split()[-1]
        assert surname in question.reading, question.key
        assert re.search(r"\b1[89]\d\d|\b20\d\d|Stanford", question.source)


def test_a_question_is_one_question(pack: Pack) -> None:
    for question in pack.questions:
        assert question.question.endswith("?")
        assert question.question.count("?") == 1


def test_neighbours_differ_in_what_they_are_about(pack: Pack) -> None:
    for one, other in pairwise(pack.questions):
        assert not set(one.topics) & set(other.topics), (one.key, other.key)
        assert one.topics


def test_lines_become_paragraphs(tmp_path: Path) -> None:
    path = tmp_path / "own.toml"
    reading = '"""\none\ntwo\n\nthree\n"""'
    path.write_text(SMALL.replace('"A reading."', reading), encoding="utf-8")

    pack = read_pack(path)

    assert pack.name == "own"
    assert pack.questions == (
        PackQuestion(
            key="one",
            title="One",
            reading="one two\n\nthree",
            question="A question?",
            share="An invitation.",
            find_out="A hint.",
        ),
    )


@pytest.mark.parametrize(
    ("old", "new"),
    [
        pytest.param('"One"', f'"{"x" * MAX_TITLE}"', id="longest title"),
        pytest.param('"A hint."', f'"{"x" * MAX_TEXT}"', id="longest text"),
        pytest.param('"A hint."', '"x"\ntopics = ["a", "b", "c", "d"]', id="topics"),
        pytest.param('"A hint."', '"x"\nsource = "Someone, 1999"', id="source"),
    ],
)
def test_what_just_fits_is_read(tmp_path: Path, old: str, new: str) -> None:
    path = tmp_path / "own.toml"
    path.write_text(SMALL.replace(old, new), encoding="utf-8")

    assert len(read_pack(path).questions) == 1


@pytest.mark.parametrize(
    ("old", "new", "reason"),
    [
        pytest.param('share = "An invitation."', "", "'share' is missing", id="lacks"),
        pytest.param('"A hint."', '" "', "'find_out' is empty", id="empty"),
        pytest.param('"A hint."', "3", "'find_out' should be text", id="number"),
        pytest.param(
            '"One"', f'"{"x" * (MAX_TITLE + 1)}"', "142 characters, 141", id="title"
        ),
        pytest.param(
            '"A hint."', f'"{"x" * (MAX_TEXT + 1)}"', "2901 characters", id="text"
        ),
        pytest.param("share", "shares", "unknown key 'shares'", id="unknown"),
        pytest.param('"one"', '"One Two"', "lower case words", id="key"),
        pytest.param('"A hint."', '"x"\ntopics = "a"', "list of words", id="topics"),
        pytest.param(
            '"A hint."',
            '"x"\ntopics = ["a", "b", "c", "d", "e"]',
            "5 words, 4 at most",
            id="five topics",
        ),
        pytest.param('"A hint."', '"x"\ntopics = [1]', "should be text", id="topic"),
    ],
)
def test_a_wrong_question_is_named_with_its_file(
    tmp_path: Path, old: str, new: str, reason: str
) -> None:
    path = tmp_path / "own.toml"
    path.write_text(SMALL.replace(old, new), encoding="utf-8")

    with pytest.raises(PackError, match=rf"^own\.toml: question 1 \(.*\): .*{reason}"):
        read_pack(path)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        pytest.param("title = x", "line 1", id="not toml"),
        pytest.param('title = "x"', "at least one", id="no questions"),
        pytest.param('title = "x"\nquestion = []', "at least one", id="empty list"),
        pytest.param('title = "x"\nquestion = "why?"', "at least one", id="text"),
        pytest.param('title = "x"\nquestion = ["why?"]', "not a table", id="no table"),
        pytest.param(QUESTION, "'title' is missing", id="no title"),
        pytest.param(f"colour = 1\n{SMALL}", "unknown key 'colour'", id="unknown"),
        pytest.param(SMALL + QUESTION, "the key 'one' appears twice", id="key twice"),
        pytest.param(
            SMALL + QUESTION.replace('"one"', '"two"').replace("One", "ONE"),
            "the title 'One' appears twice",
            id="title twice",
        ),
    ],
)
def test_a_wrong_pack_is_explained(tmp_path: Path, text: str, reason: str) -> None:
    path = tmp_path / "own.toml"
    path.write_text(text, encoding="utf-8")

    with pytest.raises(PackError, match=rf"^own\.toml: .*{reason}"):
        read_pack(path)


def test_a_file_that_cannot_be_read_is_explained(tmp_path: Path) -> None:
    latin = tmp_path / "latin.toml"
    latin.write_bytes('title = "Café"'.encode("latin-1"))

    with pytest.raises(PackError, match="No such file"):
        read_pack(tmp_path / "missing.toml")
    with pytest.raises(PackError, match=r"latin\.toml: this file is not UTF-8"):
        read_pack(latin)


@pytest.mark.parametrize("name", ["nothing", "../packs/learning-together"])
def test_a_pack_nobody_wrote_is_refused_with_the_ones_there_are(name: str) -> None:
    with pytest.raises(PackError, match="there is: learning-together"):
        load_pack(name)
