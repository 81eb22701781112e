"""What a tenant takes away, and what the platform forgets by itself."""

from __future__ import annotations

import io
import json
import zipfile
from base64 import b64decode
from datetime import timedelta
from typing import TYPE_CHECKING

from PIL import Image

from tenants.protection.export import export_tenant
from tenants.protection.retention import apply_retention
from tenants.sso.saml.connections import Mapping
from tests.tenants import factories as make
from tests.tenants.sso.saml_provider import certificate, rsa_key

if TYPE_CHECKING:
    from pathlib import Path

    from tenants.control import ControlPlane
    from tenants.stores import TenantStores
    from tenants.tenancy import Tenant


EVIDENCE = b'{"quote":"guaranteed","start":3,"end":13}'
RESULT = b'{"id":"val_old","modules":{"fca_uk":{"gates":[{"evidence":[' + EVIDENCE + b"]}]}}}"


def logo() -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (4, 4), "#336699").save(out, "PNG")
    return out.getvalue()


def old(days: int = 91) -> object:
    return make.NOW - timedelta(days=days)


def test_an_export_holds_everything_but_secrets(
    control: ControlPlane, stores: TenantStores, tenant: Tenant, tmp_path: Path
) -> None:
    control.sso.put(tenant.tenant_id, "https://login.test", "loki", "provider secret", "viewer", make.BY)
    provider = control.saml.provider("idp", "https://idp.test/sso", [certificate(rsa_key())])
    control.saml.put(tenant.tenant_id, provider, Mapping(), make.BY)
    control.saml.keys.of(tenant.tenant_id)
    control.brandings.set_logo(tenant.tenant_id, logo(), make.BY)
    counts = export_tenant(control, stores, tenant, tmp_path / "acme.zip", make.BY)
    with zipfile.ZipFile(tmp_path / "acme.zip") as archive:
        files = {name: archive.read(name).decode() for name in archive.namelist()}
    assert counts["validation_runs.ndjson"] == 3
    assert counts["users.ndjson"] == counts["custom_gates.ndjson"] == 1
    assert "ada@acme.test" in files["users.ndjson"]
    secrets = ("password_hash", "key_hash", "sealed", "provider secret")
    assert not any(word in text for text in files.values() for word in secrets)
    assert json.loads(files["sso_connections.ndjson"])["issuer"] == "https://login.test"
    assert json.loads(files["saml_connections.ndjson"])["sso_url"] == "https://idp.test/sso"
    assert "BEGIN CERTIFICATE" in json.loads(files["saml_keys.ndjson"])["certificate"]
    assert b64decode(json.loads(files["brandings.ndjson"])["logo"]).startswith(b"\x89PNG")
    assert json.loads(files["manifest.json"])["rows"] == counts
    assert json.loads(files["validation_runs.ndjson"].splitlines()[0])["result"] == {"status": "FAIL"}


def test_retention_forgets_quotes_and_usage_but_not_that_a_document_was_checked(
    control: ControlPlane, stores: TenantStores, tenant: Tenant
) -> None:
    store = stores.open(tenant.tenant_id)
    run = make.run(run_id="val_old", created_at=old())
    store.commit_validation(make.validation(run=run, result=RESULT))
    store.record_usage_events([make.event("old", occurred_at=old())], lambda _: make.NOVEMBER)
    removed = apply_retention(control, stores, lambda _: 10_000)[tenant.tenant_id]
    assert (removed.quotes, removed.usage_records) == (1, 2)
    kept = store.run("val_old")
    assert kept is not None
    assert b"guaranteed" not in kept
    assert json.loads(kept)["modules"]["fca_uk"]["gates"][0]["evidence"][0]["start"] == 3
    assert len(store.runs()) == 4
    assert apply_retention(control, stores, lambda _: 10_000) == {}


def test_usage_that_is_not_landed_yet_is_kept(
    control: ControlPlane, stores: TenantStores, tenant: Tenant
) -> None:
    store = stores.open(tenant.tenant_id)
    store.record_usage_events([make.event("old", occurred_at=old())], lambda _: make.NOVEMBER)
    assert apply_retention(control, stores, lambda _: 0) == {}
    assert "old" in {row["record_id"] for row in store.rows_after("usage_records", 0, 100)}


def test_an_event_sent_again_after_its_record_is_gone_still_counts_once(
    control: ControlPlane, stores: TenantStores, tenant: Tenant
) -> None:
    store, event = stores.open(tenant.tenant_id), make.event("old", occurred_at=old())
    store.record_usage_events([event], lambda _: make.NOVEMBER)
    apply_retention(control, stores, lambda _: 10_000)
    assert store.record_usage_events([event], lambda _: make.NOVEMBER) == 0


def test_a_tenants_own_number_of_days_holds(
    control: ControlPlane, stores: TenantStores, tenant: Tenant
) -> None:
    control.tenants.update(tenant.tenant_id, make.BY, retention_days=200)
    event = make.event("old", occurred_at=old())
    stores.open(tenant.tenant_id).record_usage_events([event], lambda _: make.NOVEMBER)
    assert apply_retention(control, stores, lambda _: 10_000) == {}
