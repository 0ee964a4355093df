"""Processes of Grapevine that are killed again and again, each at another point."""

import json
import os
import random
import signal
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
AT_WORK = "Grapevine is at work"

# Listeners and workers live for up to this long once they are at work, which is
# some dozens of events; a scheduler for longer, so that it strikes now and then.
_LIVES_S = {"listener": 1.5, "worker": 1.5, "scheduler": 12.0}

# Some die before they are at work: while they migrate, connect or lead.
_DIES_YOUNG = 0.15
_YOUTH_S = 2.5

_STARTS_WITHIN_S = 120.0
_STOPS_WITHIN_S = 15.0


class Victims:
    """A listener or two, a worker or two and a scheduler, and who kills them."""

    def __init__(
        self, folder: Path, url: str, env: Mapping[str, str], *, seed: int
    ) -> None:
        """Prepare; nothing starts yet.

        Args:
            folder: Where they log.
            url: Of their database.
            env: Their settings.
            seed: Of the chance by which they die.
        """
        self._folder = folder
        self._url = url
        self._env = {**os.environ, **env}
        self._seed = seed
        self._counting = threading.Lock()
        self._enough = threading.Event()
        self._wanted = 0
        self.kills: Counter[str] = Counter()

    def kill(self, n: int) -> None:
        """Start them, and kill them until so many have died."""
        self._wanted = n
        with self._nursery() as nursery:
            self._born_of = nursery
            self._kill()
            assert nursery.stdin
            nursery.stdin.close()

    def _nursery(self) -> "subprocess.Popen[str]":
        return subprocess.Popen(
            [sys.executable, "-m", "tests.chaos.nursery"],
            cwd=ROOT,
            env=self._env,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def _kill(self) -> None:
        roles = ("listener", "listener", "worker", "worker", "scheduler")
        killers = [
            threading.Thread(target=self._haunt, args=(role, i))
            for i, role in enumerate(roles)
        ]
        for killer in killers:
            killer.start()
        for killer in killers:
            killer.join()

    def start(self, *roles: str) -> list["subprocess.Popen[bytes]"]:
        """Start one of each of these roles, to be left alone."""
        held = [self._spawn(role, 9) for role in roles]
        for role, process in zip(roles, held, strict=True):
            self._wait_for(role, 9, partial(_runs, process))
        return held

    def stop(self, held: list["subprocess.Popen[bytes]"]) -> list[int]:
        """Ask them to stop, and give the statuses they end with."""
        for process in held:
            process.terminate()
        return [process.wait(_STOPS_WITHIN_S) for process in held]

    def _haunt(self, role: str, number: int) -> None:
        chance = random.Random(self._seed * 100 + number)  # noqa: S311 - not for secrets
        while not self._enough.is_set():
            pid = self._bear(role, number)
            if chance.random() < _DIES_YOUNG:
                self._enough.wait(chance.uniform(0, _YOUTH_S))
            else:
                self._wait_for(role, number, partial(_lives, pid))
                self._enough.wait(chance.uniform(0, _LIVES_S[role]))
            os.kill(pid, signal.SIGKILL)
            while _lives(pid):
                self._enough.wait(0.01)
            self._count(role)

    def _bear(self, role: str, number: int) -> int:
        log = self._log(role, number)
        log.write_text("", "utf-8")
        with self._counting:
            nursery = self._born_of
            assert nursery.stdin
            assert nursery.stdout
            line = json.dumps([str(log), *self._arguments(role)])
            nursery.stdin.write(f"{line}\n")
            nursery.stdin.flush()
            return int(nursery.stdout.readline())

    def _arguments(self, role: str) -> list[str]:
        return ["--database", self._url, "run", "--role", role]

    def _count(self, role: str) -> None:
        with self._counting:
            self.kills[role] += 1
            if self.kills.total() >= self._wanted:
                self._enough.set()

    def _log(self, role: str, number: int) -> Path:
        return self._folder / f"{role}-{number}.log"

    def _spawn(self, role: str, number: int) -> "subprocess.Popen[bytes]":
        command = [sys.executable, "app.py", *self._arguments(role)]
        with self._log(role, number).open("wb") as log:
            return subprocess.Popen(  # noqa: S603 - our own program
                command, cwd=ROOT, env=self._env, stdout=log, stderr=log
            )

    def _wait_for(self, role: str, number: int, lives: Callable[[], bool]) -> None:
        log, until_s = self._log(role, number), time.monotonic() + _STARTS_WITHIN_S
        while AT_WORK not in log.read_text("utf-8", "replace"):
            if time.monotonic() > until_s or not lives():
                told = log.read_text("utf-8", "replace")[-2000:]
                raise AssertionError(f"{role} did not start: {told}")
            time.sleep(0.02)


def _runs(process: "subprocess.Popen[bytes]") -> bool:
    return process.poll() is None


def _lives(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True
