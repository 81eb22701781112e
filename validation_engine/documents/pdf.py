"""PDF: the text layer page by page; a scan has none and is left to a person."""

from __future__ import annotations

import importlib.util
import json
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from validation_engine.documents import pdf_pages
from validation_engine.documents.build import build
from validation_engine.errors import DocumentRefused

if TYPE_CHECKING:
    from validation_engine.documents.limits import Limits
    from validation_engine.documents.model import Document

MEDIA_TYPE = "application/pdf"
_READER = Path(__file__).with_name("pdf_process.py")
# Address space; of it Python and the library take a tenth.
_MEMORY = 300_000_000
# For starting, on a busy machine.
_GRACE = 5.0
_REFUSALS = {
    "encrypted": ("document_encrypted", "The PDF is encrypted; save it without a password."),
    "damaged": ("document_damaged", "The PDF is damaged and cannot be opened; export it again."),
    "pages": (
        "document_too_large",
        "The PDF has {number:,} pages, more than the {pages:,} allowed; split it.",
    ),
    "characters": ("document_too_large", "The PDF has more than {characters:,} characters; split it."),
    "slow": ("document_too_slow", "Reading the PDF took more than {seconds:.0f} s; split it."),
    "stopped": (
        "document_expands",
        "Reading the PDF takes more than {memory:,} bytes of memory; it is damaged or no ordinary document.",
    ),
}


def read_pdf(content: bytes, limits: Limits) -> Document:
    """Return the document of a PDF file.

    Raises:
        DocumentRefused: It is encrypted, damaged, has too many pages, or takes too much time or memory.
    """
    laid = pdf_pages.laid_out(_pages(content, limits))
    return build(
        laid.text,
        laid.blocks,
        media_type=MEDIA_TYPE,
        original=content,
        folded=laid.folded,
        pages=laid.starts,
    )


def _pages(content: bytes, limits: Limits) -> list[str]:
    told = _told(content, limits)
    if "pages" in told:
        pages: list[str] = told["pages"]
        return pages
    code, message = _REFUSALS[told["refused"]]
    facts = {"pages": limits.pages, "characters": limits.characters, "seconds": limits.seconds}
    raise DocumentRefused(message.format(**facts, memory=_MEMORY, number=told.get("number", 0)), code)


def _told(content: bytes, limits: Limits) -> dict[str, Any]:
    """Return what a process of its own tells of the file: one page may unpack to gigabytes."""
    library = importlib.util.find_spec("pypdfium2")
    folder = str(Path(str(library and library.origin)).parent.parent)
    bounds = (limits.pages, limits.characters, limits.seconds, _MEMORY)
    command = [sys.executable, "-I", "-S", str(_READER), folder, *map(str, bounds)]
    try:
        done = subprocess.run(  # noqa: S603 - our own program
            command, input=content, capture_output=True, timeout=limits.seconds + _GRACE, check=False
        )
    except subprocess.TimeoutExpired:
        return {"refused": "slow"}
    if done.returncode:
        return {"refused": "stopped"}
    answer: dict[str, Any] = json.loads(done.stdout)
    return answer
