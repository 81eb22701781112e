"""Which usage has landed before: (tenant, source, hashed record id) is an identity for ever.

Rows from tenants' stores are new by the store's own numbering and are not looked up. Rows of log files are
looked up in the files whose manifest entry names their source, in three columns, by a streaming semi-join:
its cost grows with what that source has ever reported, its memory with the new rows alone.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from ingest.record_ids import IDENTITY

if TYPE_CHECKING:
    import pyarrow as pa

    from ingest.landing import LandingZone


def unseen(rows: pa.Table, landing: LandingZone) -> pa.Table:
    """Return the rows whose identity has not landed, the first of each."""
    import pyarrow as pa  # noqa: PLC0415 - start-up time

    numbered = pl.DataFrame(pl.from_arrow(rows.select(IDENTITY))).with_row_index("row")
    first = numbered.unique(IDENTITY, keep="first", maintain_order=True)
    sources = set(first["source"])
    paths = [
        str(landing.root / entry.path)
        for entry in landing.entries("usage_records")
        if set(entry.sources) & sources
    ]
    if paths:
        landed = (
            pl.scan_parquet(paths)
            .filter(pl.col("source").is_in(list(sources)))
            .select(IDENTITY)
            .join(first.lazy().select(IDENTITY), on=IDENTITY, how="semi")
            .collect(engine="streaming")
        )
        first = first.join(landed, on=IDENTITY, how="anti", maintain_order="left")
    return rows.take(pa.array(first["row"].to_list(), pa.int64()))
