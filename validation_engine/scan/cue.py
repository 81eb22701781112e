"""Where words stand, found in one linear pass a document, so that slow patterns look only there."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from typing import TYPE_CHECKING, Any

import re2

from validation_engine.documents.fold import to_bytes
from validation_engine.documents.model import Folded
from validation_engine.lazy import lazy
from validation_engine.scan.patterns import options

if TYPE_CHECKING:
    from collections.abc import Iterator

    from validation_engine.documents.model import Document

_UNANCHORED = re2._Anchor.UNANCHORED  # noqa: SLF001 - the value has no public name
_Found = tuple[list[int], list[int]]


class Cue:
    r"""Words without one of which some pattern cannot match.

    Python's `re` tries every alternative at every character; a cue is looked for by RE2 once
    and kept with the text. It must be loose: a text it does not stand in may not match the
    pattern it goes before. Write the bare words, without `\w`, `\b` or what stands around them.

    Args:
        words: An RE2 pattern; case is ignored.
    """

    def __init__(self, words: str) -> None:
        self._words = words

    @lazy
    def _match(self) -> Any:  # noqa: ANN401 - RE2's own method has no type
        # The wrapper costs more than the match.
        return re2.compile(to_bytes(self._words), options=options())._regexp.Match  # noqa: SLF001

    def within(self, text: str, start: int = 0, end: int | None = None) -> bool:
        """Return whether it stands in a stretch of a text."""
        stop = len(text) if end is None else end
        if not isinstance(text, Folded):
            return bool(self._match(_UNANCHORED, to_bytes(text[start:stop]), 0, stop - start)[0][0] >= 0)
        starts, ends = self._found(text)
        at = bisect_right(ends, start)
        return at < len(starts) and starts[at] < stop

    def windows(self, text: str, start: int, end: int, before: int, after: int) -> list[tuple[int, int]]:
        """Return the stretches of so many characters around it, overlapping ones joined."""
        starts, ends = self._found(text if isinstance(text, Folded) else Folded(text))
        first, last = bisect_right(ends, start), bisect_left(starts, end)
        windows: list[tuple[int, int]] = []
        begun, reached = start, -1
        for near, far in zip(starts[first:last], ends[first:last], strict=True):
            if near - before > reached:
                if reached >= 0:
                    windows.append((begun, reached))
                begun = max(near - before, start)
            reached = far + after
        if reached >= 0:
            windows.append((begun, min(reached, end)))
        return windows

    def sentences(self, document: Document) -> list[int]:
        """Return the sentences that hold it, in reading order."""
        kept = document.kept.get(self)
        if kept is None:
            kept = document.kept[self] = list(dict.fromkeys(self._sentences(document)))
        return kept

    def _sentences(self, document: Document) -> Iterator[int]:
        """Yield every sentence that a match touches."""
        begins = document.sentence_starts
        for start, end in zip(*self._found(document.folded), strict=True):
            last = bisect_right(begins, end - 1)
            yield from range(max(bisect_right(begins, start) - 1, 0), last)

    def _found(self, text: Folded) -> _Found:
        found = text.found.get(self)
        if found is None:
            found = text.found[self] = self._all(to_bytes(text))
        return found

    def _all(self, scan: bytes) -> _Found:
        starts, ends, at, length, match = [], [], 0, len(scan), self._match
        while at < length:
            start, at = match(_UNANCHORED, scan, at, length)[0]
            if start < 0:
                break
            starts.append(start)
            ends.append(at)
        return starts, ends
