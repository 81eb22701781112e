"""Everything a tenant has, to take away."""

from __future__ import annotations

import os
import time
from typing import TYPE_CHECKING, Annotated, BinaryIO
from uuid import uuid4

from fastapi import APIRouter, Depends
from starlette.responses import StreamingResponse

from tenants.api.access import Granted, allow
from tenants.api.guarded import GuardedRoute

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

routes = APIRouter(prefix="/v1/export", tags=["data protection"], route_class=GuardedRoute)

Exporter = Annotated[Granted, Depends(allow("tenant:export", is_taking_along=True))]
_LEFT_BEHIND_SECONDS = 3600
_PART = 1 << 18


@routes.get(
    "",
    summary="Export everything the tenant has",
    response_class=StreamingResponse,
    responses={200: {"content": {"application/zip": {}}, "description": "A ZIP with its own manifest."}},
)
def export(granted: Exporter) -> StreamingResponse:
    """Return record, people, history, usage, gates, invoices and audit entries as NDJSON in one ZIP.

    Secrets are left out: passwords, the text of keys, identity providers' secrets. It stays open while a
    subscription is canceled or past due, and after the account was closed, until its erasure is asked for.
    """
    from tenants.protection.export import export_tenant  # noqa: PLC0415 - start-up time

    deps, tenant = granted.deps, granted.tenant
    file = _folder(granted) / f"{uuid4().hex}.zip"
    export_tenant(deps.control, deps.stores, tenant, file, granted.actor)
    content = file.open("rb")
    # From here on it lives only as long as it is sent, whatever becomes of the connection.
    file.unlink()
    headers = {
        "Content-Length": str(os.fstat(content.fileno()).st_size),
        "Content-Disposition": f'attachment; filename="{tenant.slug}.zip"',
    }
    return StreamingResponse(_parts(content), media_type="application/zip", headers=headers)


def _parts(content: BinaryIO) -> Iterator[bytes]:
    with content:
        while part := content.read(_PART):
            yield part


def _folder(granted: Granted) -> Path:
    """Return where the file is made: with the tenant's backups, in its region, where an erasure looks."""
    from tenants.protection.backups import Backups  # noqa: PLC0415 - start-up time

    folder = Backups(granted.deps.control, granted.deps.stores).folder(granted.tenant) / "exports"
    folder.mkdir(parents=True, exist_ok=True)
    for path in folder.iterdir():  # left behind by a process that was killed while it wrote them
        if time.time() - path.stat().st_mtime > _LEFT_BEHIND_SECONDS:
            path.unlink(missing_ok=True)
    return folder
