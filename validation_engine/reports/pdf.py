"""The report as PDF, in the built-in fonts: what they lack is written plainly."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from validation_engine.documents.fold import fold
from validation_engine.documents.spelling import spelled
from validation_engine.reports.text import as_text, printable

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from validation_engine.results import Result

_COLOURS = {"FAIL": (179, 38, 30), "WARNING": (178, 106, 0), "NEEDS_REVIEW": (11, 87, 208)}
_NARROW, _LINE = 5, 5


def as_pdf(results: Sequence[tuple[str, Result]], refused: Mapping[str, str]) -> bytes:
    """Return the report as a PDF that is the same for the same results; it names what could not be read."""
    from fpdf import FPDF  # noqa: PLC0415 - heavy, and few reports are PDFs

    page = FPDF()
    page.set_creation_date(datetime.fromisoformat(results[0][1].as_of).replace(tzinfo=UTC))
    page.set_title("Compliance report")
    page.set_auto_page_break(auto=True, margin=15)
    page.add_page()
    for line in as_text(results).decode().splitlines():
        _write(page, line)
    for message in refused.values():
        _write(page, f"Not read: {printable(message)}")
    _write(page, "")
    _write(page, "This report is no legal advice.")
    return bytes(page.output())


def _write(page: Any, line: str) -> None:  # noqa: ANN401 - fpdf2 is used without types
    plain = fold(spelled(line).text).replace("\xa4", "EUR ").encode("latin-1", "replace").decode("latin-1")
    indent = len(plain) - len(plain.lstrip())
    verdict = next((name for name in _COLOURS if plain.strip().startswith(name)), None)
    bold = "B" if indent == 0 or verdict else ""
    page.set_font("helvetica", bold, 14 if indent == 0 and plain and not plain.startswith("This") else 9)
    page.set_text_color(*(_COLOURS[verdict] if verdict else (26, 26, 26)))
    page.set_x(page.l_margin + indent * _NARROW / 2)
    page.multi_cell(0, _LINE, plain.strip() or " ", new_x="LMARGIN", new_y="NEXT")
