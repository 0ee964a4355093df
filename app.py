"""Start Grapevine: hand the environment, the clock and the streams to a command."""

import os
import sys
import threading
from datetime import UTC, datetime
from pathlib import Path
from typing import NoReturn

from handlers.cli import run_command_line
from handlers.cli.runtime import Runtime


def main() -> int:
    """Run the command on the command line.

    Returns:
        The exit status: 0 done, 1 failed, 2 wrong command line.
    """
    runtime = Runtime(
        environ=take_environ(),
        clock=lambda: datetime.now(UTC),
        out=sys.stdout,
        err=sys.stderr,
        root=Path(__file__).resolve().parent,
    )
    return run_command_line(sys.argv[1:], runtime)


def take_environ() -> dict[str, str]:
    """Take the environment, leaving nothing of Slack's in it for others to act on.

    Bolt would turn to its own installation flow, with files of plain tokens, where
    it finds `SLACK_CLIENT_ID`.
    """
    environ = dict(os.environ)
    for name in environ:
        if name.startswith("SLACK_"):
            del os.environ[name]
    return environ


def leave(status: int) -> NoReturn:
    """End the process, not waiting for a thread that outlasted its time to stop."""
    if threading.active_count() > 1:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(status)
    sys.exit(status)


if __name__ == "__main__":
    leave(main())
