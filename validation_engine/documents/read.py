"""Reading a file by its kind, within limits; what cannot be read is refused with the reason."""

from __future__ import annotations

from typing import TYPE_CHECKING

from validation_engine.documents.limits import DEFAULT, Limits
from validation_engine.documents.plain import read_plain
from validation_engine.errors import DocumentRefused

if TYPE_CHECKING:
    from validation_engine.documents.model import Document

TEXT, MARKDOWN, HTML = "text/plain", "text/markdown", "text/html"
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
PDF = "application/pdf"
_BY_SUFFIX = {
    ".txt": TEXT,
    ".text": TEXT,
    ".md": MARKDOWN,
    ".markdown": MARKDOWN,
    ".html": HTML,
    ".htm": HTML,
    ".docx": DOCX,
    ".pdf": PDF,
}
_CONTROLS = bytes([*range(9), *range(14, 32)])
KNOWN = (TEXT, MARKDOWN, HTML, DOCX, PDF)


def read(
    content: bytes, *, name: str = "", media_type: str | None = None, limits: Limits = DEFAULT
) -> Document:
    """Return the document in a file.

    Args:
        content: The file's bytes.
        name: Its name; the ending tells the kind where the bytes do not.
        media_type: The kind, where the caller knows it.
        limits: What is too much.

    Raises:
        DocumentRefused: It is too large, damaged, encrypted, or of a kind that is not read.
    """
    if len(content) > limits.bytes:
        msg = f"The document has {len(content):,} bytes, more than the {limits.bytes:,} allowed; split it."
        raise DocumentRefused(
            msg,
            "document_too_large",
        )
    kind = kind_of(content, name, media_type)
    if kind == PDF:
        from validation_engine.documents.pdf import read_pdf  # noqa: PLC0415 - loaded late: start-up time counts

        return read_pdf(content, limits)
    if kind == DOCX:
        from validation_engine.documents.docx import read_docx  # noqa: PLC0415 - loaded late: start-up time counts

        return read_docx(content, limits)
    return read_text(decoded(content), kind, original=content, limits=limits)


def read_text(
    text: str, media_type: str = TEXT, *, original: bytes | None = None, limits: Limits = DEFAULT
) -> Document:
    """Return the document in a text of one of the text kinds.

    Raises:
        DocumentRefused: It is too long or nested too deeply.
    """
    if len(text) > limits.characters:
        msg = f"The document has {len(text):,} characters, above the {limits.characters:,} allowed; split it."
        raise DocumentRefused(
            msg,
            "document_too_large",
        )
    if media_type == MARKDOWN:
        from validation_engine.documents.markdown import read_markdown  # noqa: PLC0415 - loaded late: start-up time counts

        return read_markdown(text, original=original)
    if media_type == HTML:
        from validation_engine.documents.html import read_html  # noqa: PLC0415 - loaded late: start-up time counts

        return read_html(text, original=original, limits=limits)
    return read_plain(text, original=original)


def kind_of(content: bytes, name: str = "", media_type: str | None = None) -> str:
    """Return the media type of a file: by its first bytes, else as said, else by its name.

    Raises:
        DocumentRefused: It is of a kind that is not read.
    """
    if content.startswith(b"%PDF-") or b"%PDF-" in content[:1024]:
        return PDF
    if content.startswith(b"PK\x03\x04"):
        return DOCX
    if content.startswith(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"):
        msg = "The document is an old or encrypted Office file; save it without a password as DOCX."
        raise DocumentRefused(msg, "document_encrypted")
    said = (media_type or "").split(";")[0].strip().lower()
    if said in (PDF, DOCX):
        msg = f"The document is named {said} but does not begin like one; send the original file."
        raise DocumentRefused(msg, "document_damaged")
    if said in KNOWN and said != TEXT:
        return said
    suffix = "." + name.rsplit(".", 1)[-1].lower() if "." in name else ""
    kind = _BY_SUFFIX.get(suffix, TEXT)
    if kind in (PDF, DOCX):
        msg = f"The file {name!r} does not begin like a {suffix[1:].upper()} file; it is damaged or misnamed."
        raise DocumentRefused(
            msg,
            "document_damaged",
        )
    head = content[:400].lstrip().lower()
    if kind == TEXT and head.startswith((b"<!doctype html", b"<html")):
        return HTML
    return kind


def decoded(content: bytes) -> str:
    """Return the text of bytes in UTF-8, UTF-16 or a guessed encoding.

    Raises:
        DocumentRefused: They are no text.
    """
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        try:
            return content.decode("utf-16")
        except UnicodeDecodeError:
            pass
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = _guessed(content)
    if text.count("\0") * 100 > len(text):
        msg = "The file is no document that can be read: send text, Markdown, HTML, DOCX or PDF."
        raise DocumentRefused(msg, "document_unreadable")
    return text


def _guessed(content: bytes) -> str:
    from charset_normalizer import from_bytes  # noqa: PLC0415 - loaded late: start-up time counts

    best = from_bytes(content[:200_000]).best()
    controls = len(content[:4_000]) - len(content[:4_000].translate(None, _CONTROLS))
    if best is None or controls * 50 > len(content[:4_000]):
        msg = "The file is no document that can be read: send text, Markdown, HTML, DOCX or PDF."
        raise DocumentRefused(msg, "document_unreadable")
    return content.decode(best.encoding, "replace")
