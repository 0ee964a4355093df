"""Names for channels, proposed and checked."""

import pytest

from bot.channel_names import MAX_CHANNEL_NAME, free_names, problem_with, propose_name


@pytest.mark.parametrize(
    ("label", "name"),
    [
        pytest.param("Release notes", "release-notes", id="words"),
        pytest.param("C++ & Qt!", "c-qt", id="signs"),
        pytest.param("Café Zürich", "cafe-zurich", id="accents"),
        pytest.param("データ 分析", "データ-分析", id="another script"),
        pytest.param("#help_me", "help_me", id="hash and underscore"),
        pytest.param("???", "", id="nothing left"),
        pytest.param("a" * 79 + " b", "a" * 79, id="cut without a hyphen at its end"),
    ],
)
def test_a_label_becomes_a_name(label: str, name: str) -> None:
    assert propose_name(label) == name
    assert not name or problem_with(name) is None


@pytest.mark.parametrize(
    ("name", "problem"),
    [
        pytest.param("", "Give the channel a name.", id="none"),
        pytest.param("a" * MAX_CHANNEL_NAME, None, id="longest"),
        pytest.param("a" * (MAX_CHANNEL_NAME + 1), "At most 80", id="too long"),
        pytest.param("Release Notes", "for example release-notes", id="capitals"),
        pytest.param("a.b", "for example a-b", id="full stop"),
        pytest.param("!!", "underscores.", id="nothing to propose"),
        pytest.param("-_-", "At least one letter", id="only marks"),
        pytest.param("2-b_ö", None, id="digits, marks and letters"),
    ],
)
def test_a_name_hears_what_is_wrong_with_it(name: str, problem: str | None) -> None:
    told = problem_with(name)

    assert told is None if problem is None else problem in str(told)


def test_free_names_are_found_past_those_that_are_taken() -> None:
    taken = {"a-community", "a-questions", "a-circle", "a-2"}

    assert free_names("a", lambda name: name not in taken, 2) == ["a-3", "a-4"]


def test_a_long_name_leaves_room_for_its_ending() -> None:
    (name,) = free_names("a" * MAX_CHANNEL_NAME, lambda _: True, 1)

    assert len(name) == MAX_CHANNEL_NAME
    assert name.endswith("-community")
