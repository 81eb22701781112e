"""Work that goes on by itself goes on whatever one pass of it meets, and ends when told to."""

from __future__ import annotations

import threading
import time

import pytest

from tenants.errors import Unavailable
from tenants.passes import Passes


class Counting(Passes):
    """Fails the first time, as told; tells when it is at it again."""

    def __init__(self, failure: Exception | None, after_failure: float = 0.0) -> None:
        super().__init__("counting", 0.001, after_failure)
        self._failure = failure
        self.numbers: list[int] = []
        self.again = threading.Event()

    def _do(self, number: int) -> bool:
        self.numbers.append(number)
        if number:
            self.again.set()
        elif self._failure is not None:
            raise self._failure
        return True


@pytest.mark.parametrize("failure", [None, Unavailable("No answer.", "away"), ValueError("odd")])
def test_a_pass_that_fails_is_followed_by_the_next(failure: Exception | None) -> None:
    work = Counting(failure)
    work.start()
    is_again = work.again.wait(10)
    work.stop()
    assert is_again
    assert work.numbers == list(range(len(work.numbers)))


def test_after_a_failure_the_pause_is_the_longer_one() -> None:
    began, work = time.monotonic(), Counting(ValueError("odd"), after_failure=0.3)
    work.start()
    assert work.again.wait(10)
    work.stop()
    assert time.monotonic() - began > 0.3


def test_what_never_began_can_be_stopped() -> None:
    work = Counting(None)
    work.stop()
    assert work.numbers == []
