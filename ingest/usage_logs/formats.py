"""Reads the rows of a log file with the line each stands in, whatever the format."""

from __future__ import annotations

import csv
import gzip
import io
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, BinaryIO, cast

import msgspec

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

Row = dict[str, Any]


@dataclass(frozen=True)
class BadRow:
    """A row that has no fields, as text, and why."""

    text: str
    reason: str


Numbered = tuple[int, Row | BadRow]

_JSON = msgspec.json.Decoder()


def reader_for(path: Path) -> Callable[[Path], Iterator[Numbered]] | None:
    """Return what reads the file by the ending of its name, null where it is no log file."""
    name = path.name.removesuffix(".gz")
    return next((read for ending, read in READERS.items() if name.endswith(ending)), None)


def read_ndjson(path: Path) -> Iterator[Numbered]:
    """Yield one object a line; a line that is none is a bad row."""
    with _open(path) as file:
        for number, line in enumerate(file, start=1):
            if line.strip():
                yield number, _object(line)


def read_json(path: Path) -> Iterator[Numbered]:
    """Yield the members of one array (a batch of CloudEvents), numbered from 1, or one object a line."""
    with _open(path) as file:
        is_array = file.read(4096).lstrip().startswith(b"[")
    if not is_array:
        yield from read_ndjson(path)
        return
    with _open(path) as file:
        for number, member in enumerate(_JSON.decode(file.read()), start=1):
            yield number, member if isinstance(member, dict) else BadRow(str(member), "no object")


def read_csv(path: Path) -> Iterator[Numbered]:
    """Yield the rows below the header; a row with more fields than the header is a bad row."""
    with _open(path) as file, io.TextIOWrapper(file, "utf-8-sig", newline="") as text:
        lines = csv.DictReader(text, restkey="__more__", strict=True)
        for row in lines:
            is_longer = lines.restkey in row
            yield lines.line_num, BadRow(str(row), "more fields than the header") if is_longer else row


def read_parquet(path: Path) -> Iterator[Numbered]:
    """Yield the rows, numbered from 1."""
    import pyarrow.parquet as pq  # noqa: PLC0415 - start-up time

    number = 0
    with pq.ParquetFile(path) as file:
        for batch in file.iter_batches():
            for row in batch.to_pylist():
                number += 1
                yield number, row


def _object(line: bytes) -> Row | BadRow:
    text = line.decode(errors="replace").rstrip("\n")
    try:
        found = _JSON.decode(line)
    except msgspec.MsgspecError as error:
        return BadRow(text, str(error))
    return found if isinstance(found, dict) else BadRow(text, "no object")


def _open(path: Path) -> BinaryIO:
    return cast("BinaryIO", gzip.open(path)) if path.name.endswith(".gz") else path.open("rb")


READERS: dict[str, Callable[[Path], Iterator[Numbered]]] = {
    ".ndjson": read_ndjson,
    ".jsonl": read_ndjson,
    ".json": read_json,
    ".csv": read_csv,
    ".parquet": read_parquet,
}
