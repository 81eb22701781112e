"""Reading a file by its kind, within limits; what cannot be read is refused with the reason."""

from __future__ import annotations

import re
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
_HTML_BEGINS = re.compile(
    rb"(?:\xef\xbb\xbf|\xff\xfe|\xfe\xff)?\s*(?:<\?xml[^>]{0,200}\?>\s*|<!--[^>]{0,2000}-->\s*)*<(?:!doctype\s+html|html)\b",
    re.IGNORECASE,
)
_LOOKED_AT = 4_000
_CONTROLS = bytes([*range(9), *range(14, 32)])
_RETURN_ALONE = re.compile(r"\r(?!\n)")
_ASCII = bytes(range(128))
# What a byte that is no UTF-8 is decoded to.
_STRAY = re.compile("[\udc80-\udcff]")
# UTF-32 first: its mark begins with that of UTF-16.
_MARKED = (
    ((b"\xff\xfe\0\0", b"\0\0\xfe\xff"), "utf-32"),
    ((b"\xff\xfe", b"\xfe\xff"), "utf-16"),
)
# By how many bytes a character has: encodings, and which of the bytes is the letter's.
_WITHOUT_MARK = (
    (4, (("utf-32-le", 0), ("utf-32-be", 3))),
    (2, (("utf-16-le", 0), ("utf-16-be", 1))),
)
_NO_TEXT = "The file is no document that can be read: send text, Markdown, HTML, DOCX or PDF."
TEXTS = (TEXT, MARKDOWN, HTML)
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
        msg = (
            f"The document has {len(content):,} bytes or more, above the {limits.bytes:,} allowed; split it."
        )
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

    Lines that end in a carriage return alone end in a line feed then, whatever others end in.

    Raises:
        DocumentRefused: It is too long or nested too deeply.
    """
    if len(text) > limits.characters:
        msg = f"The document has {len(text):,} characters, above the {limits.characters:,} allowed; split it."
        raise DocumentRefused(
            msg,
            "document_too_large",
        )
    if _RETURN_ALONE.search(text):
        original = text.encode("utf-8", "replace") if original is None else original
        text = _RETURN_ALONE.sub("\n", text)
    if media_type == HTML:
        from validation_engine.documents.html import read_html  # noqa: PLC0415 - loaded late: start-up time counts

        return read_html(text, original=original, limits=limits)
    if len(text) > limits.lines and (lines := text.count("\n") + 1) > limits.lines:
        msg = f"The document has {lines:,} lines, above the {limits.lines:,} allowed; split it."
        raise DocumentRefused(msg, "document_too_large")
    if media_type == MARKDOWN:
        from validation_engine.documents.markdown import read_markdown  # noqa: PLC0415 - loaded late: start-up time counts

        return read_markdown(text, original=original)
    return read_plain(text, original=original)


def kind_of(content: bytes, name: str = "", media_type: str | None = None) -> str:
    """Return the media type of a file: by its first bytes, else as said, else by its name.

    Raises:
        DocumentRefused: It is of a kind that is not read.
    """
    if _is_pdf(content, name, media_type):
        return PDF
    if content.startswith(b"PK\x03\x04"):
        return DOCX
    if content.startswith(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"):
        msg = "The document is an old or encrypted Office file; save it without a password as DOCX."
        raise DocumentRefused(msg, "document_encrypted")
    if content.startswith(b"{\\rtf"):
        msg = "The document is RTF, which is not read; save it as DOCX."
        raise DocumentRefused(msg, "document_unreadable")
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
    return HTML if kind == TEXT and _HTML_BEGINS.match(_beginning(content)) else kind


def _beginning(content: bytes) -> bytes:
    """Return the first bytes of a file, those of UTF-16 and UTF-32 as if each letter had one."""
    return content[: 4 * _LOOKED_AT].replace(b"\0", b"")[:_LOOKED_AT]


def _is_pdf(content: bytes, name: str, media_type: str | None) -> bool:
    """Return whether it is a PDF; its mark may come late, but a text that tells of it is none."""
    if content.startswith(b"%PDF-"):
        return True
    named = (media_type or "").startswith(PDF) or name.lower().endswith(".pdf")
    return b"%PDF-" in content[:1024] and (named or b"startxref" in content)


def decoded(content: bytes) -> str:
    """Return the text of bytes in UTF-8, UTF-16, UTF-32, Windows-1252 or a guessed encoding.

    A stray byte in UTF-8 is read as Windows-1252, as one character.

    Raises:
        DocumentRefused: They are no text.
    """
    text = _by_mark(content)
    if text is None:
        try:
            text = content.decode("utf-8-sig")
        except UnicodeDecodeError:
            text = _with_strays(content) or _guessed(content)
    if text.count("\0") * 100 > len(text):
        text = _without_mark(content)
    return text


def _with_strays(content: bytes) -> str | None:
    """Return the text of UTF-8 with a few stray bytes, None where it is hardly UTF-8."""
    text = content.decode("utf-8-sig", "surrogateescape")
    strays = len(_STRAY.findall(text))
    sound = len(text) - strays - (len(content) - len(content.translate(None, _ASCII)))
    return _STRAY.sub(_of_stray, text) if sound >= strays else None


def _of_stray(found: re.Match[str]) -> str:
    return found.group().encode("utf-8", "surrogateescape").decode("cp1252", "replace")


def _by_mark(content: bytes) -> str | None:
    """Return the text of bytes that begin with a mark of their order, None for others."""
    for marks, encoding in _MARKED:
        if content.startswith(marks):
            try:
                return content.decode(encoding)
            except UnicodeDecodeError:
                return None
    return None


def _without_mark(content: bytes) -> str:
    """Return the text of UTF-16 or UTF-32 without a mark: all bytes of most characters but one are zero."""
    for width, encodings in _WITHOUT_MARK:
        sample = content[: len(content) // width * width]
        for encoding, letter in encodings:
            zeros = [sample[at::width] for at in range(width) if at != letter]
            empty = sum(one.count(0) for one in zeros) * 10 > sum(map(len, zeros)) * 8
            if sample and empty and sample[letter::width].count(0) * 10 < len(sample) // width * 2:
                return sample.decode(encoding, "replace")
    raise DocumentRefused(_NO_TEXT, "document_unreadable")


def _guessed(content: bytes) -> str:
    head = content[:4_000]
    controls = len(head) - len(head.translate(None, _CONTROLS))
    if controls * 50 > len(head):
        return _without_mark(content)
    if len(content.translate(None, _ASCII)) * 2 <= len(content):
        try:
            return content.decode("cp1252")
        except UnicodeDecodeError:
            pass
    from charset_normalizer import from_bytes  # noqa: PLC0415 - loaded late: start-up time counts

    best = from_bytes(content[:200_000]).best()
    if best is None:
        raise DocumentRefused(_NO_TEXT, "document_unreadable")
    return content.decode(best.encoding, "replace")
