"""Ids of usage records land as keyed hashes alone; what an earlier version landed as sent is rewritten."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

import pyarrow as pa
import pyarrow.compute as pc
import structlog

from ingest.landing import damage
from ingest.landing.upkeep import rewrite_files

if TYPE_CHECKING:
    from collections.abc import Callable
    from contextlib import AbstractContextManager

    from ingest.landing import LandingZone
    from tenants.protection.record_keys import RecordKeys

log = structlog.get_logger()

STREAM = "usage_records"
IDENTITY = ["tenant_id", "source", "record_id"]
_AT_ONCE = 100_000


def hashed(rows: pa.Table, keys: RecordKeys) -> pa.Table:
    """Return usage with a keyed hash in the place of each record's id, without rows of erased tenants."""
    keys.load(pc.unique(rows["tenant_id"]).to_pylist())
    chunks = [
        pa.array(map(keys.hashed, *(batch[name].to_pylist() for name in IDENTITY)), pa.string())
        for batch in rows.select(IDENTITY).to_batches(max_chunksize=_AT_ONCE)
    ]
    ids = pa.chunked_array(chunks, pa.string())
    told = rows.set_column(rows.schema.get_field_index("record_id"), "record_id", ids)
    return told if ids.null_count == 0 else told.filter(pc.is_valid(ids))


def upgrade(zone: LandingZone, open_keys: Callable[[], AbstractContextManager[RecordKeys]]) -> None:
    """Rewrite the files that hold ids as they were sent, one commit each; a next call goes on with the rest.

    Which files those are stands in the manifest, so that every later call is a look at it. Damaged files
    cannot be rewritten: they are reported as ever, but not kept.

    Args:
        zone: Its writer holds the lock.
        open_keys: Opens the tenants' keys; not called where nothing is to be done.
    """
    raw = [entry for entry in zone.entries(STREAM) if not entry.hashed_ids]
    if not raw:
        return
    with open_keys() as keys:
        damage.set_aside(zone, damage.find(zone, deep=True, among=raw))
        shutil.rmtree(zone.root / "_quarantine" / STREAM, ignore_errors=True)
        sound = [entry for entry in raw if entry.path in zone.manifests.files]
        rewrite_files(zone, sound, lambda rows: hashed(rows, keys))
    log.info("usage_record_ids_hashed", files=len(sound), rows=sum(entry.rows for entry in sound))
