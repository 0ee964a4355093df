"""Logs tell ids and kinds, and nobody's words."""

import io
import json
import logging
from collections.abc import Iterator

import pytest

from bot.logs import set_up_logs

OURS = logging.getLogger("bot.example")
THEIRS = logging.getLogger("slack_sdk.web.base_client")


@pytest.fixture
def written() -> Iterator[io.StringIO]:
    root = logging.getLogger()
    before, level = root.handlers[:], root.level
    stream = io.StringIO()
    yield stream
    THEIRS.setLevel(logging.NOTSET)
    root.handlers[:] = before
    root.setLevel(level)


def test_a_line_of_json_has_its_fields(written: io.StringIO) -> None:
    set_up_logs(written, as_json=True)

    OURS.info("digested", extra={"event": 7})

    line = json.loads(written.getvalue())
    assert line["message"] == "digested"
    assert (line["level"], line["logger"], line["event"]) == ("INFO", "bot.example", 7)


def test_a_line_for_people_has_its_fields_behind(written: io.StringIO) -> None:
    set_up_logs(written)

    OURS.warning("digested", extra={"event": 7})

    assert written.getvalue().endswith("WARNING digested event=7\n")


@pytest.mark.parametrize("as_json", [True, False], ids=["json", "text"])
def test_an_error_is_told_without_its_words(
    written: io.StringIO,
    as_json: bool,  # noqa: FBT001
) -> None:
    set_up_logs(written, as_json=as_json)

    try:
        int("the planted words")
    except ValueError:
        OURS.exception("job failed")

    assert "ValueError at " in written.getvalue()
    assert "planted" not in written.getvalue()


def test_what_others_write_below_info_is_left_out(written: io.StringIO) -> None:
    set_up_logs(written, level="DEBUG")
    THEIRS.setLevel(logging.DEBUG)

    THEIRS.debug("Sending a request - the planted words")
    THEIRS.info("A new session")
    OURS.debug("ours")

    assert "planted" not in written.getvalue()
    assert len(written.getvalue().splitlines()) == 2


@pytest.mark.parametrize(
    "token", ["xoxb-1-2-abc", "xapp-1-A-9-f", "xoxe.xoxb-1-Mi", "xoxe-1-My", "xoxp-1"]
)
def test_a_token_that_slips_into_a_line_is_struck_out(
    written: io.StringIO, token: str
) -> None:
    set_up_logs(written)

    OURS.error("refused %s", token, extra={"with": token})

    assert token not in written.getvalue()
    assert "xox…" in written.getvalue()
