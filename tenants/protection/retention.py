"""What a tenant wants kept for so many days only, removed when they are over.

Documents, quotes of evidence, usage detail, idempotency keys, the log of requests and sessions go; that a
document was validated, with its hash and its verdicts, stays. Usage is removed only once it
has been landed for the warehouse, under hashes of its ids; `ingest/retention.py` sees to what has landed.
"""

from __future__ import annotations

import zlib
from dataclasses import asdict, dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import orjson
import sqlalchemy as sa

from tenants.audit.records import SYSTEM, Change
from tenants.control.tables import idempotency_keys, one_time_tokens, sessions, users
from tenants.errors import PlatformError, Unavailable
from tenants.stores.values import to_micros

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from tenants.control import ControlPlane
    from tenants.databases.connection import Connection
    from tenants.stores import TenantStores
    from tenants.tenancy import Tenant

_MARK = "retention"
_DONE = "SELECT revision FROM revisions WHERE name = :name"
_DOCUMENTS = """
    DELETE FROM kept_documents
    WHERE run_id IN (SELECT run_id FROM validation_runs WHERE created_at < :before)
"""
_USAGE = "DELETE FROM usage_records WHERE occurred_at < :before AND seq <= :landed"
_KEYS = "DELETE FROM idempotency_keys WHERE created_at < :before"
_BATCHES = "DELETE FROM batches WHERE finished_at < :before"
_REQUESTS = "DELETE FROM request_log WHERE at < :before"
_RESULTS = "SELECT seq, result FROM validation_runs WHERE created_at >= :done AND created_at < :before"
_STRIP = "UPDATE validation_runs SET result = :result WHERE seq = :seq"
_NOTE = """
    INSERT INTO revisions (name, revision) VALUES (:name, :revision)
    ON CONFLICT (name) DO UPDATE SET revision = excluded.revision
"""


@dataclass(frozen=True, slots=True)
class Removed:
    """What one tenant's retention removed."""

    documents: int
    quotes: int
    usage_records: int
    idempotency_keys: int
    batches: int
    requests: int
    sessions: int


def apply_retention(
    control: ControlPlane, stores: TenantStores, landed: Callable[[str], int]
) -> dict[str, Removed]:
    """Apply each tenant's retention and return what was removed, by tenant; nothing twice.

    Args:
        control: The tenants, with their days.
        stores: Their data.
        landed: Returns the number up to which a tenant's usage records have been landed.

    Raises:
        Unavailable: Stores of some could not be used; it was applied to all others.
    """
    removed, failed, now = {}, {}, control.clock.now()
    for tenant in control.tenants.all():
        if tenant.erased_at is not None:
            continue
        before = now - timedelta(days=tenant.retention_days)
        try:
            of_tenant = _apply(control, stores, tenant, before, landed(tenant.tenant_id))
        except PlatformError as error:
            failed[tenant.tenant_id] = error.message
            continue
        if any(asdict(of_tenant).values()):
            removed[tenant.tenant_id] = of_tenant
            _tell(control, tenant, of_tenant)
    if failed:
        first = next(iter(failed.values()))
        message = f"Retention could not be applied to {len(failed)} tenants, to all others it was: {first}"
        raise Unavailable(message, "retention_incomplete", failures=failed)
    return removed


def bounds(control: ControlPlane) -> tuple[dict[str, datetime], datetime]:
    """Return before when each tenant's details go, and the earliest bound, for what no tenant is named in."""
    now = control.clock.now()
    of_tenant = {
        tenant.tenant_id: now - timedelta(days=tenant.retention_days)
        for tenant in control.tenants.all()
        if tenant.erased_at is None
    }
    default = now - timedelta(days=control.catalogue.defaults.retention_days)
    return of_tenant, min(of_tenant.values(), default=default)


def tell_landed(control: ControlPlane, tenant_id: str | None, **blanked: int) -> None:
    """Keep as evidence what was taken off landed rows of a tenant, None for what is no tenant's of ours."""
    change = Change(
        action="retention_applied",
        object_type="tenant" if tenant_id else "landing",
        object_id=tenant_id or "landing",
        tenant_id=tenant_id,
        detail=blanked,
    )
    control.audit.record(SYSTEM, change)


def _apply(
    control: ControlPlane, stores: TenantStores, tenant: Tenant, before: datetime, landed: int
) -> Removed:
    at = {"before": to_micros(before)}
    with stores.leased(tenant.tenant_id) as database, database.write() as connection:
        documents = connection.execute(_DOCUMENTS, at).rowcount
        usage = connection.execute(_USAGE, {**at, "landed": landed}).rowcount
        keys = connection.execute(_KEYS, at).rowcount
        batches = connection.execute(_BATCHES, at).rowcount
        requests = connection.execute(_REQUESTS, at).rowcount
        quotes = _strip_quotes(connection, at["before"])
    ended = _end_sessions(control, tenant, before)
    return Removed(documents, quotes, usage, keys, batches, requests, ended)


def _strip_quotes(connection: Connection, before: int) -> int:
    row = connection.execute(_DONE, {"name": _MARK}).fetchone()
    done = row[0] if row else 0
    rows = connection.execute(_RESULTS, {"done": done, "before": before}).fetchall()
    for seq, packed in rows:
        result = zlib.compress(without_quotes(zlib.decompress(packed)), 1)
        connection.execute(_STRIP, {"seq": seq, "result": result})
    connection.execute(_NOTE, {"name": _MARK, "revision": max(done, before)})
    return len(rows)


def without_quotes(result: bytes) -> bytes:
    """Return a result in which each finding keeps its place but not the words found there."""
    body: dict[str, Any] = orjson.loads(result)
    for module in body.get("modules", {}).values():
        for gate in module.get("gates", ()):
            for finding in gate.get("evidence", ()):
                finding["quote"] = None
    return orjson.dumps(body)


def _end_sessions(control: ControlPlane, tenant: Tenant, before: datetime) -> int:
    own = sa.select(users.c.user_id).where(users.c.tenant_id == tenant.tenant_id)

    def work(connection: sa.Connection) -> int:
        old = (sessions.c.expires_at < before) | (sessions.c.revoked_at < before)
        ended = connection.execute(sa.delete(sessions).where(sessions.c.user_id.in_(own), old)).rowcount
        tokens = one_time_tokens.c
        connection.execute(
            sa.delete(one_time_tokens).where(tokens.user_id.in_(own), tokens.expires_at < before)
        )
        keys = idempotency_keys.c
        connection.execute(
            sa.delete(idempotency_keys).where(keys.owner == tenant.tenant_id, keys.created_at < before)
        )
        return ended

    return control.database.write(work)


def _tell(control: ControlPlane, tenant: Tenant, removed: Removed) -> None:
    change = Change(
        action="retention_applied",
        object_type="tenant",
        object_id=tenant.tenant_id,
        tenant_id=tenant.tenant_id,
        detail={"days": tenant.retention_days, **asdict(removed)},
    )
    control.audit.record(SYSTEM, change)
