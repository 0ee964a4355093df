"""One kind of work, done again and again in a thread of its own."""

import logging
import threading
import traceback
from collections.abc import Callable

log = logging.getLogger(__name__)

# How long a loop with nothing to do sleeps if nobody wakes it: another process may
# have left something to do, or a pause may be over.
IDLE_S = 0.5

# The same where somebody would wake it, and nothing is due soon.
QUIET_S = 5.0


class Loop:
    """Does one thing after the other, until stopped."""

    def __init__(
        self,
        name: str,
        step: Callable[[], bool],
        idle_s: Callable[[], float] = lambda: IDLE_S,
    ) -> None:
        """Prepare; nothing starts yet.

        Args:
            name: Of the thread.
            step: Does one thing; False if there was none.
            idle_s: How long to sleep now if nobody wakes it.
        """
        self._step = step
        self._idle_s = idle_s
        self._wake = threading.Event()
        self._stop = threading.Event()
        # A daemon: a call to Slack that hangs must not keep a process that was
        # told to stop.
        self._thread = threading.Thread(target=self._run, name=name, daemon=True)

    def start(self) -> None:
        """Begin."""
        self._thread.start()

    def wake(self) -> None:
        """Say that there is something to do."""
        self._wake.set()

    def stop(self) -> None:
        """Ask it to end after what it is at."""
        self._stop.set()
        self._wake.set()

    def join(self, timeout_s: float | None = None) -> None:
        """Wait for it to end, if it was ever started."""
        if self._thread.is_alive():
            self._thread.join(timeout_s)

    def _run(self) -> None:
        while not self._stop.is_set():
            self._wake.clear()
            try:
                worked = self._step()
                idle_s = IDLE_S if worked else self._idle_s()
            except Exception as error:  # noqa: BLE001 - the database may be away for a while
                # No traceback: its message could quote what people wrote.
                log.error("%s rests: %s", self._thread.name, told(error))  # noqa: TRY400
                worked, idle_s = False, IDLE_S
            if not worked:
                self._wake.wait(idle_s)


def told(error: BaseException) -> str:
    """Name an error and where it arose; its message could quote people."""
    frames = traceback.extract_tb(error.__traceback__)
    where = f" at {frames[-1].filename}:{frames[-1].lineno}" if frames else ""
    return f"{type(error).__name__}{where}"
