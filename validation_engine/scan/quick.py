"""Patterns of `re` that RE2 looks for first: the same matches, without trying every word at every place."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import re2

from validation_engine.documents.model import Folded
from validation_engine.lazy import lazy
from validation_engine.scan.loose import READ_AS, loosened
from validation_engine.scan.patterns import options

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

_UNANCHORED = re2._Anchor.UNANCHORED  # noqa: SLF001 - the value has no public name
# Loose patterns are small; what one takes beyond this is built anew.
_MEMORY = 1 << 20


class Quick:
    """A pattern of `re`, with its methods; compiled when first used.

    `re` decides, but only where RE2 finds that a match may begin. A pattern that begins with a wide gap, or
    may match nothing at all, gains nothing.

    Args:
        pattern: As `re` reads it.
        flags: As `re.compile` takes them.
    """

    def __init__(self, pattern: str, flags: int = 0) -> None:
        self.pattern = pattern
        self.flags = flags

    @lazy
    def _exact(self) -> re.Pattern[str]:
        return re.compile(self.pattern, self.flags)

    @lazy
    def _begins(self) -> Any:  # noqa: ANN401 - RE2's own method has no type
        chosen = options(max_mem=_MEMORY)
        chosen.case_sensitive = True
        # The wrapper costs more than the match.
        loose = re2.compile(loosened(self.pattern, self.flags).encode(), options=chosen)._regexp  # noqa: SLF001
        spans = [loose.Match(_UNANCHORED, text, 0, len(text))[0] for text in (b"", b"a ")]
        return None if any(start == end >= 0 for start, end in spans) else loose.Match

    def match(self, text: str, start: int = 0, end: int | None = None) -> re.Match[str] | None:
        """Return the match that begins at `start`, as `re` would."""
        return self._exact.match(text, start, len(text) if end is None else end)

    def fullmatch(self, text: str) -> re.Match[str] | None:
        """Return the match that is the whole text, as `re` would."""
        return self._exact.fullmatch(text)

    def search(self, text: str, start: int = 0, end: int | None = None) -> re.Match[str] | None:
        """Return the first match, as `re` would."""
        stop = len(text) if end is None else min(end, len(text))
        begins = self._begins
        read = begins and _read(text, start, stop)
        if read is None:
            return self._exact.search(text, start, stop)
        # One character more, so that \b sees what stands before.
        at, length = min(start, 1), len(read)
        base = start - at
        while at < length:
            at = begins(_UNANCHORED, read, at, length)[0][0]
            if at < 0:
                break
            found = self._exact.match(text, base + at, stop)
            if found is not None:
                return found
            at += 1
        return None

    def finditer(self, text: str, start: int = 0, end: int | None = None) -> Iterator[re.Match[str]]:
        """Yield the matches in reading order, as `re` would."""
        stop = len(text) if end is None else min(end, len(text))
        begins = self._begins
        read = begins and _read(text, start, stop)
        if read is None:
            yield from self._exact.finditer(text, start, stop)
            return
        at, length = min(start, 1), len(read)
        base = start - at
        while at < length:
            at = begins(_UNANCHORED, read, at, length)[0][0]
            if at < 0:
                return
            found = self._exact.match(text, base + at, stop)
            if found is None:
                at += 1
            else:
                yield found
                at = found.end() - base

    def sub(self, replacement: str | Callable[[re.Match[str]], str], text: str) -> str:
        """Return the text with every match replaced, as `re` would."""
        return text if self.search(text) is None else self._exact.sub(replacement, text)


def _read(text: str, start: int, end: int) -> bytes | None:
    """Return a stretch and the character before it as RE2 reads them; None where it cannot."""
    before = start - 1 if start else 0
    if isinstance(text, Folded):
        read: bytes | None = text.found.get(_read)
        if read is None:
            read = text.found[_read] = text.encode("latin-1").translate(READ_AS)
        return read[before:end]
    stretch = text[before:end]
    if stretch.isascii():
        return stretch.encode()
    try:
        return stretch.encode("latin-1").translate(READ_AS)
    except UnicodeEncodeError:
        return None
