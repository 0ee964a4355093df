import pytest

from bot.topics import aliases_of, find_topics
from bot.topics.names import _groups, key_of, same_thing, written

TOPICS = {
    1: ("Kubernetes ingress", "nginx"),
    2: ("Kubernetes", "k8s", "kube"),
    3: ("Terraform state", "remote backend"),
    4: ("Parental leave",),
    5: ("Pull request", "PR", "code review"),
    6: ("Go",),
}


@pytest.mark.parametrize(
    ("asked", "first"),
    [
        pytest.param("Kubernetes", 2, id="the label"),
        pytest.param("kubernetes?", 2, id="whatever its case and marks"),
        pytest.param("k8s", 2, id="an alias of the topic"),
        pytest.param("kube", 2, id="another alias"),
        pytest.param("k8s ingress", 1, id="a shipped alias inside a name"),
        pytest.param("Kubernetes ingresses", 1, id="plural"),
        pytest.param("nginx", 1, id="an alias alone"),
        pytest.param("merge requests", 5, id="a shipped alias of an alias"),
        pytest.param("maternity leave", 4, id="a shipped alias of two words"),
        pytest.param(
            "how do I set up the terraform state here", 3, id="the name in a sentence"
        ),
        pytest.param("terraform", 3, id="half of the name"),
        pytest.param("golang", 6, id="a name that is a stop word elsewhere"),
    ],
)
def test_a_subject_finds_its_topic(asked: str, first: int) -> None:
    assert find_topics(asked, TOPICS)[0] == first


@pytest.mark.parametrize(
    "asked",
    [
        pytest.param("", id="nothing"),
        pytest.param("the of and", id="stop words"),
        pytest.param("gardening", id="something else"),
        pytest.param("state of the garden fence", id="one common word of three"),
        pytest.param("<@U123>", id="a mention"),
    ],
)
def test_another_subject_finds_nothing(asked: str) -> None:
    assert find_topics(asked, TOPICS) == []


def test_an_exact_label_stands_before_an_exact_alias() -> None:
    assert find_topics("nginx", {1: ("Ingress", "nginx"), 2: ("nginx",)}) == [2, 1]


def test_equals_stand_in_the_order_of_their_ids() -> None:
    assert find_topics("oven", {9: ("Oven",), 3: ("Oven",)}) == [3, 9]


def test_a_topic_without_a_name_is_never_found() -> None:
    assert find_topics("oven", {1: (), 2: ("",)}) == []


def test_the_shipped_aliases_cover_many_trades() -> None:
    groups = _groups()

    assert len(groups) >= 120
    assert all(len(group) >= 2 for group in groups)
    assert all(name for group in groups for name in group)


def test_no_shipped_name_means_two_things() -> None:
    names = [name.lower() for group in _groups() for name in group]

    assert sorted({n for n in names if names.count(n) > 1}) == []


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("k8s", "Kubernetes", True),
        ("tf", "Terraform", True),
        ("PRs", "pull request", True),
        ("CI", "continuous integration", True),
        ("expenses", "expensive", False),
        ("AWS", "aw", False),
        ("Jira boards", "Jira board", True),
        ("oven", "kiln", False),
    ],
)
def test_aliases_mean_one_thing(one: str, other: str, *, same: bool) -> None:
    assert (same_thing(one) == same_thing(other)) is same


@pytest.mark.parametrize(
    ("name", "as_written"),
    [
        ("graphql", "GraphQL"),
        ("KUBERNETES", "Kubernetes"),
        ("containers", None),
        ("quokka", None),
    ],
)
def test_known_names_keep_their_spelling(name: str, as_written: str | None) -> None:
    assert written(name) == as_written


def test_what_is_unknown_has_no_aliases() -> None:
    assert aliases_of("quokka") == ()


def test_a_key_leaves_stop_words_out_unless_nothing_is_left() -> None:
    assert key_of("the state of ovens") == ("state", "oven")
    assert key_of("Go") == ("go",)
