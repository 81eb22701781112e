"""DOCX: paragraphs, tables, headers, footers and notes in reading order, without hidden or deleted text."""

from __future__ import annotations

import io
import re
import zipfile
import zlib
from typing import TYPE_CHECKING, Any

from validation_engine.documents.build import build
from validation_engine.documents.docx_layout import laid_out
from validation_engine.documents.fold import fold
from validation_engine.documents.model import Block, Document
from validation_engine.documents.plain import plain_blocks
from validation_engine.documents.spelling import spelled
from validation_engine.errors import DocumentRefused

if TYPE_CHECKING:
    from collections.abc import Iterator

    from validation_engine.documents.docx_layout import Layout
    from validation_engine.documents.limits import Limits
    from validation_engine.documents.spelling import Spelled

MEDIA_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
_ENCRYPTED = 0x1
_DAMAGED = "The DOCX file is damaged and cannot be opened; save it again in the program that made it."
_OTHER = (
    "The file is a template, has macros or is Strict Open XML; save it as an ordinary Word document (.docx)."
)
# Word on the web writes `document2.xml`.
_MAIN = re.compile(r"word/document\d*\.xml")
_CONTENT_TYPES = "[Content_Types].xml"
_ORDINARY = b"application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"
_STRICT = b"http://purl.oclc.org/ooxml/officeDocument/relationships/officeDocument"
_MOST_PARTS = 5_000
# Of one part in XML: read, it takes some fifteen times as much memory.
_MOST_XML = 12_000_000
# Small archives expand much without harm.
_HARMLESS = 1_000_000


def read_docx(content: bytes, limits: Limits) -> Document:
    """Return the document of a DOCX file.

    Raises:
        DocumentRefused: It is encrypted, damaged, no DOCX, expands too much or takes too long.
    """
    check_archive(content, limits)
    opened = open_docx(content)
    try:
        laid = laid_out(opened, limits)
    except DocumentRefused:
        raise
    except Exception:  # noqa: BLE001 - whatever a damaged part makes the reading raise, the answer is the same
        raise DocumentRefused(_DAMAGED, "document_damaged") from None
    plain = spelled(laid.text)
    folded = fold(plain.text)
    return build(
        plain.text,
        list(_blocks(laid, plain, folded)),
        media_type=MEDIA_TYPE,
        original=content,
        folded=folded,
        source=laid.text,
        origin=plain.origin,
    )


def _blocks(laid: Layout, plain: Spelled, folded: str) -> Iterator[Block]:
    """Yield the blocks: as the styles say, else as the same lines of a plain text would be read."""
    for one in laid.stretches:
        start, end = plain.at(one.start), plain.at(one.end)
        if one.kind is None:
            yield from plain_blocks(folded, plain.text, start, end)
        else:
            yield Block(one.kind, start, end, one.level)


def check_archive(content: bytes, limits: Limits) -> None:
    """Refuse an archive that is damaged, encrypted or expands too much; nothing is unpacked for it.

    Raises:
        DocumentRefused: It may not be opened.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            parts = archive.infolist()
    except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError):
        raise DocumentRefused(_DAMAGED, "document_damaged") from None
    unpacked = sum(part.file_size for part in parts)
    if unpacked > limits.unpacked or len(parts) > _MOST_PARTS:
        message = f"The file unpacks to {unpacked:,} bytes, above the {limits.unpacked:,} allowed; split it."
        raise DocumentRefused(message, "document_too_large")
    if unpacked > _HARMLESS and unpacked > limits.expansion * max(len(content), 1):
        message = f"The file expands more than {limits.expansion} times; it is not an ordinary document."
        raise DocumentRefused(message, "document_expands")
    longest = max((part.file_size for part in parts if part.filename.endswith((".xml", ".rels"))), default=0)
    if longest > _MOST_XML:
        message = f"A part of the file unpacks to {longest:,} bytes of XML, above {_MOST_XML:,}; split it."
        raise DocumentRefused(message, "document_too_large")
    if any(part.flag_bits & _ENCRYPTED for part in parts):
        message = "The file is encrypted; save it without a password."
        raise DocumentRefused(message, "document_encrypted")
    if not any(_MAIN.fullmatch(part.filename) for part in parts):
        message = "The file is an archive but no DOCX document; send text, Markdown, HTML, DOCX or PDF."
        raise DocumentRefused(message, "document_unreadable")


def open_docx(content: bytes) -> Any:  # noqa: ANN401 - python-docx has no types
    """Return the opened file.

    Raises:
        DocumentRefused: It is damaged.
    """
    import docx  # noqa: PLC0415 - heavy, and few documents need it

    try:
        return docx.Document(io.BytesIO(content))
    except Exception:  # noqa: BLE001 - whatever a damaged file makes the library raise, the answer is the same
        message, code = (
            (_OTHER, "document_unreadable") if _is_other(content) else (_DAMAGED, "document_damaged")
        )
        raise DocumentRefused(message, code) from None


def _is_other(content: bytes) -> bool:
    """Return whether a file that cannot be opened is of another kind by what it says of itself."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            types, relations = archive.read(_CONTENT_TYPES), archive.read("_rels/.rels")
    except (zipfile.BadZipFile, zlib.error, KeyError, ValueError, OSError, NotImplementedError):
        return False
    return _ORDINARY not in types or _STRICT in relations
