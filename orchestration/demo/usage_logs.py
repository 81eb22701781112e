"""Usage that reaches the platform as log files: what the tenants' own gateways counted."""

from __future__ import annotations

import json
from datetime import timedelta
from random import Random
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from datetime import datetime
    from decimal import Decimal
    from pathlib import Path

    from orchestration.demo.lives import Life
    from tenants.catalogue import Catalogue

DETAILED = timedelta(days=45)
COARSE = timedelta(days=14)
FINE = timedelta(days=1)
TREND = {"growing": 1.03, "steady": 1.0, "declining": 0.95}
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
        for row in _rows(life, _quotas(life, catalogue), _days(start, end, detailed_from, life), rng)
    ]
    path = folder / f"gateway-{end:%Y-%m-%d}.ndjson"
    path.write_text("".join(json.dumps(row) + "\n" for row in rows))
    return len(rows)


def _rows(
    life: Life, quotas: Mapping[str, Decimal | None], spans: Iterable[tuple[datetime, timedelta]], rng: Random
) -> Iterator[dict[str, object]]:
    habit = Random(life.tenant_id).betavariate(1.6, 2.6)  # the share of its quota that it used at first
    for moment, span in spans:
        age = (moment - life.signed_up_at).days / 30
        share = min(1.25, habit * rng.uniform(0.85, 1.15) * TREND[life.usage_trend] ** age)
        days = span / timedelta(days=1)
        for meter, quota in quotas.items():
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


def _quotas(life: Life, catalogue: Catalogue) -> dict[str, Decimal | None]:
    """Return the plan's quotas of the meters that any plan of the catalogue limits."""
    limited = {meter for plan in catalogue.plans for meter, quota in plan.quotas.items() if quota is not None}
    plan = catalogue.plan(life.plan)
    return {meter: plan.quota(meter) for meter in sorted(limited)}


def _days(
    start: datetime, end: datetime, detailed_from: datetime, life: Life
) -> Iterator[tuple[datetime, timedelta]]:
    moment = max(start, life.signed_up_at)
    while moment < end:
        until = min(end, moment + (FINE if moment >= detailed_from else COARSE))
        yield moment, until - moment
        moment = until
