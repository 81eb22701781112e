"""What is filled into a PDF's form fields and written over its pages, as far as a reader sees it.

The page's own text has none of it: a viewer draws it over the page. What a page says in the same place,
because somebody drew the fields into it and left them there, is told once.
"""

from __future__ import annotations

import ctypes
import re
from typing import TYPE_CHECKING, Any, NamedTuple

from validation_engine.documents.pdf_unseen import PALE, TINY, drawn

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from validation_engine.documents.pdf_pieces import Box

# A field's border and its inner margin, in points.
_EDGE = 2.0
# How an annotation's own appearance is told: "/Helv 10 Tf 0 0 1 rg".
_SIZE = re.compile(r"([\d.]*\d) +Tf\b")
_COLOUR = re.compile(r"((?:[\d.]*\d +){2}[\d.]*\d) +rg\b|([\d.]*\d) +g\b")
# The bit of a text field's flags that has stars shown in place of letters.
_PASSWORD = 1 << 13


class Field(NamedTuple):
    """Words in a box that lie over the page."""

    box: Box
    text: str


def fields(page: Any, layer: Any, library: Any) -> list[Field]:  # noqa: ANN401 - no types there
    """Return what lies over a page.

    Args:
        page: The page; of its form, where the document has one.
        layer: Its text layer.
        library: PDFium's functions.
    """
    return [one for one in _seen(page, library) if not _is_drawn(one, layer)]


def _seen(page: Any, library: Any) -> Iterator[Field]:  # noqa: ANN401 - no types there
    edges, shows = page.get_bbox(), None
    for index in range(library.FPDFPage_GetAnnotCount(page)):
        one = library.FPDFPage_GetAnnot(page, index)
        text, box, pale = _text(one, page.formenv, library), _box(one, library), _is_pale(one, page, library)
        is_hidden = _is_hidden(one, library) or _is_minute(one, library)
        library.FPDFPage_CloseAnnot(one)
        if not text or is_hidden or not _is_on(box, edges):
            continue
        if pale:
            shows = shows or drawn(page, over=True)
            inner = (box[0] + _EDGE, box[1] + _EDGE, box[2] - _EDGE, box[3] - _EDGE)
        if not pale or (shows and shows(inner)):
            yield Field(box, text)


def _text(one: Any, form: Any, library: Any) -> str:  # noqa: ANN401 - no types there
    """Return the words of a text field, a choice or a text written over the page; of others none."""
    kind = library.FPDFAnnot_GetSubtype(one)
    if kind == library.FPDF_ANNOT_FREETEXT:
        return _told(library.FPDFAnnot_GetStringValue, one, b"Contents")
    if kind != library.FPDF_ANNOT_WIDGET or not form:
        return ""
    field = library.FPDFAnnot_GetFormFieldType(form, one)
    if field == library.FPDF_FORMFIELD_TEXTFIELD:
        is_secret = library.FPDFAnnot_GetFormFieldFlags(form, one) & _PASSWORD
        return "" if is_secret else _told(library.FPDFAnnot_GetFormFieldValue, form, one)
    if field in (library.FPDF_FORMFIELD_COMBOBOX, library.FPDF_FORMFIELD_LISTBOX):
        return _chosen(one, form, library) or _told(library.FPDFAnnot_GetFormFieldValue, form, one)
    return ""


def _chosen(one: Any, form: Any, library: Any) -> str:  # noqa: ANN401 - no types there
    """Return the options that are chosen as they are shown; a field may keep a code for each."""
    options = range(max(library.FPDFAnnot_GetOptionCount(form, one), 0))
    chosen = [at for at in options if library.FPDFAnnot_IsOptionSelected(form, one, at)]
    return ", ".join(_told(library.FPDFAnnot_GetOptionLabel, form, one, at) for at in chosen)


def _told(function: Callable[..., int], *about: Any) -> str:  # noqa: ANN401 - no types there
    """Return the text that one of the library's functions writes, lines ended as in the page's text."""
    size = function(*about, None, 0)
    written = (ctypes.c_ushort * (size // 2 + 1))()
    function(*about, written, size)
    text = bytes(written)[: max(size - 2, 0)].decode("utf-16-le", "replace")
    return "\r\n".join(filter(None, map(str.strip, text.replace("\0", "").splitlines())))


def _box(one: Any, library: Any) -> Box:  # noqa: ANN401 - no types there
    box = library.FS_RECTF()
    library.FPDFAnnot_GetRect(one, box)
    (left, right), (bottom, top) = sorted((box.left, box.right)), sorted((box.bottom, box.top))
    return left, bottom, right, top


def _is_hidden(one: Any, library: Any) -> bool:  # noqa: ANN401 - no types there
    unseen = library.FPDF_ANNOT_FLAG_HIDDEN | library.FPDF_ANNOT_FLAG_NOVIEW
    return bool(library.FPDFAnnot_GetFlags(one) & unseen)


def _is_on(box: Box, edges: Box) -> bool:
    """Return whether a box has room for words and some of it lies on the page."""
    left, right = max(box[0], edges[0]), min(box[2], edges[2])
    bottom, top = max(box[1], edges[1]), min(box[3], edges[3])
    return right - left > _EDGE and top - bottom > _EDGE


def _is_pale(one: Any, page: Any, library: Any) -> bool:  # noqa: ANN401 - no types there
    """Return whether the words may be lost on white."""
    colours = [ctypes.c_uint() for _ in range(3)]
    known = page.formenv and library.FPDFAnnot_GetFontColor(page.formenv, one, *map(ctypes.byref, colours))
    if known:
        return min(colour.value for colour in colours) >= PALE
    told = _COLOUR.search(_told(library.FPDFAnnot_GetStringValue, one, b"DA"))
    return told is not None and min(map(float, (told[1] or told[2]).split())) * 255 >= PALE


def _is_minute(one: Any, library: Any) -> bool:  # noqa: ANN401 - no types there
    """Return whether the words are too small to be read; a size of nothing is the viewer's choice."""
    told = _SIZE.search(_told(library.FPDFAnnot_GetStringValue, one, b"DA"))
    return told is not None and 0 < float(told[1]) < TINY


def _is_drawn(one: Field, layer: Any) -> bool:  # noqa: ANN401 - no types there
    """Return whether the page's own text says the same in the same place."""
    left, bottom, right, top = one.box
    there = layer.get_text_bounded(left - _EDGE, bottom - _EDGE, right + _EDGE, top + _EDGE)
    return "".join(one.text.split()) in "".join(there.split())
