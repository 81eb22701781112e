"""What callers send about a document, as JSON or beside a file in a form."""

from __future__ import annotations

from datetime import date  # noqa: TC003 - msgspec needs it at run time
from typing import TYPE_CHECKING, Annotated, Literal

import msgspec

from validation_engine.corrections.correct import Apply  # noqa: TC001 - msgspec needs it at run time
from validation_engine.documents.read import TEXT, read, read_text

if TYPE_CHECKING:
    from validation_engine.documents.model import Document

MOST_IN_BATCH = 500
TextKind = Literal["text/plain", "text/markdown", "text/html"]
LONGEST_REFERENCE = 500
Reference = Annotated[str, msgspec.Meta(max_length=LONGEST_REFERENCE)]


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
    reference: Reference | None = None


class CorrectionIn(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One document to correct; the fields of `DocumentIn`, and which edits to make."""

    document: str
    modules: list[str]
    document_type: str | None = None
    media_type: TextKind | None = None
    as_of: date | None = None
    reference: Reference | None = None
    apply: Apply = "safe"


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
