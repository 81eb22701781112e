"""DOCX: paragraphs, tables, headers, footers and notes in reading order, without hidden or deleted text."""

from __future__ import annotations

import io
import zipfile
from typing import TYPE_CHECKING, Any

import msgspec

from validation_engine.documents.build import build
from validation_engine.documents.model import Block, BlockKind, Document
from validation_engine.errors import DocumentRefused

if TYPE_CHECKING:
    from collections.abc import Iterator

    from validation_engine.documents.limits import Limits

MEDIA_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_ENCRYPTED = 0x1
_DAMAGED = "The DOCX file is damaged and cannot be opened; save it again in the program that made it."
_MOST_PARTS = 5_000
# Small archives expand much without harm.
_HARMLESS = 1_000_000


class Segment(msgspec.Struct, frozen=True):
    """A paragraph's stretch of the readable text; `lead` characters of its own text were cut off in front."""

    element: Any
    start: int
    end: int
    lead: int


def read_docx(content: bytes, limits: Limits) -> Document:
    """Return the document of a DOCX file.

    Raises:
        DocumentRefused: It is encrypted, damaged, no DOCX, or expands too much.
    """
    check_archive(content, limits)
    text, blocks, _ = laid_out(open_docx(content))
    if len(text) > limits.characters:
        message = f"The document has {len(text):,} characters, more than {limits.characters:,}; split it."
        raise DocumentRefused(message, "document_too_large")
    return build(text, blocks, media_type=MEDIA_TYPE, original=content)


def laid_out(opened: Any) -> tuple[str, list[Block], list[Segment]]:  # noqa: ANN401 - python-docx has no types
    """Return the readable text, its blocks, and which paragraph each stretch of it comes from."""
    pieces: list[str] = []
    blocks: list[Block] = []
    segments: list[Segment] = []
    at = 0
    for kind, level, paragraphs in _blocks(opened):
        begin = at
        for element, told in paragraphs:
            stripped = told.strip()
            if not stripped:
                continue
            if at > begin:
                pieces.append("\t")
                at += 1
            lead = len(told) - len(told.lstrip())
            segments.append(Segment(element, at, at + len(stripped), lead))
            pieces.append(stripped)
            at += len(stripped)
        if at > begin:
            blocks.append(Block(kind, begin, at, level))
            pieces.append("\n")
            at += 1
    return "".join(pieces), blocks, segments


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
    if any(part.flag_bits & _ENCRYPTED for part in parts):
        message = "The file is encrypted; save it without a password."
        raise DocumentRefused(message, "document_encrypted")
    if not any(part.filename == "word/document.xml" for part in parts):
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
        raise DocumentRefused(_DAMAGED, "document_damaged") from None


_Told = tuple[BlockKind, int, list[tuple[Any, str]]]


def _blocks(opened: Any) -> Iterator[_Told]:  # noqa: ANN401 - as above
    sections = list(opened.sections)[:1]
    for section in sections:
        yield from _container(section.header)
    yield from _container(opened)
    yield from _notes(opened)
    for section in sections:
        yield from _container(section.footer)


def _container(container: Any) -> Iterator[_Told]:  # noqa: ANN401 - as above
    for inner in container.iter_inner_content():
        if hasattr(inner, "rows"):
            for row in inner.rows:
                yield "row", 0, [(one, paragraph_text(one)) for one in _row(row)]
        else:
            kind, level = _kind(inner)
            yield kind, level, [(inner._p, paragraph_text(inner._p))]  # noqa: SLF001 - hidden runs show in the element


def _row(row: Any) -> Iterator[Any]:  # noqa: ANN401 - as above
    """Yield the paragraphs of a row's cells; a merged cell is given once for each column it spans."""
    seen = None
    for cell in row.cells:
        if cell._tc is not seen:  # noqa: SLF001 - as above
            seen = cell._tc  # noqa: SLF001 - as above
            yield from (part._p for part in cell.paragraphs)  # noqa: SLF001 - as above


def _kind(paragraph: Any) -> tuple[BlockKind, int]:  # noqa: ANN401 - as above
    style = (paragraph.style.name or "") if paragraph.style is not None else ""
    if style.startswith(("Heading", "Title")):
        digits = "".join(character for character in style if character.isdigit())
        return "heading", int(digits or 1)
    if style.startswith("List") or paragraph._p.find(f"{_W}pPr/{_W}numPr") is not None:  # noqa: SLF001 - as above
        return "item", 0
    return ("quote", 0) if "Quote" in style else ("paragraph", 0)


def paragraph_text(element: Any) -> str:  # noqa: ANN401 - as above
    """Return what a reader sees of a paragraph: insertions in, deletions and hidden runs out."""
    pieces = []
    for node in element.iter(f"{_W}t", f"{_W}tab", f"{_W}br", f"{_W}noBreakHyphen"):
        if is_hidden(node, element):
            continue
        if node.tag == f"{_W}t":
            pieces.append(node.text or "")
        else:
            pieces.append(
                "-" if node.tag == f"{_W}noBreakHyphen" else "\t" if node.tag == f"{_W}tab" else " "
            )
    return "".join(pieces)


def is_hidden(node: Any, element: Any) -> bool:  # noqa: ANN401 - as above
    """Return whether a part of a paragraph is deleted, moved away or hidden."""
    for above in node.iterancestors():
        if above is element:
            return False
        if above.tag in (f"{_W}del", f"{_W}moveFrom"):
            return True
        if above.tag == f"{_W}r" and above.find(f"{_W}rPr/{_W}vanish") is not None:
            return True
    return False


def _notes(opened: Any) -> Iterator[_Told]:  # noqa: ANN401 - as above
    from docx.oxml.parser import parse_xml  # noqa: PLC0415 - heavy, and few documents need it

    for part in opened.part.package.iter_parts():
        if str(part.partname) in ("/word/footnotes.xml", "/word/endnotes.xml"):
            for paragraph in parse_xml(part.blob).iter(f"{_W}p"):
                yield "paragraph", 0, [(paragraph, paragraph_text(paragraph))]
