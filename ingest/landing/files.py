"""Parquet files of the landing zone: written under a temporary name, read by stream."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Any

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.dataset as ds
import pyarrow.parquet as pq

from ingest.landing.durable import write_synced
from ingest.landing.manifest import FileEntry

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from datetime import date
    from pathlib import Path

# A stream, the day it goes under, its rows, and the cursors to put back should the file be lost.
Part = tuple[str, str, pa.Table, dict[str, Any]]


def staged(pending: Path, path: str) -> Path:
    """Return where a file waits for its commit."""
    return pending / path.replace("/", "~")


def committed_path(waiting: Path) -> str:
    """Return where a waiting file belongs once it is committed."""
    return waiting.name.replace("~", "/")


def stage(pending: Path, name: str, part: Part) -> FileEntry:
    """Write a part to where it waits, durably, and return its entry."""
    stream, day, table, rewind = part
    content = encode(table)
    path = f"{stream}/{day}/{name}.parquet"
    is_usage = stream == "usage_records"
    waiting = staged(pending, path)
    write_synced(waiting, content)
    return FileEntry(
        stream=stream,
        path=path,
        rows=table.num_rows,
        size=len(content),
        sha256=hashlib.sha256(content).hexdigest(),
        modified_ns=waiting.stat().st_mtime_ns,
        rewind=rewind,
        sources=sorted(table["source"].unique().to_pylist()) if is_usage else [],
        hashed_ids=is_usage,
    )


def encode(table: pa.Table) -> bytes:
    """Return a table as the bytes of a Parquet file."""
    sink = pa.BufferOutputStream()
    pq.write_table(table, sink, compression="zstd", coerce_timestamps="us")
    content: bytes = sink.getvalue().to_pybytes()
    return content


def read(
    paths: Iterable[Path], schema: pa.Schema, columns: Sequence[str], where: pc.Expression | None = None
) -> pa.Table:
    """Return rows of some files; a column that an older file lacks is null."""
    found = [str(path) for path in paths]
    if not found:
        return schema.empty_table().select(columns)
    return ds.dataset(found, schema=schema, format="parquet").to_table(columns=list(columns), filter=where)


def by_day(table: pa.Table) -> Iterator[tuple[str, pa.Table]]:
    """Yield the rows of each day of observation."""
    days = pc.cast(table["observed_at"], pa.date32())
    distinct: list[date] = sorted(days.unique().to_pylist())
    for day in distinct:
        yield day.isoformat(), table if len(distinct) == 1 else table.filter(pc.equal(days, day))
