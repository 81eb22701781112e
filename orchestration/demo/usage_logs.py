"""Usage that reaches the platform as log files: what the tenants' own gateways counted."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from datetime import datetime
    from pathlib import Path
    from random import Random

    from orchestration.demo.lives import Life
    from tenants.catalogue import Catalogue, Plan

DETAILED = timedelta(days=45)
COARSE = timedelta(days=14)
FINE = timedelta(days=1)
TREND = {"growing": 1.06, "steady": 1.0, "declining": 0.93}
WEEKEND = 5
# Of an unlimited quota nobody knows a share; these many units a month are a large tenant's.
UNLIMITED_MONTH = {"api_calls": 120_000, "conversations": 150_000, "storage_gb": 1_200}


def write_logs(
    folder: Path,
    lives: Sequence[Life],
    catalogue: Catalogue,
    stretch: tuple[datetime, datetime],
    detailed_from: datetime,
    rng: Random,
) -> int:
    """Write one log file for a stretch of time: a row a day in the last weeks, one a fortnight before.

    Returns:
        The number of rows.
    """
    folder.mkdir(parents=True, exist_ok=True)
    start, end = stretch
    rows = [
        row
        for life in lives
        if life.is_tenant and life.status in ("active", "trialing", "past_due")
        for row in _rows(life, catalogue.plan(life.plan), _days(start, end, detailed_from, life), rng)
    ]
    path = folder / f"gateway-{end:%Y-%m-%d}.ndjson"
    path.write_text("".join(json.dumps(row) + "\n" for row in rows))
    return len(rows)


def _rows(
    life: Life, plan: Plan, spans: Iterable[tuple[datetime, timedelta]], rng: Random
) -> Iterator[dict[str, object]]:
    for moment, span in spans:
        age = (moment - life.signed_up_at).days / 30
        share = min(1.25, rng.gauss(0.45, 0.12) * TREND[life.usage_trend] ** age)
        days = span / timedelta(days=1)
        for meter, quota in plan.quotas.items():
            month = float(quota) if quota is not None else UNLIMITED_MONTH[meter]
            busy = 1 if days > 1 else 0.35 if moment.weekday() >= WEEKEND else 1.25
            units = round(month / 30 * days * max(share, 0.02) * busy * rng.uniform(0.7, 1.3))
            if units > 0:
                yield {
                    "tenant_id": life.tenant_id,
                    "source": "gateway",
                    "record_id": f"{meter}-{moment:%Y%m%dT%H%M}",
                    "meter": meter,
                    "units": units,
                    "occurred_at": moment.isoformat(),
                    "endpoint": "/v1/validations" if meter == "api_calls" else None,
                    "status_code": 200,
                }


def _days(
    start: datetime, end: datetime, detailed_from: datetime, life: Life
) -> Iterator[tuple[datetime, timedelta]]:
    moment = max(start, life.signed_up_at)
    while moment < end:
        until = min(end, moment + (FINE if moment >= detailed_from else COARSE))
        yield moment, until - moment
        moment = until
