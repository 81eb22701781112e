"""PDFs for tests with fields of a form, as programs that fill forms leave them."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, Any

from pypdf import PdfWriter
from pypdf.generic import (
    ArrayObject,
    BooleanObject,
    DictionaryObject,
    FloatObject,
    NameObject,
    NumberObject,
    TextStringObject,
)

if TYPE_CHECKING:
    from fpdf import FPDF

HIDDEN, NO_VIEW, PRINTED = 2, 32, 4
PASSWORD, COMBO = 1 << 13, 1 << 17
# A4 in points, a millimetre in points.
HIGH, POINT = 841.89, 72 / 25.4


def made_of(value: Any) -> Any:
    if isinstance(value, str):
        return NameObject(value) if value.startswith("/") else TextStringObject(value)
    if isinstance(value, dict):
        return DictionaryObject({NameObject(f"/{key}"): made_of(one) for key, one in value.items()})
    if isinstance(value, list):
        return ArrayObject(map(made_of, value))
    return NumberObject(value) if isinstance(value, int) else FloatObject(value)


def field(text: str, left: float, top: float, *, wide: float = 100, high: float = 8, **about: Any) -> Any:
    """Return a text field with its left upper corner in millimetres of the page."""
    box = [left, HIGH / POINT - top - high, left + wide, HIGH / POINT - top]
    told = {
        "Type": "/Annot",
        "Subtype": "/Widget",
        "FT": "/Tx",
        "T": f"field {left} {top}",
        "V": text,
        "Rect": [one * POINT for one in box],
        "DA": "/Helv 10 Tf 0 g",
        "F": PRINTED,
        **about,
    }
    return made_of(told)


def filled(page: FPDF, *fields: Any) -> bytes:
    """Return a file of one page with the fields over it, drawn by whoever shows it."""
    writer = PdfWriter(clone_from=io.BytesIO(bytes(page.output())))
    added = ArrayObject(writer._add_object(one) for one in fields)
    writer.pages[0].setdefault(NameObject("/Annots"), ArrayObject()).extend(added)
    form = {NameObject("/Fields"): added, NameObject("/NeedAppearances"): BooleanObject(value=True)}
    writer.root_object[NameObject("/AcroForm")] = DictionaryObject(form)
    written = io.BytesIO()
    writer.write(written)
    return written.getvalue()
