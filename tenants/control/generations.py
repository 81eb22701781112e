"""What a process knows of access, forgotten by every process as soon as any of it changes."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING, Generic, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable

    from tenants.control.database import ControlDatabase

V = TypeVar("V")
_MOST_ENTRIES = 20_000


class AccessCache(Generic[V]):
    """Keeps answers as long as the database's generation stands.

    The generation is read at every look: one indexed row, some ten microseconds. A
    revoked key or session is therefore refused by the very next request, in each process.

    Args:
        database: Holds the generation.
    """

    def __init__(self, database: ControlDatabase) -> None:
        self._database = database
        self._generation = -1
        self._answers: dict[Hashable, V] = {}
        self._changing = threading.Lock()

    def get(self, key: Hashable, load: Callable[[], V]) -> V:
        """Return the answer for a key, loaded where it is not known in the present generation."""
        if self._database.is_writing:  # what is not committed yet may never be
            return load()
        generation = self._database.generation()
        with self._changing:
            if generation != self._generation or len(self._answers) > _MOST_ENTRIES:
                self._answers, self._generation = {}, generation
            answers = self._answers
            if key in answers:
                return answers[key]
        answer = load()
        # Goes into the dictionary of the generation read before loading: never newer than it is.
        answers[key] = answer
        return answer
