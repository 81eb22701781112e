"""What callers send, read by msgspec: fast, strict, and with errors that name the field."""

from __future__ import annotations

from datetime import date  # noqa: TC003 - msgspec needs it at run time
from typing import TYPE_CHECKING, TypeVar

import msgspec

from tenants.errors import InvalidInput
from validation_engine.documents.limits import DEFAULT
from validation_engine.documents.read import read, read_text

if TYPE_CHECKING:
    from fastapi import Request

    from validation_engine.documents.model import Document

# A JSON string may need six bytes a character.
MOST_BYTES = DEFAULT.bytes + 100_000
MOST_IN_BATCH = 100
Body = TypeVar("Body", bound=msgspec.Struct)


class DocumentIn(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One document to validate.

    Attributes:
        document: The text.
        modules: Module names.
        document_type: Its type; left out, it is detected.
        media_type: `text/plain`, `text/markdown` or `text/html`.
        as_of: The day whose rules apply; left out, the document's own date.
        reference: The caller's name for it, given back in a batch.
    """

    document: str
    modules: list[str]
    document_type: str | None = None
    media_type: str | None = None
    as_of: date | None = None
    reference: str | None = None

    def read(self) -> Document:
        """Return the document, read within limits."""
        return read_text(self.document, self.media_type or "text/plain")


class FileIn(msgspec.Struct, frozen=True):
    """A document sent as a multipart file, with the same fields beside it."""

    content: bytes
    name: str
    media_type: str | None
    modules: list[str]
    document_type: str | None = None
    as_of: date | None = None
    reference: str | None = None

    def read(self) -> Document:
        """Return the document, read within limits."""
        return read(self.content, name=self.name, media_type=self.media_type)


class BatchIn(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Several documents; each counts as one call."""

    documents: list[DocumentIn]


async def raw_body(request: Request, most: int = MOST_BYTES) -> bytes:
    """Return the request's body, refusing it as soon as it is too large.

    Raises:
        InvalidInput: It is larger than allowed; nothing beyond the limit was kept.
    """
    said = request.headers.get("content-length", "")
    if said.isdigit() and int(said) > most:
        raise _too_large(int(said), most)
    parts, size = [], 0
    async for part in request.stream():
        size += len(part)
        if size > most:
            raise _too_large(size, most)
        parts.append(part)
    return b"".join(parts)


def _too_large(size: int, most: int) -> InvalidInput:
    message = f"The request has {size:,} bytes or more, above the {most:,} allowed; split the document."
    return InvalidInput(message, "document_too_large")


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
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        message = f"The request is not valid JSON: {error}."
        raise InvalidInput(message, "invalid_json") from None
