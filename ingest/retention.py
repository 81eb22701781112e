"""What a tenant wants kept for so many days only, as far as it has landed; counts stay as they were known.

Of usage that is old enough the status of each call goes, which no report asks for. Time, meter, module,
endpoint and units stay: usage periods turn at the microsecond of an anchor that may still move, and reports
are made of them. Ids never land. A row of a usage log that did not fit loses what was received, and stays as
a fact with file and line.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING

import pyarrow as pa
import pyarrow.compute as pc

from ingest import ledger
from ingest.landing import damage
from ingest.landing.upkeep import rewrite_files

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from datetime import datetime

    from ingest.landing import LandingZone
    from ingest.landing.manifest import FileEntry

_WORD = re.compile(r"\w+")


@dataclass(frozen=True, slots=True)
class Bounds:
    """Before when details go: each tenant's own bound, and the one for what names none of them."""

    of_tenant: Mapping[str, datetime]
    otherwise: datetime

    @property
    def latest(self) -> pa.Scalar:
        """The bound that nothing younger is concerned by."""
        return pa.scalar(max([self.otherwise, *self.of_tenant.values()]), ledger.TIME)

    def of_rows(self, tenant_ids: pa.ChunkedArray) -> pa.ChunkedArray:
        """Return the bound of each tenant in a column."""
        tenants = pa.array(list(self.of_tenant), pa.string())
        bounds = pa.array([*self.of_tenant.values(), self.otherwise], ledger.TIME)
        return bounds.take(pc.fill_null(pc.index_in(tenant_ids, tenants), len(tenants)))

    def named_in(self, text: str) -> str | None:
        """Return the tenant that a text names; of several the one that keeps least."""
        named = [each for each in _WORD.findall(text) if each in self.of_tenant]
        return max(named, key=lambda each: self.of_tenant[each], default=None)


@dataclass(frozen=True, slots=True)
class Blanked:
    """What lost its details, by tenant (None: no tenant of ours), and how many damaged files were deleted."""

    usage: Counter[str | None] = field(default_factory=Counter)
    rejected: Counter[str | None] = field(default_factory=Counter)
    damaged_files: int = 0


@dataclass(frozen=True, slots=True)
class _Rule:
    """Which rows of a stream lose which columns.

    Attributes:
        looks_at: The columns that decide.
        leaves: What stands in a column of such a row afterwards, null where nothing does.
        candidates: A condition that every such row fulfils; statistics of files can exclude it.
        losing: Tells for each row whether it does, and whose it is.
    """

    stream: str
    looks_at: tuple[str, ...]
    leaves: Mapping[str, Callable[[pa.Table], pa.ChunkedArray] | None]
    candidates: Callable[[Bounds], pc.Expression]
    losing: Callable[[pa.Table, Bounds], tuple[pa.ChunkedArray, pa.ChunkedArray]]


def _losing_usage(rows: pa.Table, bounds: Bounds) -> tuple[pa.ChunkedArray, pa.ChunkedArray]:
    whose = rows["tenant_id"]
    is_old = pc.fill_null(pc.less(rows["occurred_at"], bounds.of_rows(whose)), fill_value=False)
    return pc.and_(is_old, pc.is_valid(rows["status_code"])), whose


def _losing_rejects(rows: pa.Table, bounds: Bounds) -> tuple[pa.ChunkedArray, pa.ChunkedArray]:
    named = [bounds.named_in(body or "") for body in rows["body"].to_pylist()]
    whose = pa.chunked_array([named], pa.string())
    is_old = pc.less(rows["observed_at"], bounds.of_rows(whose))
    is_whole = pc.and_(pc.equal(rows["stream"], "usage_records"), pc.is_valid(rows["body"]))
    return pc.and_(is_whole, is_old), whose


def _file_and_line(rows: pa.Table) -> pa.ChunkedArray:
    """Return what names a rejected row; an earlier version named it by its own id."""
    line = pc.replace_substring_regex(rows["detail"], r"(?s)^line (\d+): .*$", r"\1")
    return pc.binary_join_element_wise(rows["source"], line, ":")


_USAGE = _Rule(
    "usage_records",
    ("tenant_id", "occurred_at", "status_code"),
    {"status_code": None},
    lambda bounds: pc.field("status_code").is_valid() & (pc.field("occurred_at") < bounds.latest),
    _losing_usage,
)
_REJECTED = _Rule(
    "quarantine",
    ("stream", "body", "observed_at"),
    {"body": None, "object_id": _file_and_line},
    lambda bounds: (
        (pc.field("stream") == "usage_records")
        & pc.field("body").is_valid()
        & (pc.field("observed_at") < bounds.latest)
    ),
    _losing_rejects,
)


def blank_details(zone: LandingZone, bounds: Bounds) -> Blanked:
    """Take details off what is older than its tenant's bound; done again it finds nothing more to do.

    Each file is replaced in a commit of its own. Damaged files are set aside first, as by any look for them;
    those set aside long ago are deleted, for nobody can take anything out of them.
    """
    with zone.writer():
        usage, rejected = (_blanked(zone, rule, bounds) for rule in (_USAGE, _REJECTED))
        return Blanked(usage, rejected, _delete_aside(zone, bounds.otherwise))


def _blanked(zone: LandingZone, rule: _Rule, bounds: Bounds) -> Counter[str | None]:
    counts: Counter[str | None] = Counter()
    found = [entry for entry in zone.entries(rule.stream) if _concerns(zone, entry, rule, bounds)]
    damage.set_aside(zone, damage.find(zone, deep=True, among=found))
    sound = [entry for entry in found if entry.path in zone.manifests.files]
    rewrite_files(zone, sound, partial(_without, rule, bounds, counts))
    return counts


def _concerns(zone: LandingZone, entry: FileEntry, rule: _Rule, bounds: Bounds) -> bool:
    try:
        rows = zone.read(rule.stream, rule.looks_at, rule.candidates(bounds), [entry])
    except (OSError, pa.ArrowException):
        return True  # it is damaged, and found to be so next
    return bool(pc.any(rule.losing(rows, bounds)[0]).as_py())


def _without(rule: _Rule, bounds: Bounds, counts: Counter[str | None], rows: pa.Table) -> pa.Table:
    loses, whose = rule.losing(rows, bounds)
    for each in whose.filter(loses).to_pylist():
        counts[each if each in bounds.of_tenant else None] += 1
    for name, left in rule.leaves.items():
        place = rows.schema.get_field_index(name)
        column = rows.schema.field(place)
        told = left(rows) if left else pa.scalar(None, column.type)
        rows = rows.set_column(place, column, pc.if_else(loses, told, rows[name]))
    return rows


def _delete_aside(zone: LandingZone, before: datetime) -> int:
    folders = [zone.root / "_quarantine" / rule.stream for rule in (_USAGE, _REJECTED)]
    aside = [path for folder in folders for path in folder.rglob("*.parquet")]
    old = [path for path in aside if path.stat().st_mtime < before.timestamp()]
    for path in old:
        path.unlink()
    return len(old)
