"""RE2 filters: patterns found by the words that they cannot match without."""

from __future__ import annotations

from typing import TYPE_CHECKING

import re2

from validation_engine.documents.fold import to_bytes
from validation_engine.gates.patterns import options

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

# Of one pattern's automaton.
_MEMORY = 4 << 20
# So many patterns' words fit into the memory that RE2 gives their automaton.
_TOGETHER = 2_500


def filters(expanded: Sequence[str], numbers: Sequence[int]) -> Iterator[tuple[re2.Filter, Sequence[int]]]:
    """Yield filters of the patterns of some numbers, each with the numbers that its indexes stand for."""
    for at in range(0, len(numbers), _TOGETHER):
        some = numbers[at : at + _TOGETHER]
        yield _filter(expanded[number] for number in some), some


def _filter(expanded: Iterable[str]) -> re2.Filter:
    chosen, found = options(max_mem=_MEMORY), re2.Filter()
    for pattern in expanded:
        found.Add(to_bytes(pattern), chosen)
    found.Compile()
    return found
