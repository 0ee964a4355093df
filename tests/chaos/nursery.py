"""Gives birth to processes of Grapevine that have imported everything already.

For each line `LOG ARGUMENT…` (JSON) on standard input it forks, and answers with the
child's number. The child does what `app.py` does with these arguments. Starting
Python anew takes a second or two of processor time, which would leave most of a run
to imports.
"""

import json
import os
import signal
import sys

import app


def main() -> None:
    """Fork for each line, until there are no more."""
    # Nobody waits for the children: the system takes the dead away.
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    for line in sys.stdin:
        log, *arguments = json.loads(line)
        child = os.fork()
        if child == 0:
            _live(log, arguments)
        sys.stdout.write(f"{child}\n")
        sys.stdout.flush()


def _live(log: str, arguments: list[str]) -> None:
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    file = os.open(log, os.O_WRONLY | os.O_CREAT | os.O_TRUNC)
    for stream in (1, 2):
        os.dup2(file, stream)
    os.close(0)
    sys.argv = ["app.py", *arguments]
    app.leave(app.main())


if __name__ == "__main__":
    main()
