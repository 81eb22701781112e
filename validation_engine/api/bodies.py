"""What callers send, read by msgspec: fast, strict, and with errors that name the field."""

from __future__ import annotations

from datetime import date  # noqa: TC003 - msgspec needs it at run time
from typing import TYPE_CHECKING, Literal, TypeVar

import msgspec

from tenants.errors import InvalidInput, TooLarge
from validation_engine.documents.limits import DEFAULT
from validation_engine.documents.read import TEXT, read, read_text

if TYPE_CHECKING:
    from fastapi import Request

    from validation_engine.documents.model import Document

# A JSON string may need more bytes than the text it holds.
MOST_BYTES = DEFAULT.bytes + 100_000
MOST_IN_BATCH = 500
Body = TypeVar("Body", bound=msgspec.Struct)
TextKind = Literal["text/plain", "text/markdown", "text/html"]


class DocumentIn(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One document to validate.

    Attributes:
        document: The text.
        modules: Module names.
        document_type: Its type; left out, it is detected.
        media_type: Of the text; left out, it is plain text.
        as_of: The day whose rules apply; left out, the document's own date.
        reference: The caller's name for it, given back in a batch.
    """

    document: str
    modules: list[str]
    document_type: str | None = None
    media_type: TextKind | None = None
    as_of: date | None = None
    reference: str | None = None


class CorrectionIn(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One document to correct; the fields of `DocumentIn`, and which edits to make."""

    document: str
    modules: list[str]
    document_type: str | None = None
    media_type: TextKind | None = None
    as_of: date | None = None
    reference: str | None = None
    apply: Literal["none", "safe", "all"] = "safe"


class BatchIn(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Several documents; each counts as one call."""

    documents: list[DocumentIn]


class Wanted(msgspec.Struct, frozen=True, kw_only=True):
    """A document as all routes hand it on, however it came: a text, or a file's bytes.

    Attributes:
        text: The text, None for a file.
        name: The file's name.
    """

    modules: list[str]
    text: str | None = None
    content: bytes = b""
    name: str = ""
    media_type: str | None = None
    document_type: str | None = None
    as_of: date | None = None
    reference: str | None = None

    def read(self) -> Document:
        """Return the document, read within limits."""
        if self.text is not None:
            return read_text(self.text, self.media_type or TEXT)
        return read(self.content, name=self.name, media_type=self.media_type)

    @property
    def size(self) -> int:
        """Return the document's size in characters, or bytes where it is a file."""
        return len(self.content if self.text is None else self.text)

    @property
    def original(self) -> bytes:
        """Return the document's bytes, for keeping."""
        return self.content if self.text is None else self.text.encode("utf-8", "replace")


def wanted(told: DocumentIn | CorrectionIn) -> Wanted:
    """Return a document that came as JSON."""
    return Wanted(
        text=told.document,
        modules=told.modules,
        media_type=told.media_type,
        document_type=told.document_type,
        as_of=told.as_of,
        reference=told.reference,
    )


async def raw_body(request: Request, most: int = MOST_BYTES) -> bytes:
    """Return the request's body, refusing it as soon as it is too large.

    Raises:
        TooLarge: It is larger than allowed; nothing beyond the limit was kept.
    """
    said = request.headers.get("content-length", "")
    if said.isdigit() and int(said) > most:
        raise too_large(int(said), most)
    parts, size = [], 0
    async for part in request.stream():
        size += len(part)
        if size > most:
            raise too_large(size, most)
        parts.append(part)
    return b"".join(parts)


def too_large(size: int, most: int) -> TooLarge:
    """Return the refusal of a body that is too large."""
    message = f"The request has {size:,} bytes or more, above the {most:,} allowed; split the document."
    return TooLarge(message, "document_too_large")


def parsed(body: bytes, kind: type[Body]) -> Body:
    """Return the body as an object of a kind.

    Raises:
        InvalidInput: It is no JSON, or a field is missing, unknown or of the wrong type.
    """
    try:
        return msgspec.json.decode(body, type=kind)
    except msgspec.ValidationError as error:
        message = f"The request does not fit: {error}."
        raise InvalidInput(message, "invalid_body") from None
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        message = f"The request is not valid JSON: {error}."
        raise InvalidInput(message, "invalid_json") from None
