"""Logs for people and for machines, in which nobody's words can be found.

Messages of ours name ids and kinds; what other libraries write below INFO quotes
whole requests and is left out, an exception is told by its type and place alone,
and a token that slips into a line is struck out.
"""

import json
import logging
import re
from datetime import UTC, datetime
from typing import TextIO

from bot.loop import told

# Loggers of ours; everybody else's are foreign.
OURS = ("bot.", "handlers.", "models.", "migrations.")

# They tell of every minute's look at the clock, and every start.
TALKATIVE = ("alembic", "apscheduler")

# Slack's tokens and secrets, whatever line they get into.
_TOKEN = re.compile(r"\bx(?:ox[a-z]|app|oxe\.xox[a-z])-[\w.-]+")
_STRUCK = "xox…"

# What a record has anyway; all else was given by `extra` and is a field.
_PLAIN = frozenset(vars(logging.makeLogRecord({}))) | {"message", "asctime", "taskName"}


def set_up_logs(stream: TextIO, *, level: str = "INFO", as_json: bool = False) -> None:
    """Write this process's logs to a stream, and nowhere else.

    Args:
        stream: Where to.
        level: The least that is written, as Python names levels.
        as_json: A JSON object a line instead of a line for people.
    """
    handler = logging.StreamHandler(stream)
    handler.setFormatter(JsonLines() if as_json else Lines())
    handler.addFilter(is_fit)
    logging.basicConfig(level=level, handlers=[handler], force=True)


def is_fit(record: logging.LogRecord) -> bool:
    """Whether a record may be written: what is foreign, only from INFO on."""
    if record.name.startswith(OURS):
        return True
    least = logging.WARNING if record.name.startswith(TALKATIVE) else logging.INFO
    return record.levelno >= least


class Lines(logging.Formatter):
    """A line for people: time, level, words, and fields."""

    def format(self, record: logging.LogRecord) -> str:
        """Write one record."""
        at = datetime.fromtimestamp(record.created, UTC)
        fields = "".join(f" {name}={value}" for name, value in _fields(record).items())
        line = f"{at:%Y-%m-%d %H:%M:%S} {record.levelname} {_words(record)}{fields}"
        return _struck(line)


class JsonLines(logging.Formatter):
    """A JSON object a line."""

    def format(self, record: logging.LogRecord) -> str:
        """Write one record."""
        at = datetime.fromtimestamp(record.created, UTC)
        told = {
            "at": at.isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "logger": record.name,
            "message": _words(record),
            **_fields(record),
        }
        return _struck(json.dumps(told, ensure_ascii=False, default=str))


def _words(record: logging.LogRecord) -> str:
    said = record.getMessage().replace("\n", " ")
    error = record.exc_info[1] if record.exc_info else None
    return f"{said}: {told(error)}" if error else said


def _fields(record: logging.LogRecord) -> dict[str, object]:
    return {k: v for k, v in vars(record).items() if k not in _PLAIN}


def _struck(line: str) -> str:
    return _TOKEN.sub(_STRUCK, line)
