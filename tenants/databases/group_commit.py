"""Many callers, one durable commit: whoever gets the lock commits for all who wait.

A commit costs one sync of the disk whether it holds one unit of work or fifty.
No thread of its own is needed: the caller who holds the lock leads, the others
find their work done when they get it.
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
    """One caller's work with its outcome."""

    __slots__ = ("error", "is_done", "result", "work")

    def __init__(self, work: Callable[[C], Any]) -> None:
        self.work = work
        self.result: Any = None
        self.error: BaseException | None = None
        self.is_done = False

    def run(self, connection: C) -> None:
        self.result = self.work(connection)

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
        self._lead = threading.Lock()

    def run(self, work: Callable[[C], T]) -> T:
        """Return what `work` returned, after the commit that holds its effects.

        An error undoes all that `work` did. When another unit of the same
        commit fails, `work` is run again: it may touch nothing but the connection.
        """
        unit = _Unit(work)
        self._waiting.append(unit)
        with self._lead:
            if not unit.is_done:
                self._commit_waiting()
        if unit.error is not None:
            raise unit.error
        result: T = unit.result
        return result

    def _commit_waiting(self) -> None:
        units = [self._waiting.popleft() for _ in range(min(len(self._waiting), _MOST_UNITS))]
        try:
            self._commit(units)
        except BaseException as error:  # noqa: BLE001 - whatever it is belongs to the caller whose unit it was
            if len(units) == 1:
                units[0].finish(error)
                return
            for unit in units:
                self._commit_alone(unit)

    def _commit(self, units: list[_Unit[C]]) -> None:
        with self._transaction() as connection:
            for unit in units:
                unit.run(connection)
        for unit in units:
            unit.finish()

    def _commit_alone(self, unit: _Unit[C]) -> None:
        try:
            self._commit([unit])
        except BaseException as error:  # noqa: BLE001 - as above
            unit.finish(error)
