"""The second reading of a sentence: each word between its neighbours, by a small network of whole numbers.

What weights of single words and pairs cannot tell, three words in a row often do: who does it, to whom, and
what turns it round. All sums are of whole numbers, exact in any order, so any machine gets the same.
"""

from __future__ import annotations

from base64 import b64decode
from typing import TYPE_CHECKING

import msgspec
import numpy as np

from validation_engine.learned.words import parts_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from validation_engine.learned.words import Word

    Sums = NDArray[np.float64]

# Rows of the vectors that stand for no word at all, and for a stem never met.
NOTHING, UNMET = 0, 1
# How far a score counts, up and down.
SUREST = 4.0
# Words whose sums are kept.
_MOST_KNOWN = 4_000


class NetworkFile(msgspec.Struct, frozen=True):
    """A network as it is kept: matrices of whole numbers, row by row, in base 64.

    Attributes:
        names: The statements.
        parts: Stems, families and beginnings; the vectors' rows from the third on.
        vectors: Of parts of words, a row each, in eight bits.
        units: What three words in a row add to each unit, a row a number of a vector, in 16 bits.
        unit_bias: What each unit begins with.
        greatest: What a unit's greatest value in a text says for each statement, in 16 bits.
        mean: As `greatest`, for its mean.
        scale: What to multiply a statement's sum by to get its score.
        bias: What to add then.
        worth: What a score between `SUREST` below and above zero is worth as a margin, by statement.
    """

    names: list[str]
    parts: list[str]
    vectors: str
    units: str
    unit_bias: list[int]
    greatest: str
    mean: str
    scale: list[float]
    bias: list[float]
    worth: list[float]


class Network:
    """Reads words between their neighbours."""

    def __init__(self, kept: NetworkFile) -> None:
        count = len(kept.unit_bias)
        self._place = {name: at for at, name in enumerate(kept.names)}
        self._row = {part: at for at, part in enumerate(kept.parts, UNMET + 1)}
        self._vectors = _matrix(kept.vectors, "<i1", len(kept.parts) + 2)
        width = self._vectors.shape[1]
        # Side by side, what a word adds to the unit of the word after it, to its own, and to the one before.
        units = _matrix(kept.units, "<i2", 3 * width).reshape(3, width, count)
        self._units = np.hstack(list(units))
        self._unit_bias = np.array(kept.unit_bias, np.float64)
        self._greatest = _matrix(kept.greatest, "<i2", count)
        self._mean = _matrix(kept.mean, "<i2", count)
        self._scale, self._bias = np.array(kept.scale), np.array(kept.bias)
        self.most = [2 * SUREST * worth for worth in kept.worth]
        self._worth = np.array(kept.worth)
        self._known: dict[Word, Sums] = {}
        self._count = count

    def place(self, name: str) -> int | None:
        """Return where among the statements one is."""
        return self._place.get(name)

    def units(self, words: Sequence[Word]) -> Sums:
        """Return the units' values at each word of a sentence."""
        count = self._count
        rows = np.array([self._sums(word) for word in words])
        values = rows[:, count : 2 * count] + self._unit_bias
        values[1:] += rows[:-1, :count]
        values[:-1] += rows[1:, 2 * count :]
        return np.maximum(values, 0, out=values)

    def margins(self, units: Sequence[Sums]) -> list[float]:
        """Return what stretches of words together are worth for each statement: none, or up to its `most`."""
        values = units[0] if len(units) == 1 else np.concatenate(units)
        sums = values.max(0) @ self._greatest + (values.sum(0) @ self._mean) / len(values)
        scores = np.clip(sums * self._scale + self._bias, -SUREST, SUREST)
        found: list[float] = ((scores + SUREST) * self._worth).tolist()
        return found

    def _sums(self, word: Word) -> Sums:
        """Return what a word adds to the units of the word after it, its own, and the word before it."""
        known = self._known.get(word)
        if known is None:
            if len(self._known) > _MOST_KNOWN:
                self._known.clear()
            vector = self._vectors[list(rows_of(word, self._row))].sum(0)
            known = self._known[word] = vector @ self._units
        return known


def rows_of(word: Word, row: dict[str, int]) -> tuple[int, int, int]:
    """Return the rows of the vectors that a word is the sum of."""
    stem, family, beginning = parts_of(word)
    return row.get(stem, UNMET), row.get(family or "", NOTHING), row.get(beginning or "", NOTHING)


def _matrix(kept: str, kind: str, rows: int) -> Sums:
    return np.frombuffer(b64decode(kept), kind).reshape(rows, -1).astype(np.float64)
