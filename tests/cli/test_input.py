"""What is typed or handed in is refused in words that say what to do."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot.errors import BadInputError
from handlers.cli.runtime import parse_time, read_lines


@pytest.mark.parametrize(
    ("line", "says"),
    [
        pytest.param(b"{", "line 2: not JSON", id="half"),
        pytest.param(b"[]", "line 2: an object", id="a list"),
        pytest.param(b'{"id": 1}', 'line 2: an object with "id" and', id="no text"),
        pytest.param(
            b'{"text": "x", "asker": ["U1"]}', 'line 2: "asker" is to be', id="asker"
        ),
        pytest.param(
            b'{"text": "x", "channel": 7}', 'line 2: "channel" is to be', id="channel"
        ),
        pytest.param(b'{"text": "caf\xe9"}', "no text in UTF-8", id="Latin-1"),
    ],
)
def test_a_line_that_cannot_be_used_is_named(
    tmp_path: Path, line: bytes, says: str
) -> None:
    file = tmp_path / "asked.jsonl"
    file.write_bytes(b'{"text": "a", "asker": null, "channel": "C1"}\n' + line)

    with pytest.raises(BadInputError, match=says):
        list(read_lines(file))


@pytest.mark.parametrize(
    ("text", "says"),
    [("soon", "is no time"), ("0001-01-01", "before 1970"), ("1969-12-31", "1970")],
)
def test_a_time_that_no_message_can_be_of_is_refused(text: str, says: str) -> None:
    with pytest.raises(BadInputError, match=says):
        parse_time(text)


def test_a_time_is_in_utc_unless_it_says_otherwise() -> None:
    assert parse_time("1970-01-01") == datetime(1970, 1, 1, tzinfo=UTC)
    assert parse_time("2026-03-02T09:00+01:00") == datetime(2026, 3, 2, 8, tzinfo=UTC)
    assert parse_time(None) is None
