"""What two builds tell differently of the same past, and why."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from dashboards.marts import Marts

if TYPE_CHECKING:
    from tenants.warehouse import Build, Warehouse

_LEDGER = """
    select movement_id, movement_date, known_at, customer_id, tenant_id, movement_type, reason,
        upper(currency) as currency, amount, upper(reporting_currency) as reporting_currency, reporting_amount
    from marts.mrr_movements
"""
_KEPT = [
    "movement_date",
    "customer_id",
    "tenant_id",
    "movement_type",
    "reason",
    "currency",
    "reporting_currency",
    "known_at",
]


def earlier_builds(warehouse: Warehouse, build: Build) -> list[Build]:
    """Return the other kept builds, newest first; those of `loki rebuild --as-known-at` are among them."""
    return [warehouse.build(other) for other in reversed(warehouse.build_ids()) if other != build.id]


def restated(marts: Marts, build: Build, before: Build) -> pl.DataFrame:
    """Return the movements that differ between two builds, with the change of their amount and its cause.

    Only days that both builds cover are compared: what happened after the earlier one is news.
    """
    old, new = Marts(marts.state, before.id).frame(_LEDGER), marts.frame(_LEDGER)
    horizon = _known_until(before)
    both = new.join(old, on="movement_id", how="full", suffix="_before", coalesce=True)
    changed = both.with_columns(
        *[pl.coalesce(name, f"{name}_before").alias(name) for name in _KEPT],
        pl.col("reporting_amount").fill_null(0),
        pl.col("reporting_amount_before").fill_null(0),
    ).with_columns((pl.col("reporting_amount") - pl.col("reporting_amount_before")).alias("change"))
    return (
        changed.filter((pl.col("change") != 0) & (pl.col("movement_date") < pl.lit(horizon).dt.date()))
        .with_columns(_cause(build, before, horizon).alias("cause"))
        .select(
            "cause",
            *_KEPT,
            pl.col("reporting_amount_before").alias("amount_before"),
            pl.col("reporting_amount").alias("amount_now"),
            "change",
        )
        .sort("movement_date", "customer_id", descending=[True, False])
    )


def by_month(changes: pl.DataFrame) -> pl.DataFrame:
    """Return the change of each month's movements by cause."""
    return (
        changes.group_by(pl.col("movement_date").dt.truncate("1mo").alias("month"), "cause")
        .agg(pl.col("change").sum(), pl.len().alias("movements"))
        .sort("month", "cause")
    )


def _known_until(build: Build) -> pl.Expr | object:
    """Return until when an earlier build knew."""
    from datetime import datetime  # noqa: PLC0415 - only to read a fact

    known = build.facts.get("as_known_at")
    return datetime.fromisoformat(known) if known else build.built_at


def _cause(build: Build, before: Build, horizon: object) -> pl.Expr:
    """Return why a movement differs, by what changed between the builds."""
    if build.facts.get("policy") != before.facts.get("policy"):
        return pl.lit("policy")
    return (
        pl.when(pl.col("movement_type") == "fx")
        .then(pl.lit("exchange rate"))
        .when(pl.col("amount") == pl.col("amount_before"))
        .then(pl.lit("exchange rate"))
        .when(pl.col("known_at") > pl.lit(horizon))
        .then(pl.lit("late event"))
        .otherwise(pl.lit("backdated change"))
    )
