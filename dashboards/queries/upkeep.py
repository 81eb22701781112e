"""How every tenant's backups and stores stand."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import polars as pl

from dashboards import numbers
from dashboards.queries.tasks import slugs_of
from tenants.protection.backup_standings import backup_standings
from tenants.stores.standings import store_standings

if TYPE_CHECKING:
    from dashboards.marts import Row
    from dashboards.runtime import Runtime

# Every night makes one; an hour more is a night that took longer.
FRESH = timedelta(hours=25)
_MOMENT = pl.Datetime("us", "UTC")
_BACKUPS = {
    "slug": pl.String(),
    "state": pl.String(),
    "age": pl.String(),
    "newest_at": _MOMENT,
    "size": pl.Int64(),
    "backups": pl.Int64(),
    "verification": pl.String(),
    "verified_backup_at": _MOMENT,
    "verified_at": _MOMENT,
    "tenant_id": pl.String(),
}
_STORES = {
    "tenant": pl.String(),
    "state": pl.String(),
    "step": pl.Int64(),
    "newest_step": pl.Int64(),
    "failure": pl.String(),
}


def backups(live: Runtime) -> pl.DataFrame:
    """Return how each tenant's backups stand, those without one first, then the oldest."""
    now = live.clock.now()
    rows: list[Row] = []
    for each in backup_standings(live.control, live.stores):
        own = {name: getattr(each, name, None) for name in _BACKUPS}
        sound = {None: "never", True: "sound", False: each.failure}[each.is_sound]
        state, age = "none", None
        if each.newest_at is not None:
            state = "fresh" if now - each.newest_at <= FRESH else "old"
            age = numbers.age(each.newest_at, now)
        rows.append(own | {"state": state, "age": age, "verification": sound})
    return pl.DataFrame(rows, schema=_BACKUPS)


def stores(live: Runtime) -> pl.DataFrame:
    """Return how each tenant's store stands to the newest schema, those that need a hand first."""
    slugs = slugs_of(live.control)
    rows = [
        {name: getattr(each, name, None) for name in _STORES}
        | {"tenant": slugs.get(each.tenant_id, each.tenant_id)}
        for each in store_standings(live.stores)
    ]
    return pl.DataFrame(rows, schema=_STORES)


def counts(found: pl.DataFrame, column: str) -> dict[str, int]:
    """Return how often each value of a column is there."""
    return dict(found[column].value_counts().iter_rows())
