"""PDF: the text layer page by page; a scan has none and is left to a person."""

from __future__ import annotations

import threading
import time
from typing import TYPE_CHECKING, Any

from validation_engine.documents.build import build
from validation_engine.documents.fold import fold
from validation_engine.documents.plain import plain_blocks
from validation_engine.errors import DocumentRefused

if TYPE_CHECKING:
    from validation_engine.documents.limits import Limits
    from validation_engine.documents.model import Document

MEDIA_TYPE = "application/pdf"
# PDFium is not made for several threads.
_one_at_a_time = threading.Lock()


def read_pdf(content: bytes, limits: Limits) -> Document:
    """Return the document of a PDF file.

    Raises:
        DocumentRefused: It is encrypted, damaged, has too many pages or takes too long.
    """
    with _one_at_a_time:
        pages = _pages(content, limits)
    text, starts = _joined(pages, limits)
    folded = fold(text)
    blocks = [
        block
        for index, start in enumerate(starts)
        for block in _page_blocks(text, folded, starts, index, start)
    ]
    return build(text, blocks, media_type=MEDIA_TYPE, original=content, folded=folded, pages=starts)


def _page_blocks(text: str, folded: str, starts: list[int], index: int, start: int) -> list[Any]:
    end = starts[index + 1] if index + 1 < len(starts) else len(text)
    return list(plain_blocks(folded, text, start, end))


def _pages(content: bytes, limits: Limits) -> list[str]:
    opened = _opened(content)
    try:
        if len(opened) > limits.pages:
            message = f"The PDF has {len(opened):,} pages, more than the {limits.pages:,} allowed; split it."
            raise DocumentRefused(message, "document_too_large")
        deadline = time.monotonic() + limits.seconds
        return [_page(opened, index, deadline, limits) for index in range(len(opened))]
    finally:
        opened.close()


def _opened(content: bytes) -> Any:  # noqa: ANN401 - pypdfium2 has no types
    import pypdfium2  # noqa: PLC0415 - heavy, and few documents need it

    try:
        return pypdfium2.PdfDocument(content)
    except pypdfium2.PdfiumError as error:
        if "password" in str(error).lower() or "security" in str(error).lower():
            message = "The PDF is encrypted; save it without a password."
            raise DocumentRefused(message, "document_encrypted") from None
        message = "The PDF is damaged and cannot be opened; export it again."
        raise DocumentRefused(message, "document_damaged") from None


def _page(opened: Any, index: int, deadline: float, limits: Limits) -> str:  # noqa: ANN401 - as above
    if time.monotonic() > deadline:
        message = f"Reading the PDF took more than {limits.seconds:.0f} s; split it."
        raise DocumentRefused(message, "document_too_slow")
    page = opened[index]
    try:
        layer = page.get_textpage()
        try:
            return str(layer.get_text_range())
        finally:
            layer.close()
    finally:
        page.close()


def _joined(pages: list[str], limits: Limits) -> tuple[str, list[int]]:
    pieces, starts, at = [], [], 0
    for page in pages:
        # A word broken at the end of a line comes with U+FFFE in PDFium.
        clean = page.replace("\ufffe\r\n", "").replace("\r\n", "\n").replace("\r", "\n")
        starts.append(at)
        pieces.append(clean + "\n\n")
        at += len(clean) + 2
        if at > limits.characters:
            message = f"The PDF has more than {limits.characters:,} characters; split it."
            raise DocumentRefused(message, "document_too_large")
    return "".join(pieces), starts
