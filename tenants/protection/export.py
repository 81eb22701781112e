"""Everything a tenant has, as one ZIP that people and programs can read."""

from __future__ import annotations

import os
import zipfile
import zlib
from base64 import b64encode
from dataclasses import asdict
from hashlib import sha256
from typing import TYPE_CHECKING, Any

import msgspec
import orjson
import sqlalchemy as sa

from tenants.audit.records import Change
from tenants.billing.facts import facts_of_customer
from tenants.control.identity_tables import (
    identities,
    saml_connections,
    saml_keys,
    sso_connections,
    sso_policies,
)
from tenants.control.tables import api_keys, brandings, domains, users
from tenants.protection.portable import TABLES, read_rows
from tenants.stores.values import from_micros, from_millionths

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tenants.audit import Actor
    from tenants.control import ControlPlane
    from tenants.stores import TenantStores
    from tenants.tenancy import Tenant

_SECRET = frozenset({"password_hash", "key_hash", "sealed_secret", "sealed_key"})
# What the control plane keeps of a tenant, beside the tenant itself.
_KEPT = (
    users,
    api_keys,
    domains,
    brandings,
    identities,
    sso_connections,
    sso_policies,
    saml_connections,
    saml_keys,
)
_TIMES = frozenset(
    {
        "created_at",
        "updated_at",
        "occurred_at",
        "expires_at",
        "period_start",
        "period_end",
        "saved_at",
        "finished_at",
    }
)
_JSON = frozenset({"result", "gate_outcomes", "outcomes"})
# Hashes by which calls and events are known again: of no use to anyone else.
_LEFT_OUT = frozenset({"usage_keys", "idempotency_keys"})


def export_tenant(
    control: ControlPlane, stores: TenantStores, tenant: Tenant, to: Path, by: Actor
) -> dict[str, int]:
    """Write the export, which appears whole or not at all, and return the rows in it, by file."""
    temporary, counts, hashes = to.with_name(f".{to.name}.part"), {}, {}
    try:
        with temporary.open("wb") as raw, zipfile.ZipFile(raw, "w", zipfile.ZIP_DEFLATED) as archive:
            for name, lines in _files(control, stores, tenant):
                counts[name], hashes[name] = _write(archive, name, lines)
            manifest = {
                "tenant_id": tenant.tenant_id,
                "exported_at": control.clock.now(),
                "rows": counts,
                "sha256": hashes,
            }
            archive.writestr("manifest.json", orjson.dumps(manifest, option=orjson.OPT_INDENT_2))
        with temporary.open("rb") as written:
            os.fsync(written.fileno())
        temporary.replace(to)
    finally:
        temporary.unlink(missing_ok=True)
    change = Change(
        action="tenant_exported",
        object_type="tenant",
        object_id=tenant.tenant_id,
        tenant_id=tenant.tenant_id,
        detail=counts,
    )
    control.audit.record(by, change)
    return counts


def _write(archive: zipfile.ZipFile, name: str, lines: Iterator[bytes]) -> tuple[int, str]:
    digest, count = sha256(), 0
    with archive.open(name, "w") as file:
        for line in lines:
            file.write(line)
            digest.update(line)
            count += 1
    return count, digest.hexdigest()


def _files(
    control: ControlPlane, stores: TenantStores, tenant: Tenant
) -> Iterator[tuple[str, Iterator[bytes]]]:
    yield "tenant.ndjson", iter([_line(msgspec.to_builtins(tenant))])
    for table in _KEPT:
        yield f"{table.name}.ndjson", _control_rows(control, table, tenant)
    yield "invoices.ndjson", _invoices(control, tenant)
    entries = control.audit.oldest_first(tenant_id=tenant.tenant_id)
    yield "audit.ndjson", (_line(asdict(entry)) for entry in entries)
    for kept in TABLES:
        if kept not in _LEFT_OUT:
            yield f"{kept}.ndjson", _store_rows(stores, tenant, kept)


def _control_rows(control: ControlPlane, table: sa.Table, tenant: Tenant) -> Iterator[bytes]:
    with control.database.read() as connection:
        rows = connection.execute(sa.select(table).where(table.c.tenant_id == tenant.tenant_id)).all()
    for row in rows:
        yield _line({str(name): value for name, value in row._asdict().items() if str(name) not in _SECRET})


def _invoices(control: ControlPlane, tenant: Tenant) -> Iterator[bytes]:
    if tenant.stripe_customer_id is None:
        return
    with control.database.read() as connection:
        facts = facts_of_customer(connection, tenant.stripe_customer_id)
    yield from (_line(fact.body) for fact in facts if fact.object_type == "invoice")


def _store_rows(stores: TenantStores, tenant: Tenant, wanted: str) -> Iterator[bytes]:
    with stores.leased(tenant.tenant_id) as database, database.read() as connection:
        for table, row in read_rows(connection, [wanted]):
            columns = TABLES[table]
            yield _line({name: _told(name, value) for name, value in zip(columns, row, strict=True)})


def _told(name: str, value: Any) -> Any:  # noqa: ANN401 - any column
    if value is None:
        return None
    if name in _TIMES:
        return from_micros(value)
    if name in {"units", "used"}:
        return str(from_millionths(value))
    if isinstance(value, bytes):
        value = zlib.decompress(value)
        return orjson.loads(value) if name in _JSON else value.decode("utf-8", "replace")
    return orjson.loads(value) if name in _JSON else value


def _line(row: dict[str, Any]) -> bytes:
    return orjson.dumps(row, default=_plain, option=orjson.OPT_APPEND_NEWLINE | orjson.OPT_UTC_Z)


def _plain(value: object) -> str:
    return b64encode(value).decode() if isinstance(value, bytes) else str(value)
