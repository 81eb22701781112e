"""How large a document may be, in bytes, characters, pages, depth and time."""

from __future__ import annotations

import msgspec


class Limits(msgspec.Struct, frozen=True):
    """Limits under which a document is read.

    Attributes:
        bytes: Of the file as given.
        characters: Of the readable text.
        lines: Of a text or Markdown; paragraphs of a DOCX.
        pages: Of a PDF.
        expansion: Unpacked size over packed size of an archive.
        unpacked: Bytes of an archive unpacked.
        depth: Nesting of elements.
        seconds: Time for reading.
    """

    bytes: int = 10_000_000
    characters: int = 2_000_000
    lines: int = 150_000
    pages: int = 1_000
    expansion: int = 100
    unpacked: int = 60_000_000
    depth: int = 400
    seconds: float = 10.0


DEFAULT = Limits()
