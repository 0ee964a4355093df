"""How the sample's source files are read, and what a wrong one is told."""

import shutil
from pathlib import Path

import pytest

from bot.sample import STORY_LAST_DAY, SampleError, load_sample
from bot.sample.lines import parse
from bot.sample.load import SOURCE


def test_a_thread_with_everything_is_read_as_written() -> None:
    drafts = parse(
        "# a comment\n"
        "week 2, tue\n"
        "09:00 @ines: first\n"
        "  +wave: kofi, lena\n"
        "  ~09:00: better\n"
        "  | second line\n"
        "  10:00 @kofi: answer\n"
        "  mon 08:00 @lena: next week\n"
        "09:30 @aroha joined\n"
        "09:31 @aroha shares plan.pdf: here\n",
        "x.txt",
    )

    first, answer, late, joined, shared = drafts
    day = 8 * 24 * 60
    assert (first.minute, first.text) == (day + 9 * 60, "better\nsecond line")
    assert first.reactions == [("wave", ("kofi", "lena"))]
    assert first.edit == (day + 9 * 60, "first")
    assert answer.parent is first
    assert late.minute == 14 * 24 * 60 + 8 * 60
    assert joined.joined
    assert joined.parent is None
    assert shared.file == "plan.pdf"


@pytest.mark.parametrize(
    ("text", "line", "reason"),
    [
        pytest.param("hello", 1, "not a known form", id="no form"),
        pytest.param("09:00 @ines: hi", 1, "a day must come first", id="no day"),
        pytest.param("week 1, mon\n  09:00 @a: hi", 2, "needs a message", id="orphan"),
        pytest.param("week 1, sat", 1, "not a known form", id="weekend"),
        pytest.param("week 1, mon\n24:00 @a: hi", 2, "not a known form", id="hour"),
        pytest.param("week 1, mon\n09:00 @a:", 2, "not a known form", id="empty"),
        pytest.param("week 1, tue\nweek 1, mon", 2, "not after the one", id="days"),
        pytest.param("week 1, tue\nweek 1, tue", 2, "not after the one", id="same day"),
        pytest.param(
            "week 1, mon\n09:01 @a: x\n09:00 @a: y", 3, "earlier than the", id="order"
        ),
        pytest.param(
            "week 1, mon\n09:01 @a: x\n  09:00 @b: y", 3, "earlier than", id="answer"
        ),
        pytest.param(
            "week 1, mon\n09:01 @a: x\n  ~09:00: y", 3, "the edit is", id="edit"
        ),
        pytest.param("week 1, mon\n  +wave: a", 2, "no message above", id="reaction"),
        pytest.param(
            "week 1, mon\ntue 09:00 @a: x", 2, "only an answer", id="day at top"
        ),
    ],
)
def test_a_wrong_line_is_named_with_its_file(text: str, line: int, reason: str) -> None:
    with pytest.raises(SampleError, match=rf"^x\.txt, line {line}: .*{reason}"):
        parse(text, "x.txt")


@pytest.fixture
def source(tmp_path: Path) -> Path:
    shutil.copytree(SOURCE, tmp_path / "sample")
    return tmp_path / "sample"


@pytest.mark.parametrize(
    ("added", "reason"),
    [
        pytest.param("10:00 @nobody: hi", "who is 'nobody'", id="author"),
        pytest.param("10:00 @ines: hi @nobody", "who is 'nobody'", id="mention"),
        pytest.param("10:00 @ines: see #nowhere", "no channel #nowhere", id="channel"),
        pytest.param("10:00 @viktor: hi", "not a member", id="membership"),
        pytest.param("10:00 @ines: hi\n  +wave: viktor", "not a member", id="reaction"),
        pytest.param("week 7, mon\n10:00 @ines: hi", "last week", id="too late"),
        pytest.param("10:00 @ines: hi\n" * 10, "too many messages", id="crowded"),
    ],
)
def test_a_line_that_does_not_fit_the_workspace_is_named(
    source: Path, added: str, reason: str
) -> None:
    path = source / "channels" / "workshop.txt"
    week = "" if added.startswith("week") else "week 6, mon\n"
    path.write_text(f"{week}{added}\n", encoding="utf-8")

    with pytest.raises(SampleError, match=rf"workshop\.txt, line \d+: .*{reason}"):
        load_sample(STORY_LAST_DAY, source)


def test_a_channel_without_its_file_is_an_error(source: Path) -> None:
    (source / "channels" / "studio.txt").unlink()

    with pytest.raises(SampleError, match=r"studio\.txt: this file is missing"):
        load_sample(STORY_LAST_DAY, source)


def test_a_file_without_its_channel_is_an_error(source: Path) -> None:
    (source / "channels" / "attic.txt").write_text("", encoding="utf-8")

    with pytest.raises(SampleError, match=r"attic\.txt: workspace\.toml has no such"):
        load_sample(STORY_LAST_DAY, source)


@pytest.mark.parametrize(
    ("added", "reason"),
    [
        pytest.param("= nonsense", "line", id="not toml"),
        pytest.param("[[person]]\nhandle='x'\nname='X'", "has no 'title'", id="lacks"),
        pytest.param(
            "[[person]]\nhandle='x'\nname='X'\ntitle='Y'\nage=3",
            "unknown key 'age'",
            id="unknown",
        ),
        pytest.param(
            "[[person]]\nhandle='x'\nname='X'\ntitle=3", "should be str", id="type"
        ),
        pytest.param(
            "[[person]]\nhandle='ines'\nname='X'\ntitle='Y'",
            "handle 'ines' appears twice",
            id="twice",
        ),
        pytest.param(
            "[[channel]]\nname='x'\ntopic=''\npurpose=''\ncreator='nobody'",
            "channel x: who is 'nobody'",
            id="creator",
        ),
    ],
)
def test_a_wrong_workspace_is_explained(source: Path, added: str, reason: str) -> None:
    path = source / "workspace.toml"
    path.write_text(f"{path.read_text(encoding='utf-8')}\n{added}\n", encoding="utf-8")

    with pytest.raises(SampleError, match=rf"workspace\.toml.*{reason}"):
        load_sample(STORY_LAST_DAY, source)


def test_texts_are_written_as_slack_writes_them(source: Path) -> None:
    path = source / "channels" / "workshop.txt"
    path.write_text(
        "week 1, mon\n"
        "09:00 @ines: @kofi a < b & c, it's #batteries and https://x.example/a?b=1.\n",
        encoding="utf-8",
    )

    sample = load_sample(STORY_LAST_DAY, source)

    workshop = sample.channel("workshop").id
    (text,) = (m.text for m in sample.messages if m.channel == workshop)
    assert text == (
        f"<@{sample.person('kofi').id}> a &lt; b &amp; c, it's "
        f"<#{sample.channel('batteries').id}|batteries> and <https://x.example/a?b=1>."
    )
