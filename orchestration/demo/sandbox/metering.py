"""Meter events, kept by event name and customer in order of time."""

from __future__ import annotations

from bisect import insort
from decimal import Decimal

Entry = tuple[int, Decimal]


class Usage:
    """All usage that was reported, each identifier once."""

    def __init__(self) -> None:
        self._entries: dict[tuple[str, str], list[Entry]] = {}
        self.identifiers: dict[str, tuple[str, str, int, Decimal]] = {}
        self.unsaved: list[str] = []

    def report(self, identifier: str, name: str, customer_id: str, entry: Entry) -> bool:
        """Keep an entry; False where the identifier is known already."""
        if identifier in self.identifiers:
            return False
        self.identifiers[identifier] = (name, customer_id, *entry)
        insort(self._entries.setdefault((name, customer_id), []), entry)
        self.unsaved.append(identifier)
        return True

    def cancel(self, identifier: str) -> bool:
        """Take an entry back; False where there is none."""
        found = self.identifiers.get(identifier)
        if found is None:
            return False
        name, customer_id, at, value = found
        known = self._entries[name, customer_id]
        if (at, value) in known:
            known.remove((at, value))
        self.identifiers[identifier] = (name, customer_id, at, Decimal(0))
        self.unsaved.append(identifier)
        return True

    def of(self, name: str, customer_id: str) -> list[Entry]:
        """Return a customer's entries, oldest first."""
        return self._entries.get((name, customer_id), [])
