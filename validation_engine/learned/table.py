"""How features of a text speak for each of many things: a learned table, read once, added up fast."""

from __future__ import annotations

import struct
from functools import lru_cache
from itertools import accumulate
from math import inf, sqrt
from typing import TYPE_CHECKING, TypeVar

import msgspec

from validation_engine.lazy import lazy
from validation_engine.learned.words import MOST_STRETCHES, features_at, reached

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from validation_engine.learned.network import Network
    from validation_engine.learned.words import Follows

Key = TypeVar("Key")

# A text of few features must not be sure of anything: its length counts as this much at least. A sentence's,
# with all that stands apart in it, is so long where it has eight words.
SHORTEST, SHORTEST_SENTENCE = 16.0, 40.0
# Weights add up in fields of 32 bits, held above zero by half of what one takes; the first is the rarities'.
_BITS, _HALF, _LOWEST = 32, 1 << 31, (1 << 32) - 1
_FIELD = struct.Struct("<I")
# Words whose sums are kept, each with the one before it.
_MOST_KNOWN = 20_000


# What features add up to: the sums as bytes, what to divide by, and the rarities it comes from.
Packed = tuple[bytes, float, int]
# Numbers by first and second family.
_Apart = dict[str, dict[str, int]]


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

    def table(self, network: Network | None = None) -> Table:
        """Return the weights for all names."""
        return Table(self.words, self.pairs, SHORTEST_SENTENCE, network)


class Table:
    """Weights by name, each feature's packed into one integer: to add two is to add for all names.

    Args:
        weights: The learned weights.
        pairs: The learned weights of words apart.
        shortest: The least length of a text.
        network: What hears each word between its neighbours, if anything does.
    """

    def __init__(
        self,
        weights: WeightTable,
        pairs: Pairs = _NONE,
        shortest: float = SHORTEST,
        network: Network | None = None,
    ) -> None:
        self._weights, self.network = weights, network
        self._pairs, self._shortest = pairs, shortest
        self.names = sorted({name for feature in weights.values() for name in feature.by_name})
        self._place = {name: at for at, name in enumerate(self.names)}
        self._shift = {name: _BITS * (at + 1) for at, name in enumerate(self.names)}
        self._zero = sum(_HALF << shift for shift in self._shift.values())
        self._size = _FIELD.size * (len(self.names) + 1)
        self._packed = _Kept(self._pack)
        self._rarity = lru_cache(MOST_STRETCHES)(self._rarity_apart)
        self._added: _Kept[Follows] = _Kept(lambda word: self._sum(features_at(word)))

    def place(self, name: str) -> int | None:
        """Return where among `names` a name is."""
        return self._place.get(name)

    def known(self, features: Iterable[str]) -> list[str]:
        """Return the features that the table has, in the order given."""
        return [feature for feature in features if feature in self._weights]

    def margins(self, features: Iterable[str]) -> list[float]:
        """Return how much `known` features speak for each of `names`: 1 is wholly, 0 not at all."""
        return self.margins_of(sum(map(self._packed.__getitem__, features)))

    def running_sums(self, words: Sequence[Follows]) -> list[int]:
        """Return the sum of the weights of all words before each place, and of all of them.

        The difference of two is the sum of what lies between, for `margins_of`.
        """
        if len(self._added) > _MOST_KNOWN:
            self._added.clear()
        return [0, *accumulate(map(self._added.__getitem__, words))]

    def margins_of(self, total: int) -> list[float]:
        """Return the margins of features whose weights add up to `total`."""
        packed = self.packed(total)
        return [self.margin_at(packed, at) for at in range(len(self.names))]

    def packed(self, total: int) -> Packed:
        """Return what features add up to in the form that `margin_at` reads."""
        rarity = total & _LOWEST
        return (total + self._zero).to_bytes(self._size, "little"), self._scale(rarity), rarity

    def margin_at(self, packed: Packed, place: int) -> float:
        """Return the margin of one name, by its place; equal to that among `margins_of`."""
        return _weight(packed, place) / packed[1]

    def margin_with_apart(
        self, packed: Packed, place: int, families: Sequence[str], least: float = -inf
    ) -> float:
        """Return the margin of one name where words that stand apart are heard too.

        Args:
            packed: What the words add up to.
            place: The name's place.
            families: The words' families.
            least: Below this any lower number will do, which is soon found: no length makes a text surer.
        """
        weight = self.weight(packed, place, families)
        bound = weight / packed[1]
        return bound if bound < least and least > 0 else self.margin(packed, weight, families)

    def weight(self, packed: Packed, place: int, families: Sequence[str]) -> int:
        """Return what words weigh for one name, those that stand apart too."""
        return _weight(packed, place) + _added_up(self._spoken[place], families)

    def reaches(self, packed: Packed, weight: int, families: Sequence[str], least: float) -> bool:
        """Return whether `margin_with_apart`, of a name with such a `weight`, is at least so high."""
        if weight < 0:
            return least < 0 and self.margin(packed, weight, families) >= least
        if weight / packed[1] < least:
            return False
        pairs = sum(len(others) for _, others in reached(families))
        if weight / self._scale(packed[2] + pairs * self._rarest) >= least:
            return True
        return self.margin(packed, weight, families) >= least

    def margin(self, packed: Packed, weight: int, families: Sequence[str]) -> float:
        """Return the margin of a name with such a `weight`."""
        return weight / self._scale_with_apart(packed, families)

    def _scale_with_apart(self, packed: Packed, families: Sequence[str]) -> float:
        return self._scale(packed[2] + self._rarity(tuple(families)))

    def _rarity_apart(self, families: tuple[str, ...]) -> int:
        return _added_up(self._rarities, families)

    def strongest(self, known: Iterable[str], name: str, limit: int) -> list[str]:
        """Return the features that speak most for a name, strongest first."""
        ranked = sorted((-self._weights[feature].by_name.get(name, 0), feature) for feature in known)
        return [feature for weight, feature in ranked[:limit] if weight < 0]

    def _scale(self, rarity: int) -> float:
        return 1000 * max(sqrt(rarity / 100), self._shortest)

    def _sum(self, features: Iterable[str]) -> int:
        return sum(map(self._packed.__getitem__, self.known(features)))

    @lazy
    def _rarest(self) -> int:
        return max((max(others.values()) for others in self._rarities.values()), default=0)

    @lazy
    def _rarities(self) -> _Apart:
        """Return for each pair of families its rarity."""
        after = self._pairs.after
        return {first: {second: own[0] for second, own in after[first].items()} for first in after}

    @lazy
    def _spoken(self) -> list[_Apart]:
        """Return for each name what families say for or against it: few of those that are known."""
        spoken: list[_Apart] = [{} for _ in self.names]
        after_of = [spoken[self._place[name]] if name in self._place else {} for name in self._pairs.names]
        for first, others in self._pairs.after.items():
            for second, own in others.items():
                for at in range(1, len(own), 2):
                    after_of[own[at]].setdefault(first, {})[second] = own[at + 1]
        return spoken

    def _pack(self, feature: str) -> int:
        own, shift = self._weights[feature], self._shift
        return own.rarity + sum([weight << shift[name] for name, weight in own.by_name.items()])


def _weight(packed: Packed, place: int) -> int:
    return int(_FIELD.unpack_from(packed[0], _FIELD.size * (place + 1))[0]) - _HALF


def _added_up(numbers: _Apart, families: Sequence[str]) -> int:
    total = 0
    for first, others in reached(families):
        if first in numbers:
            own = numbers[first]
            if not own.keys().isdisjoint(others):
                total += sum(filter(None, map(own.get, others)))
    return total


class _Kept(dict[Key, int]):
    """Sums, each worked out when it is first asked for."""

    def __init__(self, work: Callable[[Key], int]) -> None:
        self._work = work

    def __missing__(self, key: Key) -> int:
        total = self[key] = self._work(key)
        return total
