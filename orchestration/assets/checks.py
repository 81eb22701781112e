"""Checks on the published build that no single model can make."""

from __future__ import annotations

import dagster as dg

from orchestration.assets.published import PUBLISHED
from orchestration.context import load
from tenants.settings import PlatformSettings
from tenants.warehouse import Warehouse


def _warehouse() -> Warehouse:
    return Warehouse(load(PlatformSettings).state())


@dg.asset_check(asset=PUBLISHED)
def every_stream_is_complete() -> dg.AssetCheckResult:
    """No stream has a known gap, and the last pull of each went well."""
    facts = _warehouse().published().facts["completeness"]
    bad = {row["stream"]: row["last_detail"] or row["last_status"] for row in facts if is_incomplete(row)}
    return dg.AssetCheckResult(passed=not bad, severity=dg.AssetCheckSeverity.WARN, metadata=bad)


@dg.asset_check(asset=PUBLISHED)
def nothing_was_set_aside() -> dg.AssetCheckResult:
    """The data-quality mart has no findings."""
    with _warehouse().open() as connection:
        findings = connection.execute("select count(*) from marts.data_quality").fetchall()[0][0]
    severity = dg.AssetCheckSeverity.WARN
    return dg.AssetCheckResult(passed=findings == 0, severity=severity, metadata={"findings": findings})


def is_incomplete(row: dict[str, object]) -> bool:
    """Whether a stream has a gap or its last pull failed."""
    return bool(row["gaps"]) or row["last_status"] == "error"
