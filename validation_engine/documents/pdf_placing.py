"""Where in a page's text its fields are read: after what stands left of them, else under the line above."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from validation_engine.documents import pdf_pieces
from validation_engine.documents.pdf_fields import fields
from validation_engine.documents.pdf_pieces import Piece

if TYPE_CHECKING:
    from collections.abc import Callable

    from validation_engine.documents.pdf_fields import Field
    from validation_engine.documents.pdf_pieces import Box, Line

# A field of more lines than this is level with what stands beside its first ones.
_LINES = 2.5
# Of a line where the page has no other.
_HEIGHT = 10.0
_BREAK = "\r\n"


def placed(page: Any, layer: Any, library: Any, text: str) -> Line:  # noqa: ANN401 - no types there
    """Return a page's fields as pieces that begin and end where they are read, each after what parts it."""
    over = fields(page, layer, library)
    if not over or layer.count_chars() != len(text):
        return [Piece(*one.box, len(text), len(text), _BREAK + one.text) for one in over]
    boxes = pdf_pieces.boxes(layer.raw, library)
    height = pdf_pieces.height(boxes) if boxes else _HEIGHT
    there = list(pdf_pieces.pieces(layer.raw, library, text, height))
    words, box_at = len(there), pdf_pieces.asked(library.FPDFText_GetCharBox, layer.raw)
    for one in over:
        there.append(_placed(one, there, height, box_at))
    return there[words:]


def with_placed(text: str, found: Line) -> str:
    """Return a page's text with its fields in their places."""
    written, at = list[str](), 0
    for one in sorted(found, key=lambda one: one.start):
        following = text[one.start : one.start + 1]
        after = "" if following.isspace() or not following else " " if one.text[0] == " " else _BREAK
        written += [text[at : one.start], one.text, after]
        at = one.start
    return "".join([*written, text[at:]])


def _placed(one: Field, there: Line, height: float, box_at: Callable[[int], Box]) -> Piece:
    left, bottom, right, top = one.box
    floor = bottom if top - bottom < _LINES * height else top - _LINES * height
    level = [piece for piece in there if floor < piece.middle < top and piece.left < left]
    above = [piece for piece in there if piece.middle >= top]
    at, parting = 0, ""
    if level:
        at, parting = _end_before(max(level, key=lambda piece: piece.left), left, box_at), " "
    elif above:
        lowest = min(piece.middle for piece in above) + height / 2
        last = max((piece for piece in above if piece.middle <= lowest), key=lambda piece: piece.end)
        at, parting = last.end, _BREAK
    return Piece(left, bottom, right, top, at, at, parting + one.text)


def _end_before(piece: Piece, left: float, box_at: Callable[[int], Box]) -> int:
    """Return the offset after the last character of a piece that stands left of a field."""
    for index in range(piece.end - 1, piece.start - 1, -1):
        if sum(box_at(index)[:2]) / 2 < left:
            return index + 1
    return piece.end
