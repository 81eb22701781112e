"""Many callers, one durable commit: one of them commits for all who wait.

A commit costs one sync of the disk whether it holds one unit of work or fifty.
No thread of its own is needed. The caller who finds nobody leading leads: it commits
its own unit and all that wait, wakes them, and hands the lead to the first who came
while the disk was at work.
"""

from __future__ import annotations

import threading
from collections import deque
from typing import TYPE_CHECKING, Any, Generic, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable
    from contextlib import AbstractContextManager

C = TypeVar("C")
T = TypeVar("T")

_MOST_UNITS = 256


class _Unit(Generic[C]):
    """One caller's work with its outcome; `woken` is locked until the caller may go on."""

    __slots__ = ("error", "is_done", "result", "woken", "work")

    def __init__(self, work: Callable[[C], Any]) -> None:
        self.work = work
        self.result: Any = None
        self.error: BaseException | None = None
        self.is_done = False
        self.woken = threading.Lock()
        self.woken.acquire()

    def finish(self, error: BaseException | None = None) -> None:
        self.error = error
        self.is_done = True


class GroupCommit(Generic[C]):
    """Runs units of work in shared exclusive transactions.

    Args:
        transaction: Enters an exclusive transaction that is durable once left without an error.
    """

    def __init__(self, transaction: Callable[[], AbstractContextManager[C]]) -> None:
        self._transaction = transaction
        self._waiting: deque[_Unit[C]] = deque()
        self._is_led = False
        self._changing = threading.Lock()

    def run(self, work: Callable[[C], T]) -> T:
        """Return what `work` returned, after the commit that holds its effects.

        An error undoes all that `work` did. When another unit of the same
        commit fails, `work` is run again: it may touch nothing but the connection.
        """
        unit = _Unit(work)
        if not self._takes_lead(unit):
            unit.woken.acquire()
        if not unit.is_done:
            self._lead(unit)
        if unit.error is not None:
            raise unit.error
        result: T = unit.result
        return result

    def _takes_lead(self, unit: _Unit[C]) -> bool:
        with self._changing:
            if self._is_led:
                self._waiting.append(unit)
                return False
            self._is_led = True
            return True

    def _lead(self, own: _Unit[C]) -> None:
        with self._changing:
            others = [self._waiting.popleft() for _ in range(min(len(self._waiting), _MOST_UNITS))]
        self._commit_all([own, *others])
        with self._changing:
            following = self._waiting.popleft() if self._waiting else None
            self._is_led = following is not None
        for unit in others:
            unit.woken.release()
        if following is not None:
            following.woken.release()

    def _commit_all(self, units: list[_Unit[C]]) -> None:
        try:
            self._commit(units)
        except BaseException as error:  # noqa: BLE001 - whatever it is belongs to the caller whose unit it was
            if len(units) == 1:
                units[0].finish(error)
                return
            for unit in units:
                self._commit_all([unit])

    def _commit(self, units: list[_Unit[C]]) -> None:
        with self._transaction() as connection:
            for unit in units:
                unit.result = unit.work(connection)
        for unit in units:
            unit.finish()
