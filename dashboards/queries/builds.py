"""What `build.json` of each kept build says."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

if TYPE_CHECKING:
    from dashboards.marts import Row
    from tenants.warehouse import Build, Warehouse

_KEPT: dict[str, pl.DataType | type[pl.DataType]] = {
    "is_published": pl.Boolean,
    "build_id": pl.String,
    "built_at": pl.Datetime("us", "UTC"),
    "as_known_at": pl.String,
    "policy": pl.String,
    "rows": pl.Int64,
    "tests_passed": pl.Int64,
    "warnings": pl.String,
}


def kept(warehouse: Warehouse) -> pl.DataFrame:
    """Return the finished builds, newest first."""
    published = warehouse.published().id
    rows = [_row(warehouse.build(build_id), published) for build_id in reversed(warehouse.build_ids())]
    return pl.DataFrame(rows, schema=_KEPT)


def row_counts(warehouse: Warehouse, build_id: str) -> pl.DataFrame:
    """Return how many rows each mart of a build has, largest first."""
    counts = warehouse.build(build_id).facts.get("rows") or {}
    rows = sorted(counts.items(), key=lambda item: (-item[1], item[0]))
    return pl.DataFrame(rows, schema={"table": pl.String, "rows": pl.Int64}, orient="row")


def _row(build: Build, published: str) -> Row:
    facts = build.facts
    tests = facts.get("tests") or {}
    return {
        "is_published": build.id == published,
        "build_id": build.id,
        "built_at": build.built_at,
        "as_known_at": facts.get("as_known_at"),
        "policy": facts.get("policy"),
        "rows": sum((facts.get("rows") or {}).values()),
        "tests_passed": tests.get("passed"),
        "warnings": "; ".join(f"{name}: {rows}" for name, rows in (tests.get("warnings") or {}).items())
        or None,
    }
