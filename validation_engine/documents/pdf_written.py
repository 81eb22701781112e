"""A page's text written anew from its parts, with marks at the ends of lines."""

from __future__ import annotations

import math
import re
from typing import TYPE_CHECKING

from validation_engine.documents.pdf_prose import FLOWS, flow, is_full, nearest

if TYPE_CHECKING:
    from collections.abc import Sequence

    from validation_engine.documents.pdf_pieces import Line, Piece

# PDFium's mark of a word broken at a line's end; ours of a line that was broken by its column's width,
# and of the end of what stands by itself, before a line's end.
BROKEN, SOFT, PART = "\ufffe", "\v", "\f"
# What a line that goes on begins with, and what begins an item of a list for all that.
_OPENERS = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789\xa3\u20ac\"'(\u2018\u201c")
_ITEM = re.compile(r"\(?(?:\d{1,2}(?:\.\d{1,2})*|[a-z]|[ivx]{1,4})[.)] |\d{1,2}(?:\.\d{1,2}){1,3} ")
_ENDS = (".", "!", "?", ":", ";")


def written(parts: Sequence[Line], text: str, height: float) -> str:
    """Return the text of parts: what is together in the file as it is there, else line by line."""
    written: list[str] = []
    old, edge = None, math.inf
    for part in filter(None, parts):
        flows = flow(nearest(part, last=False)) >= FLOWS
        for index, piece in enumerate(sorted(part, key=lambda one: one.start)):
            if old:
                joint = _joint(old, piece, text, edge, height, inside=bool(index))
                if "\n" in joint and _is_broken(written[-1], piece.text):
                    written[-1], joint = written[-1][:-1], BROKEN + "\r\n"
                written.append(joint)
            written.append(piece.text)
            if not index:
                edge = max(one.right for one in part) if flows else math.inf
            old = piece
    return "".join(written)


def _joint(old: Piece, new: Piece, text: str, edge: float, height: float, *, inside: bool) -> str:
    between = text[old.end : new.start]
    if inside and "\n" not in between and (not between or between.isspace()):
        return between
    climbs = not inside and new.middle > old.top
    if not inside and not climbs:
        return PART + "\r\n"
    near = climbs or -height / 2 < old.bottom - new.top < height
    if climbs and old.text.endswith(_ENDS):
        return "\r\n"
    return SOFT if near and _goes_on(old, new, edge) else "\r\n"


def _goes_on(old: Piece, new: Piece, edge: float) -> bool:
    """Return whether a line was broken by its column's width, though the next begins with no small letter."""
    return is_full(old, new, edge) and new.text[0] in _OPENERS and not _ITEM.match(new.text)


def _is_broken(line: str, following: str) -> bool:
    return len(line) > 1 and line[-1] in "-\xad" and line[-2].isalpha() and following[:1].islower()
