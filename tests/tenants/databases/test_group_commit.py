from __future__ import annotations

import threading
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import TYPE_CHECKING

import pytest

from tenants.databases.group_commit import GroupCommit

if TYPE_CHECKING:
    from collections.abc import Iterator


class Ledger:
    """Keeps what was committed; a commit takes as long as a slow disk's sync."""

    def __init__(self) -> None:
        self.committed: list[int] = []
        self.commits = 0
        self.is_full = False
        self._open = threading.Lock()

    @contextmanager
    def transaction(self) -> Iterator[list[int]]:
        assert self._open.acquire(blocking=False), "two transactions at once"
        try:
            pending: list[int] = []
            yield pending
            time.sleep(0.005)
            if self.is_full:
                raise OSError
            self.committed += pending
            self.commits += 1
        finally:
            self._open.release()


def _adding(number: int, pending: list[int]) -> int:
    pending.append(number)
    if number < 0:
        raise ValueError(number)
    return number * 2


def test_callers_who_come_during_a_sync_share_the_next_commit() -> None:
    ledger = Ledger()
    commits = GroupCommit(ledger.transaction)
    with ThreadPoolExecutor(32) as threads:
        results = list(threads.map(lambda n: commits.run(lambda p: _adding(n, p)), range(320)))
    assert results == [n * 2 for n in range(320)]
    assert sorted(ledger.committed) == list(range(320))
    assert ledger.commits < 100


def test_a_unit_that_fails_fails_alone() -> None:
    ledger = Ledger()
    commits = GroupCommit(ledger.transaction)
    numbers = [n if n % 7 else -n - 1 for n in range(64)]
    with ThreadPoolExecutor(32) as threads:
        futures = [threads.submit(commits.run, lambda p, n=n: _adding(n, p)) for n in numbers]
    assert [n for n, future in zip(numbers, futures, strict=True) if future.exception()] == [
        n for n in numbers if n < 0
    ]
    assert sorted(ledger.committed) == sorted(n for n in numbers if n >= 0)


def test_a_commit_that_fails_is_told_to_everyone_it_was_for() -> None:
    ledger = Ledger()
    ledger.is_full = True
    commits = GroupCommit(ledger.transaction)
    with ThreadPoolExecutor(8) as threads:
        futures = [threads.submit(commits.run, lambda p, n=n: _adding(n, p)) for n in range(8)]
    assert all(isinstance(future.exception(), OSError) for future in futures)
    assert ledger.committed == []
    ledger.is_full = False
    assert commits.run(lambda p: _adding(1, p)) == 2


def test_the_lead_is_handed_on_after_a_failure() -> None:
    ledger = Ledger()
    commits = GroupCommit(ledger.transaction)
    with pytest.raises(ValueError, match="-1"):
        commits.run(lambda p: _adding(-1, p))
    assert commits.run(lambda p: _adding(3, p)) == 6
