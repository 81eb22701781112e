"""Text that a PDF holds and no reader sees: white on white, without ink, too small, outside of the page.

Whether a colour shows depends on what lies beneath it. So a page with pale text is drawn, and that text
counts where anything shows. A scan's text layer is without ink over the picture of the same words, and
counts. Text in a form, of which a letterhead may be made, always counts.
"""

from __future__ import annotations

import ctypes
from typing import TYPE_CHECKING, Any

from validation_engine.documents.pdf_pieces import asked, boxes

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from validation_engine.documents.pdf_pieces import Box

# A fill from this up, of 255, may be lost on paper; one less opaque than this is hardly ink.
PALE, _OPAQUE = 225, 32
# In points: the letters of a font of four are higher.
TINY = 1.2
# Pixels a point where the page is no poster, and the most along a side.
_SCALE, _SIDE = 1.5, 2_000
# Shades, of 255, that an eye tells apart.
_APART = 10
# What covers so much of a page is the picture of it.
_MOST = 0.5


def without_unseen(page: Any, layer: Any, library: Any, text: str) -> str:  # noqa: ANN401 - no types there
    """Return a page's text with spaces in place of what no reader sees.

    Args:
        page: The page.
        layer: Its text layer.
        library: PDFium's functions.
        text: The layer's text.
    """
    edges = page.get_bbox()
    hidden = set(map(_address, _hidden(page, library)))
    if not hidden and not any(_is_low(box) or _is_outside(box, edges) for box in boxes(layer.raw, library)):
        return text
    box_at, letters = asked(library.FPDFText_GetCharBox, layer.raw), list(text)
    for index in range(layer.count_chars()):
        at = library.FPDFText_GetTextIndexFromCharIndex(layer.raw, index)
        if not 0 <= at < len(letters) or letters[at].isspace():
            continue
        left, right, bottom, top = box_at(index)
        is_minute = letters[at].isalnum() and max(right - left, top - bottom) < TINY
        is_lost = is_minute or _is_outside((left, bottom, right, top), edges)
        if is_lost or _address(library.FPDFText_GetTextObject(layer.raw, index)) in hidden:
            letters[at] = " "
    return "".join(letters)


def _is_low(box: Box) -> bool:
    """Return whether a run of text is a line of dots, or too small to be read."""
    return min(box[2] - box[0], box[3] - box[1]) < TINY


def _is_outside(box: Box, edges: Box) -> bool:
    left, bottom, right, top = box
    return right < edges[0] or top < edges[1] or left > edges[2] or bottom > edges[3]


def _hidden(page: Any, library: Any) -> Iterator[Any]:  # noqa: ANN401 - no types there
    """Yield the pale objects of text where nothing shows."""
    raw = page.raw
    objects = [library.FPDFPage_GetObject(raw, at) for at in range(library.FPDFPage_CountObjects(raw))]
    pale = list(_pale(page, objects, library))
    if pale:
        shows = drawn(page)
        yield from (one for one in pale if not shows(_bounds(one, library)))


def _address(one: Any) -> int | None:  # noqa: ANN401 - no types there
    return ctypes.cast(one, ctypes.c_void_p).value


def _pale(page: Any, objects: Sequence[Any], library: Any) -> Iterator[Any]:  # noqa: ANN401 - no types there
    """Yield the objects of text that are without ink or nearly white; not the text of a scan."""
    kinds = [library.FPDFPageObj_GetType(one) for one in objects]
    images = [one for one, kind in zip(objects, kinds, strict=True) if kind == library.FPDF_PAGEOBJ_IMAGE]
    width, height = page.get_size()
    is_scan = any(_area(_bounds(one, library)) >= _MOST * width * height for one in images)
    red, green, blue, alpha = colours = [ctypes.c_uint() for _ in range(4)]
    places = [ctypes.byref(colour) for colour in colours]
    for one, kind in zip(objects, kinds, strict=True):
        if kind != library.FPDF_PAGEOBJ_TEXT:
            continue
        if library.FPDFTextObj_GetTextRenderMode(one) == library.FPDF_TEXTRENDERMODE_INVISIBLE:
            if not is_scan:
                yield one
        elif library.FPDFPageObj_GetFillColor(one, *places) and (
            alpha.value < _OPAQUE or min(red.value, green.value, blue.value) >= PALE
        ):
            yield one


def _bounds(one: Any, library: Any) -> Box:  # noqa: ANN401 - no types there
    left, bottom, right, top = numbers = [ctypes.c_float() for _ in range(4)]
    library.FPDFPageObj_GetBounds(one, *map(ctypes.byref, numbers))
    return left.value, bottom.value, right.value, top.value


def _area(box: Box) -> float:
    return (box[2] - box[0]) * (box[3] - box[1])


def drawn(page: Any, *, over: bool = False) -> Callable[[Box], bool]:  # noqa: ANN401 - no types there
    """Draw a page; return what tells whether anything is seen in a box.

    Args:
        page: The page.
        over: Draw what lies over it, too: what is filled into its fields.
    """
    scale = min(_SCALE, _SIDE / max(page.get_size()))
    drawn = page.render(scale=scale, grayscale=True, may_draw_forms=over, draw_annots=over)
    place, pixels, stride = drawn.get_posconv(page).to_bitmap, bytes(drawn.buffer), drawn.stride

    def shows(box: Box) -> bool:
        across, down = zip(place(box[0], box[1]), place(box[2], box[3]), strict=True)
        first, last = max(min(across), 0), min(max(across) + 1, drawn.width)
        rows = range(max(min(down), 0), min(max(down) + 1, drawn.height))
        seen = b"".join([pixels[row * stride + first : row * stride + last] for row in rows])
        return bool(seen) and max(seen) - min(seen) >= _APART

    return shows
