"""How features of a text speak for each of many things: a learned table, read once, added up fast."""

from __future__ import annotations

import struct
from itertools import accumulate
from math import sqrt
from typing import TYPE_CHECKING

import msgspec

from validation_engine.learned.words import features_at, reached

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Sequence

    from validation_engine.learned.words import Follows

# A text of few features must not be sure of anything: its length counts as this much at least. A sentence's,
# with all that stands apart in it, is so long where it has a dozen words.
SHORTEST, SHORTEST_SENTENCE = 16.0, 60.0
# Keeps a packed weight above zero; so many features of the greatest weight still fit into 32 bits.
_OFFSET = 1 << 15
_HEAD, _WEIGHT = struct.Struct("<2I"), struct.Struct("<I")
# Words whose sums are kept, each with the one before it.
_MOST_KNOWN = 20_000


# What features add up to: the sums as bytes, what to divide by, what to take off first.
Packed = tuple[bytes, float, int]


class Weights(msgspec.Struct, array_like=True, frozen=True):
    """A feature's rarity (squared inverse frequency, in hundredths) and weights by name (in thousandths)."""

    rarity: int
    by_name: dict[str, int]


WeightTable = dict[str, Weights]


class Pairs(msgspec.Struct, frozen=True):
    """What a family of words after another says, not next to it.

    Attributes:
        names: What is spoken for.
        after: By first and second family: the pair's rarity, then places among `names`, each with its weight.
    """

    names: list[str] = []
    after: dict[str, dict[str, list[int]]] = {}


_NONE = Pairs()


class Learned(msgspec.Struct, frozen=True):
    """What sentences taught: the weights of words and of words apart."""

    words: WeightTable = {}
    pairs: Pairs = _NONE

    def table(self, names: Collection[str] | None = None) -> Table:
        """Return the weights for some names; for all where none is given."""
        return Table(self.words, names, self.pairs, SHORTEST_SENTENCE)


class Table:
    """Weights for some names, each feature's packed into one integer: to add two is to add for all names.

    Args:
        weights: The learned weights.
        names: The names asked for; all of them where none is given.
        pairs: The learned weights of words apart.
        shortest: The least length of a text.
    """

    def __init__(
        self,
        weights: WeightTable,
        names: Collection[str] | None = None,
        pairs: Pairs = _NONE,
        shortest: float = SHORTEST,
    ) -> None:
        self._weights = weights
        self._pairs, self._shortest = pairs, shortest
        self._after: dict[str, dict[str, int | list[int]]] = {}
        known = {name for feature in weights.values() for name in feature.by_name}
        self.names = sorted(known if names is None else known & set(names))
        self._place = {name: at for at, name in enumerate(self.names)}
        self._fields = struct.Struct(f"<{len(self.names) + 2}I")
        self._packed: dict[str, int] = {}
        self._added: dict[Follows, int] = {}

    def place(self, name: str) -> int | None:
        """Return where among `names` a name is."""
        return self._place.get(name)

    def known(self, features: Iterable[str]) -> list[str]:
        """Return the features that the table has, in the order given."""
        return [feature for feature in features if feature in self._weights]

    def margins(self, features: Iterable[str]) -> list[float]:
        """Return how much features speak for each of `names`: 1 is wholly, 0 not at all."""
        return self.margins_of(self._sum(features))

    def running_sums(self, words: Sequence[Follows]) -> list[int]:
        """Return the sum of the weights of all words before each place, and of all of them.

        The difference of two is the sum of what lies between, for `margins_of`.
        """
        added = self._added
        if len(added) > _MOST_KNOWN:
            added.clear()
        return [0, *accumulate([added[one] if one in added else self._add(one) for one in words])]

    def sum_apart(self, families: Sequence[str]) -> int:
        """Return the sum of the weights of words that stand apart, to be added to that of the words."""
        total = 0
        for first, others in reached(families):
            after = self._after.get(first)
            if after is None:
                after = self._after[first] = dict(self._pairs.after.get(first, {}))
            for second in [one for one in others if one in after] if after else ():
                found = after[second]
                if not isinstance(found, int):
                    found = after[second] = self._pack_pair(found)
                total += found
        return total

    def margins_of(self, total: int) -> list[float]:
        """Return the margins of features whose weights add up to `total`."""
        rarity, count, *sums = self._fields.unpack(total.to_bytes(self._fields.size, "little"))
        scale, shift = 1000 * max(sqrt(rarity / 100), self._shortest), _OFFSET * count
        return [(added - shift) / scale for added in sums]

    def packed(self, total: int) -> Packed:
        """Return what features add up to in the form that `margin_at` reads."""
        sums = total.to_bytes(self._fields.size, "little")
        rarity, count = _HEAD.unpack_from(sums)
        return sums, 1000 * max(sqrt(rarity / 100), self._shortest), _OFFSET * count

    def margin_at(self, packed: Packed, place: int) -> float:
        """Return the margin of one name, by its place; equal to that among `margins_of`."""
        sums, scale, shift = packed
        return float((_WEIGHT.unpack_from(sums, _HEAD.size + place * _WEIGHT.size)[0] - shift) / scale)

    def strongest(self, known: Iterable[str], name: str, limit: int) -> list[str]:
        """Return the features that speak most for a name, strongest first."""
        ranked = sorted((-self._weights[feature].by_name.get(name, 0), feature) for feature in known)
        return [feature for weight, feature in ranked[:limit] if weight < 0]

    def _add(self, word: Follows) -> int:
        total = self._added[word] = self._sum(features_at(word))
        return total

    def _sum(self, features: Iterable[str]) -> int:
        packed = self._packed
        return sum([packed.get(one) or self._pack(one) for one in features if one in self._weights])

    def _pack_pair(self, own: Sequence[int]) -> int:
        rarity, *rest = own
        by_name = {self._pairs.names[at]: weight for at, weight in zip(rest[::2], rest[1::2], strict=True)}
        return self._packed_up(Weights(rarity, by_name))

    def _pack(self, feature: str) -> int:
        packed = self._packed[feature] = self._packed_up(self._weights[feature])
        return packed

    def _packed_up(self, own: Weights) -> int:
        weights = (own.by_name.get(name, 0) + _OFFSET for name in self.names)
        return int.from_bytes(self._fields.pack(own.rarity, 1, *weights), "little")
