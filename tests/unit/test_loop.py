"""A loop works while there is something to do, and outlives what fails."""

import logging
import threading

import pytest

from bot.loop import Loop

PATIENCE_S = 30.0


def test_it_works_until_there_is_nothing_and_again_when_it_is_woken() -> None:
    left, done, empty = [3], threading.Event(), threading.Event()

    def step() -> bool:
        if not left[0]:
            (done if empty.is_set() else empty).set()
            return False
        left[0] -= 1
        return True

    loop = Loop("test", step)
    loop.start()
    assert empty.wait(PATIENCE_S)
    left[0] = 2
    loop.wake()
    assert done.wait(PATIENCE_S)
    loop.stop()
    loop.join(PATIENCE_S)

    assert left == [0]


def test_what_fails_is_named_without_its_words_and_tried_again(
    caplog: pytest.LogCaptureFixture,
) -> None:
    tries, done = [0], threading.Event()

    def step() -> bool:
        tries[0] += 1
        if tries[0] == 1:
            raise ValueError("secretword")
        done.set()
        return False

    loop = Loop("test", step)
    loop.start()
    loop.wake()
    assert done.wait(PATIENCE_S)
    loop.stop()
    loop.join(PATIENCE_S)

    (record,) = [r for r in caplog.records if r.levelno == logging.ERROR]
    assert "test rests: ValueError" in record.getMessage()
    assert "secretword" not in caplog.text


def test_one_that_never_started_is_not_waited_for() -> None:
    loop = Loop("test", lambda: True)

    loop.stop()
    loop.join(PATIENCE_S)
