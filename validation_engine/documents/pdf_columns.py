"""The order in which a page set in columns is read, from where its words stand.

A page is cut at a gutter: a strip of white that lines on both sides leave free. What crosses it (a
heading, a paragraph over the whole width) parts the page into bands; a band's left side is read before
its right, and each is cut again. Two columns of a table leave such a strip too, so a side must flow like
prose: lines go on with a small letter where the line before was full. A page without columns stays as
the file has it.
"""

from __future__ import annotations

import math
from collections import Counter
from typing import TYPE_CHECKING, Any

from validation_engine.documents import pdf_pieces
from validation_engine.documents.pdf_pieces import GUTTER
from validation_engine.documents.pdf_placing import with_placed
from validation_engine.documents.pdf_prose import APART, FLOWS, SIDE, flow, is_columns
from validation_engine.documents.pdf_written import written

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from validation_engine.documents.pdf_pieces import Line

# More characters than a dense newspaper page has, and more pieces than its lines.
_MOST_CHARACTERS = 40_000
_MOST_PIECES = 1_500
_DEEPEST = 8
# The likeliest gutters are tried, each against so many lines above and below.
_TRIED, _NEAR = 6, 12
# Where a gutter is known, two lines make a side.
_KNOWN_SIDE = 2
# Running heads and feet stand in this share of a page's height, have so many lines at most, and white of so
# many heights beside them: more where the last line could end a paragraph.
_MARGIN, _RUNNING, _FAR_APART = 0.14, 3, 2.0
_ENDS = (".", "!", "?", ":", ";")


def in_reading_order(layer: Any, library: Any, text: str, over: Line) -> str:  # noqa: ANN401 - no types there
    """Return a page's text in reading order.

    Args:
        layer: The page's text layer.
        library: PDFium's functions.
        text: The text in the file's order.
        over: The fields that lie over it.
    """
    return _in_columns(layer, library, text, over) or with_placed(text, over)


def _in_columns(layer: Any, library: Any, text: str, over: Line) -> str | None:  # noqa: ANN401 - as above
    """Return the text of a page that is set in columns."""
    boxes = pdf_pieces.boxes(layer.raw, library)
    if not pdf_pieces.beside(boxes) or len(text) > _MOST_CHARACTERS or layer.count_chars() != len(text):
        return None
    height = pdf_pieces.height(boxes)
    found = [*pdf_pieces.pieces(layer.raw, library, text, height), *over]
    pieces, aside = pdf_pieces.upright(layer.raw, library, found)
    if not pieces or len(pieces) > _MOST_PIECES:
        return None
    parts = _page(pieces, height)
    return None if len(parts) == 1 else written([*parts, aside], text, height)


def _page(pieces: Line, height: float) -> list[Line]:
    """Return the parts of a page: its running head, what it holds, its running foot."""
    strips = _strips(pieces)
    above, below = _running(strips, height), _running(strips[::-1], height)
    if above + below >= len(strips):
        return [pieces]
    body = [piece for strip in strips[above : len(strips) - below] for piece in strip]
    parts = _cut(body, height, 0)
    if len(parts) == 1:
        return [pieces]
    ends = [
        [piece for strip in some for piece in strip]
        for some in (strips[:above], strips[len(strips) - below :])
    ]
    return [part for part in (ends[0], *parts, ends[1]) if part]


def _strips(pieces: Line) -> list[Line]:
    """Return the pieces in strips from the top, white from side to side between them."""
    strips: list[Line] = []
    floor = 0.0
    for piece in sorted(pieces, key=lambda one: -one.top):
        if not strips or piece.top <= floor:
            strips.append([])
            floor = piece.bottom
        strips[-1].append(piece)
        floor = min(floor, piece.bottom)
    return strips


def _white(one: Line, other: Line) -> float:
    upper, lower = (one, other) if one[0].top > other[0].top else (other, one)
    return min(piece.bottom for piece in upper) - max(piece.top for piece in lower)


def _running(strips: Sequence[Line], height: float) -> int:
    """Return how many strips at the first end are a running head or foot, set apart from the rest."""
    every = [piece for strip in strips for piece in strip]
    margin = _MARGIN * (max(one.top for one in every) - min(one.bottom for one in every))
    for count in range(1, min(_RUNNING, len(strips) - 1) + 1):
        run = [piece for strip in strips[:count] for piece in strip]
        if max(one.top for one in run) - min(one.bottom for one in run) > margin:
            return 0
        ends = max(run, key=lambda one: one.start).text.endswith(_ENDS)
        if _white(strips[count - 1], strips[count]) >= (_FAR_APART if ends else APART) * height:
            return count
    return 0


def _cut(pieces: Line, height: float, depth: int) -> list[Line]:
    """Return the parts in reading order; one part where there are no columns."""
    if depth < _DEEPEST:
        for gutter in _gutters(pieces, height):
            bands = _bands(pieces, gutter, height)
            known = any(is_columns(*_sides(band, gutter), height, SIDE) for band in bands)
            if known:
                return list(_read(bands, gutter, height, depth))
    return [pieces]


def _read(bands: Sequence[Line], gutter: float, height: float, depth: int) -> Iterator[Line]:
    between: Line = []
    for band in bands:
        left, right = _sides(band, gutter)
        if not is_columns(left, right, height, _KNOWN_SIDE):
            between += band
            continue
        if between:
            yield from _cut(between, height, depth + 1)
            between = []
        yield from _cut(left, height, depth + 1)
        yield from _cut(right, height, depth + 1)
    if between:
        yield from _cut(between, height, depth + 1)


def _gutters(pieces: Line, height: float) -> list[float]:
    """Return where gutters may be, likeliest first: left of where most pieces begin beside others."""
    wide, votes = GUTTER * height, Counter[int]()
    ordered = sorted(pieces, key=lambda one: -one.top)
    for index, piece in enumerate(ordered):
        near = ordered[max(index - _NEAR, 0) : index + _NEAR + 1]
        rights = [
            one.right
            for one in near
            if one.top > piece.bottom and piece.top > one.bottom and one.right < piece.left
        ]
        if rights and piece.left - max(rights) >= wide:
            votes[round(piece.left)] += 1
    return [left - wide / 2 for left, count in votes.most_common(_TRIED) if count > 1]


def _bands(pieces: Line, gutter: float, height: float) -> list[Line]:
    """Return the pieces in bands from the top: what crosses the gutter or heads both sides, what it parts."""
    strips = _strips(pieces)
    tables = {id(one) for strip in _rows(strips, gutter, height) for one in strip}
    heads = tables | {
        id(strip[0]) for index, strip in enumerate(strips) if _heads_both(strips, index, gutter, height)
    }
    bands: list[Line] = []
    crossing = [one for one in pieces if one.left < gutter < one.right or id(one) in heads]
    walls = sorted({one.middle for one in crossing}, reverse=True)
    crosses = {id(one) for one in crossing}
    for number in range(len(walls) + 1):
        upper = walls[number - 1] if number else math.inf
        lower = walls[number] if number < len(walls) else -math.inf
        held = [one for one in pieces if id(one) not in crosses and lower <= one.middle < upper]
        wall = [one for one in crossing if one.middle == lower] if number < len(walls) else []
        bands += [band for band in (held, wall) if band]
    return bands


def _sides(band: Line, gutter: float) -> tuple[Line, Line]:
    return [one for one in band if one.right <= gutter], [one for one in band if one.right > gutter]


def _rows(strips: Sequence[Line], gutter: float, height: float) -> Iterator[Line]:
    """Yield the rows of tables that leave the gutter free: set apart, side by side, and no prose."""
    runs: list[list[Line]] = []
    for strip in strips:
        if not runs or _white(runs[-1][-1], strip) >= APART * height:
            runs.append([])
        runs[-1].append(strip)
    for run in runs if len(runs) > 1 else ():
        left, right = _sides([one for strip in run for one in strip], gutter)
        paired = sum(all(_sides(strip, gutter)) for strip in run)
        if paired > 1 and paired * 3 >= len(run) * 2 and max(flow(left), flow(right)) < FLOWS:
            yield from run


def _heads_both(strips: Sequence[Line], index: int, gutter: float, height: float) -> bool:
    """Return whether a short line left of the gutter heads what follows on both sides."""
    strip = strips[index]
    if len(strip) > 1 or not 0 < index < len(strips) - 1 or strip[0].text.endswith(_ENDS):
        return False
    above, below = strips[index - 1], strips[index + 1]
    apart = min(_white(above, strip), _white(strip, below)) >= height * GUTTER / 2
    over = any(one.right > gutter for row in strips[:index] for one in row) and any(
        one.right > gutter for one in below
    )
    return apart and over and strip[0].right < gutter
