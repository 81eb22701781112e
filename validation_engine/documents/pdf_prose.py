"""Whether lines are prose of a column or cells of a table, and whether a line goes on with the next."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from validation_engine.documents.pdf_pieces import Line, Piece

# Of the lines of prose so many go on with a small letter after a full line; of a table's cells hardly any.
FLOWS = 0.4
# A side by itself needs so many lines; one that only goes on may be shorter.
SIDE = 3
# So many pairs of cells that begin side by side make a table.
_ROWS = 3
# In a table so much of what begins anew on the side with less of it, and on the other, is side by side.
_OF_FEW, _OF_MANY = 0.8, 0.5
# White of so many heights between two lines sets them apart.
APART = 1.2


def is_columns(left: Line, right: Line, height: float, least: int) -> bool:
    """Return whether two sides are columns: one of prose at least, and no cells that begin side by side."""
    one, other = nearest(left, last=True), nearest(right, last=False)
    if not one or not other:
        return False
    flows = [side for side in (one, other) if len(side) >= least and flow(side) >= FLOWS]
    if not flows or _is_table(one, other, height, len(flows)):
        return False
    rest = other if flows[0] is one else one
    return len(flows) == 2 or len(rest) >= SIDE or rest[0].text[:1].islower()  # noqa: PLR2004 - both sides


def _is_table(one: Line, other: Line, height: float, flows: int) -> bool:
    """Return whether what begins anew on one side has what begins anew on the other beside it: cells."""
    fresh = [[piece for piece in side if not piece.text[:1].islower()] for side in (one, other)]
    few, many = sorted(fresh, key=len)
    shared = sum(any(abs(piece.middle - cell.middle) < height / 2 for cell in many) for piece in few)
    if flows == 1 and _is_cells(one if flow(one) < FLOWS else other, height):
        return True
    return len(few) >= _ROWS + flows - 1 and shared >= _OF_FEW * len(few) and shared >= _OF_MANY * len(many)


def _is_cells(lines: Line, height: float) -> bool:
    """Return whether most lines of a side stand alone, as cells beside cells of several lines do."""
    alone = sum(old.bottom - new.top > APART * height for old, new in pairwise(lines))
    return len(lines) >= _ROWS and alone * 2 > len(lines) - 1


def nearest(side: Line, *, last: bool) -> Line:
    """Return of each line of a side the piece nearest to the gutter, from the top."""
    lines: list[Line] = []
    for piece in sorted(side, key=lambda one: -one.middle):
        if lines and piece.middle > lines[-1][0].bottom and piece.top > lines[-1][0].middle:
            lines[-1].append(piece)
        else:
            lines.append([piece])
    return [(max if last else min)(line, key=lambda one: one.left) for line in lines]


def flow(lines: Line) -> float:
    """Return the share of lines that go on with a small letter after a full line."""
    edge = max(one.right for one in lines)
    going = sum(new.text[:1].islower() and is_full(old, new, edge) for old, new in pairwise(lines))
    return going / max(len(lines) - 1, 1)


def is_full(line: Piece, following: Piece, edge: float) -> bool:
    """Return whether the first word of the following line had no room on this one."""
    letter = (following.right - following.left) / len(following.text)
    return line.right + letter * (len(following.text.split(None, 1)[0]) + 1) > edge - letter
