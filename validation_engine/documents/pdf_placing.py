"""Where in a page's text its fields are read: after what stands left of them, else under the line above."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from validation_engine.documents import pdf_pieces
from validation_engine.documents.pdf_fields import fields
from validation_engine.documents.pdf_pieces import Piece

if TYPE_CHECKING:
    from collections.abc import Callable

    from validation_engine.documents.pdf_pieces import Line

# A field of more lines than this is level with what stands beside its first ones.
_LINES = 2.5
# Of a line where the page has no other.
_HEIGHT = 10.0
_BREAK = "\r\n"


def placed(page: Any, layer: Any, library: Any, text: str) -> Line:  # noqa: ANN401 - no types there
    """Return a page's fields as pieces that begin and end where they are read, each after what parts it."""
    end = len(text)
    over = [Piece(*one.box, end, end, _BREAK + one.text) for one in fields(page, layer, library)]
    if not over or layer.count_chars() != end:
        return over
    boxes, quarters = pdf_pieces.boxes(layer.raw, library), -page.get_rotation() // 90
    height = pdf_pieces.height(boxes) if boxes else _HEIGHT
    box_at = pdf_pieces.asked(library.FPDFText_GetCharBox, layer.raw)

    def middle(index: int) -> float:
        left, right, bottom, top = box_at(index)
        letter = pdf_pieces.turned(Piece(left, bottom, right, top, index, index + 1, ""), quarters)
        return (letter.left + letter.right) / 2

    words = pdf_pieces.pieces(layer.raw, library, text, height)
    there = [pdf_pieces.turned(one, quarters) for one in words]
    over = [pdf_pieces.turned(one, quarters) for one in over]
    for one in sorted(over, key=lambda one: (-round(one.top), one.left)):
        there.append(_placed(one, there, height, middle))
    return [pdf_pieces.turned(one, -quarters) for one in there[-len(over) :]]


def with_placed(text: str, found: Line) -> str:
    """Return a page's text with its fields in their places."""
    written, at = list[str](), 0
    for one in sorted(found, key=lambda one: one.start):
        following = text[one.start : one.start + 1]
        after = "" if following.isspace() or not following else " " if one.text[0] == " " else _BREAK
        written += [text[at : one.start], one.text, after]
        at = one.start
    return "".join([*written, text[at:]])


def _placed(one: Piece, there: Line, height: float, middle: Callable[[int], float]) -> Piece:
    floor = one.bottom if one.top - one.bottom < _LINES * height else one.top - _LINES * height
    level = [piece for piece in there if floor < piece.middle < one.top and piece.left < one.left]
    above = [piece for piece in there if piece.middle >= one.top]
    at, parting = 0, ""
    if level:
        at, parting = _end_before(max(level, key=lambda piece: piece.left), one.left, middle), " "
    elif above:
        lowest = min(piece.middle for piece in above) + height / 2
        last = max((piece for piece in above if piece.middle <= lowest), key=lambda piece: piece.end)
        at, parting = last.end, _BREAK
    return one._replace(start=at, end=at, text=parting + one.text.removeprefix(_BREAK))


def _end_before(piece: Piece, left: float, middle: Callable[[int], float]) -> int:
    """Return the offset after the last character of a piece that stands left of a field."""
    for index in range(piece.end - 1, piece.start - 1, -1):
        if middle(index) < left:
            return index + 1
    return piece.end
