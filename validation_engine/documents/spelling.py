"""Text as it is spelled: without marks that show nothing, and letter by letter."""

from __future__ import annotations

import html
import re
import unicodedata
from bisect import bisect_right
from typing import TYPE_CHECKING

import msgspec

from validation_engine.documents.model import OriginMap

if TYPE_CHECKING:
    from collections.abc import Iterator

# Soft hyphens (with the end of the line that one breaks a word at), joiners, marks of direction, tags.
_UNSEEN = (
    "(?<=[A-Za-z])\xad\r?\n *(?=[a-z])|"
    "[\xad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f\u3164"
    "\ufe00-\ufe0f\ufeff\uffa0\U0001d173-\U0001d17a\U000e0000-\U000e0fff]+"
)
# Ligatures, letters as wide as ideographs, letters of formulas; and a letter with its accent apart.
_FORMS = "[\ufb00-\ufb06\uff01-\uff5e\U0001d400-\U0001d7ff]"
_ACCENTS = "[\u0300-\u036f]"
_REST = f"{_FORMS}{_ACCENTS}*|[A-Za-z]{_ACCENTS}+"
_ODD = re.compile(f"(?P<unseen>{_UNSEEN})|{_REST}")
# The same written as references, or as the place where a long word may be broken.
_REFERENCES = (
    r"&(?:shy|zwn?j|lrm|rlm|NoBreak|ZeroWidthSpace|#0*(?:173|820[3-7]|8288)|"
    r"#[xX]0*(?:[aA][dD]|200[b-fB-F]|2060));"
)
_ODD_IN_MARKUP = re.compile(f"(?P<unseen>{_UNSEEN}|{_REFERENCES}|</?wbr */?>)|&(?:ff[il]?|fi|fl)lig;|{_REST}")


class Spelled(msgspec.Struct, frozen=True):
    """A text as it is spelled, and how that leads to the text as it is; None where both are the same."""

    text: str
    origin: OriginMap | None

    def at(self, offset: int) -> int:
        """Return the spelled offset of one in the text as it is."""
        if self.origin is None:
            return offset
        piece = max(bisect_right(self.origin.source, offset) - 1, 0)
        into = max(offset - self.origin.source[piece], 0)
        return self.origin.readable[piece] + min(into, self.origin.widths[piece])


def spelled(text: str, *, in_markup: bool = False) -> Spelled:
    """Return a text as it is spelled, what references stand for in markup too."""
    odd = _ODD_IN_MARKUP if in_markup else _ODD
    if (text.isascii() and not in_markup) or not odd.search(text):
        return Spelled(text, None)
    parts = list(_parts(text, odd))
    origin, at = OriginMap([], [], [], []), 0
    for part, start, length in parts:
        origin.readable.append(at)
        origin.widths.append(len(part))
        origin.source.append(start)
        origin.lengths.append(length)
        at += len(part)
    return Spelled("".join([part for part, _, _ in parts]), origin)


def _parts(text: str, pattern: re.Pattern[str]) -> Iterator[tuple[str, int, int]]:
    """Yield the spelled parts, where each begins in the text and how long it is there."""
    at = 0
    for odd in pattern.finditer(text):
        if at < odd.start():
            yield text[at : odd.start()], at, odd.start() - at
        if odd["unseen"] is None:
            plain = unicodedata.normalize("NFKC", html.unescape(odd.group()))
            yield plain, odd.start(), len(odd.group())
        at = odd.end()
    yield text[at:], at, len(text) - at
