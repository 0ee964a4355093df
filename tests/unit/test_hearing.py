import pytest

from bot.hearing import hear
from bot.text import Hasher

HASH = Hasher(b"a key of the workspace that hears")


def shown(text: str) -> set[str]:
    return {surface for _, surface in hear(text, HASH, is_root=True).surfaces}


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        pytest.param("cc @quokka the kiln", {"cc", "kiln"}, id="a handle"),
        pytest.param("Ada Quokka said: kiln", {"kiln"}, id="quoted"),
        pytest.param("Ada B. Quokka has marked kiln", {"marked", "kiln"}, id="marked"),
        pytest.param("@Ada B. Quokka the kiln", {"kiln"}, id="a name as a handle"),
        pytest.param("thanks Quokka, kiln", {"kiln"}, id="thanked"),
        pytest.param("Hi Ada Quokka, kiln", {"kiln"}, id="greeted"),
        pytest.param("hi kiln", {"kiln"}, id="no capital"),
        pytest.param("mail ada@kiln.org", {"mail", "ada", "kiln.org"}, id="an address"),
    ],
)
def test_what_names_people_is_never_shown(text: str, kept: set[str]) -> None:
    assert {word for word in shown(text) if " " not in word} == kept


def test_what_names_people_is_matched_all_the_same() -> None:
    alone = set(hear("quokka", HASH, is_root=True).words.tolist())

    assert alone <= set(hear("ask @quokka", HASH, is_root=True).words.tolist())
