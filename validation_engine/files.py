"""The documents that a command line names: files, folders and standard input."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from validation_engine.errors import DocumentRefused

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

SUFFIXES = frozenset((".txt", ".text", ".md", ".markdown", ".html", ".htm", ".docx", ".pdf"))
STANDARD_INPUT = "-"


class Found(NamedTuple):
    """A place to read, None for standard input, and why it cannot be looked at, where it cannot."""

    path: Path | None
    error: OSError | None = None

    @property
    def name(self) -> str:
        """Return the name to show; one that is no UTF-8 is shown as far as it is."""
        return os.fsencode(self.path or "standard input").decode("utf-8", "replace")

    def content(self) -> bytes:
        """Return a document's bytes; of one that is too large as much as shows it.

        Raises:
            OSError: It cannot be read.
            DocumentRefused: There is no standard input.
        """
        from validation_engine.documents.limits import DEFAULT  # noqa: PLC0415 - loaded late: start-up time counts

        if self.error is not None:
            raise self.error
        if self.path is not None:
            with self.path.open("rb") as file:
                return file.read(DEFAULT.bytes + 1)
        if sys.stdin is None:
            message = "It is closed; name a file."
            raise DocumentRefused(message, "document_unreadable")
        return sys.stdin.buffer.read(DEFAULT.bytes + 1)


def found(files: Sequence[str]) -> Iterator[Found]:
    """Yield the files, and in folders the documents.

    Raises:
        DocumentRefused: A name is empty, or standard input is named twice.
    """
    if "" in files:
        message = "The name of a file is empty; name one, or `.` for this folder."
        raise DocumentRefused(message, "no_documents")
    if files.count(STANDARD_INPUT) > 1:
        message = "Standard input (`-`) is named more than once; it can be read once."
        raise DocumentRefused(message, "no_documents")
    for name in files:
        if name == STANDARD_INPUT:
            yield Found(None)
        elif _is_folder(Path(name)):
            yield from _in_folder(Path(name))
        else:
            yield Found(Path(name))


def _is_folder(path: Path) -> bool:
    try:
        return path.is_dir()
    except OSError:  # such as a name that is too long: opening it says so
        return False


def _in_folder(folder: Path) -> Iterator[Found]:
    """Yield what is of a known kind and not hidden, in order, and the folders that cannot be looked into."""
    unread: list[OSError] = []
    seen: list[Path] = []
    for inner, folders, names in os.walk(folder, onerror=unread.append):
        folders[:] = [name for name in folders if not name.startswith(".")]
        seen += [path for path in map(Path(inner).joinpath, names) if _is_document(path)]
    yield from map(Found, sorted(seen))
    for error in unread:
        yield Found(Path(error.filename or folder), error)


def _is_document(path: Path) -> bool:
    return not path.name.startswith(".") and path.suffix.lower() in SUFFIXES and path.is_file()
