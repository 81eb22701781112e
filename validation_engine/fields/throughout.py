"""What stands in a stretch of text, cut from what was found once in all of it."""

from __future__ import annotations

import re
from bisect import bisect_left
from typing import TYPE_CHECKING, Generic, Protocol, TypeVar

from validation_engine.documents.model import Folded

if TYPE_CHECKING:
    from collections.abc import Callable

    from validation_engine.documents.model import Document


class _Placed(Protocol):
    @property
    def start(self) -> int: ...
    @property
    def end(self) -> int: ...


Item = TypeVar("Item", bound=_Placed)
# Inside of a word, or of figures with points: "5.12" stands in "5.12.50", where no amount does.
_WITHIN = re.compile(r"(?<=\w)(?=\w)|(?<=\d)(?=[.,]\d)|(?<=\d[.,])(?=\d)")


class Throughout(Generic[Item]):
    """Finds something in a stretch of text; in folded text that costs one search of the whole.

    Args:
        find: Returns what stands between two offsets, in reading order, as a pattern finds it that looks
            beyond the ends of what it matches for parts of words only.
    """

    def __init__(self, find: Callable[[str, int, int], list[Item]]) -> None:
        self._find = find

    def __call__(self, text: str, start: int = 0, end: int | None = None) -> list[Item]:
        """Return what stands in a stretch."""
        stop = len(text) if end is None else end
        if not isinstance(text, Folded):
            return self._find(text, start, stop)
        starts, found = self._everything(text)
        first, last = bisect_left(starts, start), bisect_left(starts, stop)
        is_whole = _is_whole(found, first, last, start, stop) and not _WITHIN.match(text, stop)
        return found[first:last] if is_whole else self._find(text, start, stop)

    def by_block(self, document: Document) -> list[list[Item]]:
        """Return what stands in each block."""
        (starts, everything), found, at = self._everything(document.folded), list[list[Item]](), 0
        for block in document.blocks:
            at = first = bisect_left(starts, block.start, at)
            while at < len(starts) and starts[at] < block.end:
                at += 1
            is_whole = _is_whole(everything, first, at, block.start, block.end)
            found.append(
                everything[first:at] if is_whole else self._find(document.folded, block.start, block.end)
            )
        return found

    def _everything(self, text: Folded) -> tuple[list[int], list[Item]]:
        kept: tuple[list[int], list[Item]] | None = text.found.get(self)
        if kept is None:
            found = self._find(text, 0, len(text))
            kept = text.found[self] = [one.start for one in found], found
        return kept


def _is_whole(found: list[Item], first: int, last: int, start: int, end: int) -> bool:
    """Whether nothing lies over an end of a stretch: it may hide something else that lies in it."""
    begins_before = first > 0 and found[first - 1].end > start
    return not begins_before and (first == last or found[last - 1].end <= end)
