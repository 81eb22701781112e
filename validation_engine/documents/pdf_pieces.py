"""The words of a PDF's page and where they stand, told by the library."""

from __future__ import annotations

import ctypes
import math
from collections import Counter
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

# The least gap between columns, in heights of a line: wider than the space between words of a justified line.
GUTTER = 0.9
# A page with columns has more pieces than this.
_FEWEST = 6
# So many boxes further a box has none beside it.
_NEAR = 8
# So many characters tell which way a page's text runs.
_SAMPLE = 200


class Piece(NamedTuple):
    """Words on a line, no gap as wide as a gutter between; `start` and `end`: offsets in the page's text."""

    left: float
    bottom: float
    right: float
    top: float
    start: int
    end: int
    text: str

    @property
    def middle(self) -> float:
        """Half way up."""
        return (self.bottom + self.top) / 2


Box = tuple[float, float, float, float]
Line = list[Piece]


def boxes(raw: Any, library: Any) -> list[Box]:  # noqa: ANN401 - no types there
    """Return the boxes of the page's runs of text."""
    at = asked(library.FPDFText_GetRect, raw)
    found = [at(index) for index in range(library.FPDFText_CountRects(raw, 0, -1))]
    return [(left, bottom, right, top) for left, top, right, bottom in found]


def asked(function: Any, raw: Any) -> Callable[[int], Box]:  # noqa: ANN401 - no types there
    """Return a function of an index that gives the four numbers the library writes."""
    numbers = [ctypes.c_double() for _ in range(4)]
    one, two, three, four = numbers
    places = [ctypes.byref(number) for number in numbers]

    def ask(index: int) -> Box:
        function(raw, index, *places)
        return one.value, two.value, three.value, four.value

    return ask


def height(boxes: Sequence[Box]) -> float:
    """Return how high a usual line is; of lines that run upwards, how wide."""
    return max(
        sorted(min(top - bottom, right - left) for left, bottom, right, top in boxes)[len(boxes) // 2], 1.0
    )


def beside(boxes: Sequence[Box]) -> bool:
    """Return whether two lines or more have another beside them over a gutter: else there is no column."""
    if len(boxes) < _FEWEST:
        return False
    if sum(box[3] - box[1] > box[2] - box[0] for box in boxes) * 2 > len(boxes):
        boxes = [(bottom, left, top, right) for left, bottom, right, top in boxes]
    wide, found = GUTTER * height(boxes), 0
    ordered = sorted(boxes, key=lambda box: -box[3])
    for index, (left, bottom, right, _) in enumerate(ordered):
        for other in ordered[index + 1 : index + 1 + _NEAR]:
            if other[3] <= bottom:
                break
            found += other[0] - right >= wide or left - other[2] >= wide
        if found > 1:
            return True
    return False


def pieces(raw: Any, library: Any, text: str, height: float) -> Iterator[Piece]:  # noqa: ANN401 - no types there
    """Yield the pieces of a page in the file's order; each character but spaces is in one."""
    at = asked(library.FPDFText_GetCharBox, raw)
    held: Piece | None = None
    for index, letter in enumerate(text):
        if letter.isspace():
            continue
        left, right, bottom, top = at(index)
        new = Piece(left, bottom, right, top, index, index + 1, letter)
        joined = held and not _parts(held, new, text, height) and _joined(held, new, text)
        if held and not joined:
            yield held
        held = joined or new
    if held:
        yield held


def _parts(held: Piece, new: Piece, text: str, height: float) -> bool:
    """Return whether a character begins another piece."""
    if "\n" in text[held.end : new.start]:
        return True
    wide = GUTTER * max(height, min(held.top - held.bottom, held.right - held.left))
    level = new.bottom < held.top + height / 2 and held.bottom < new.top + height / 2
    upright = level and (-wide <= new.left - held.right <= wide or -wide <= held.left - new.right <= wide)
    upward = -wide <= new.bottom - held.top <= wide or -wide <= held.bottom - new.top <= wide
    return not upright and not (upward and new.left < held.right and held.left < new.right)


def _joined(held: Piece, new: Piece, text: str) -> Piece:
    return Piece(
        min(held.left, new.left),
        min(held.bottom, new.bottom),
        max(held.right, new.right),
        max(held.top, new.top),
        held.start,
        new.end,
        text[held.start : new.end],
    )


def turn(raw: Any, library: Any, text: str) -> int | None:  # noqa: ANN401 - no types there
    """Return by how many degrees a page is turned, clockwise, where most of its text is upright."""
    sample = range(0, len(text), len(text) // _SAMPLE + 1)
    angles = [library.FPDFText_GetCharAngle(raw, index) for index in sample if not text[index].isspace()]
    quarters = Counter(round(-angle * 2 / math.pi) % 4 for angle in angles)
    return quarters.most_common(1)[0][0] * 90 if quarters else None


def upright(raw: Any, library: Any, pieces: Line) -> tuple[Line, Line]:  # noqa: ANN401 - no types there
    """Return the pieces turned to run to the right, and those that run otherwise than most (a watermark)."""
    if not pieces:
        return [], []
    angles = [
        round(library.FPDFText_GetCharAngle(raw, max(piece.end - 1, 0)) * 2 / math.pi, 1) % 4
        for piece in pieces
    ]
    ((usual, _),) = Counter(angles).most_common(1)
    most = [
        turned(piece, round(usual)) for piece, angle in zip(pieces, angles, strict=True) if angle == usual
    ]
    return most, [piece for piece, angle in zip(pieces, angles, strict=True) if angle != usual]


def turned(piece: Piece, quarters: int) -> Piece:
    """Return a piece of text at an angle of so many quarters as if that text ran to the right."""
    left, bottom, right, top = piece[:4]
    box = {
        1: (-top, left, -bottom, right),
        2: (-right, -top, -left, -bottom),
        3: (bottom, -right, top, -left),
    }.get(quarters % 4, piece[:4])
    return Piece(*box, *piece[4:])
