"""How the words of a document speak for each type: a learned table, read once, added up fast."""

from __future__ import annotations

import re
import struct
from math import sqrt
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from validation_engine.detect.schema import WordTable

# What a document is shows in its first pages; a book costs no more than they do.
CONSIDERED = 20_000
# Fewer known words than these tell nothing.
_FEWEST = 8
_WORD = re.compile(r"[a-z]{2,}")
# Keeps a packed weight above zero; so many words of the greatest weight still fit into 32 bits.
_OFFSET = 1 << 15


def words_of(text: str) -> set[str]:
    """Return the different words of a text's beginning, in lower case."""
    return set(_WORD.findall(text[:CONSIDERED].lower()))


class Words:
    """The table, each word's weights packed into one integer: to add two is to add for all types."""

    def __init__(self, table: WordTable) -> None:
        self._table = table
        self._types = sorted({name for word in table.values() for name in word.weights})
        self._fields = struct.Struct(f"<{len(self._types) + 1}I")
        self._packed: dict[str, int] = {}

    def margins(self, text: str) -> dict[str, float]:
        """Return how much the words speak for each type, 1 being wholly; nothing where few are known."""
        known = words_of(text) & self._table.keys()
        if len(known) < _FEWEST:
            return {}
        packed = self._packed
        total = sum(packed.get(word) or self._pack(word) for word in known)
        rarity, *sums = self._fields.unpack(total.to_bytes(self._fields.size, "little"))
        scale, shift = 1000 * sqrt(rarity / 100), _OFFSET * len(known)
        return {name: (added - shift) / scale for name, added in zip(self._types, sums, strict=True)}

    def strongest(self, text: str, kind: str, limit: int) -> list[str]:
        """Return the words that speak most for a type, strongest first."""
        ranked = sorted(
            (-self._table[word].weights.get(kind, 0), word) for word in words_of(text) & self._table.keys()
        )
        return [word for weight, word in ranked[:limit] if weight < 0]

    def _pack(self, word: str) -> int:
        own = self._table[word]
        weights = (own.weights.get(name, 0) + _OFFSET for name in self._types)
        packed = self._packed[word] = int.from_bytes(self._fields.pack(own.rarity, *weights), "little")
        return packed
