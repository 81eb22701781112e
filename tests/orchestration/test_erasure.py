"""Sentinels planted everywhere a tenant can write are found before an erasure, and nowhere after."""

from __future__ import annotations

import sqlite3
import zlib
from contextlib import closing
from dataclasses import dataclass, replace
from datetime import timedelta
from hashlib import sha256
from typing import TYPE_CHECKING, Any

import orjson
import pyarrow.parquet as pq
import pytest
from pydantic import SecretStr

from orchestration import dbt_run, erasure
from orchestration.context import MainJob
from orchestration.demo.sandbox import Sandbox
from orchestration.progress import Silent
from orchestration.pull import pull
from orchestration.refresh import build_and_publish
from tenants.billing import prices
from tenants.billing.gateway import StripeGateway
from tenants.billing.inbox import Inbox
from tenants.billing.service import Billing
from tenants.clock import FixedClock
from tenants.control import ControlPlane
from tenants.errors import Conflict, NotFound
from tenants.protection.backups import Backups
from tenants.protection.erasure import Erasures
from tenants.settings import PlatformSettings
from tenants.stores import TenantStores
from tenants.tenancy import NewTenant
from tenants.tenancy.provisioning import provision
from tenants.warehouse import open_read_only
from tests.orchestration.factories import NOW
from tests.orchestration.small_job import PROJECT, REPORTING
from tests.tenants import factories as make
from tests.tenants.billing.events import signed

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tenants.tenancy import Tenant

SECRET = "whsec_of_the_tests"
GONE, STAYING = "Zyxwgone", "Qrstays"


@dataclass
class Platform:
    """A platform with two tenants, billed, used, backed up, pulled and built."""

    job: MainJob
    sandbox: Sandbox
    gone: Tenant
    staying: Tenant

    @property
    def state(self) -> Path:
        return self.job.state


@pytest.fixture
def platform(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Platform]:
    monkeypatch.setattr(dbt_run, "PROJECT", PROJECT)
    clock = FixedClock(NOW)
    sandbox = Sandbox(tmp_path / "stripe", clock)
    with sandbox.serve():
        settings = PlatformSettings(
            _env_file=None,
            home=tmp_path / "state",
            stripe_api_key=SecretStr(sandbox.api_key),
            stripe_api_base=sandbox.url,
            stripe_webhook_secret=SecretStr(SECRET),
        )
        job = MainJob(settings, REPORTING, clock, Silent())
        with (
            closing(ControlPlane.open(settings, clock)) as control,
            closing(TenantStores(settings, clock)) as stores,
        ):
            inbox, gateway = Inbox(control), StripeGateway(settings)
            billing = Billing(control, inbox, gateway)
            prices.create_prices(gateway, control.catalogue)
            gone, staying = (_tenant(control, stores, billing, word) for word in (GONE, STAYING))
            for event in sandbox.call("GET", "/v1/events", {"limit": 100})["data"]:
                inbox.receive(*signed(orjson.dumps(event), SECRET, NOW))
            billing.applier.drain()
            Backups(control, stores).make(gone, make.BY)
        pull(job)
        yield Platform(job, sandbox, gone, staying)
    sandbox.close()


def _tenant(control: ControlPlane, stores: TenantStores, billing: Billing, word: str) -> Tenant:
    email = f"{word.lower()}@acme.test"
    tenant = provision(
        control, stores, NewTenant(name=f"{word} Ltd", plan="starter", billing_email=email), make.BY
    )
    control.users.add(tenant.tenant_id, email, make.BY, name=word, role="owner", password="correct horse")
    control.keys.issue(tenant.tenant_id, f"{word} key", make.BY)
    billing.subscribe(tenant, "starter", "month", make.BY, "pm_card_visa")
    store = stores.open(tenant.tenant_id)
    result = orjson.dumps({"modules": {"fca_uk": {"gates": [{"evidence": [{"quote": word}]}]}}})
    store.commit_validation(make.validation(f"{word}-key", result=result))
    store.record_usage_events([make.event(f"{word}-event", source=word)], lambda _: make.NOVEMBER)
    store.put_custom_gate("own_gate", f"title: {word}", is_enabled=True, at=make.NOW, by=word)
    return tenant


def places(state: Path, word: str) -> set[str]:
    """The files under a folder in which a word stands, raw or in what is decoded from them."""
    return {
        str(path.relative_to(state))
        for path in state.rglob("*")
        if path.is_file() and _stands_in(path, word.lower())
    }


def _stands_in(path: Path, word: str) -> bool:
    if word.encode() in path.read_bytes().lower():
        return True
    return any(word in text.lower() for text in _decoded(path))


def _decoded(path: Path) -> Iterator[str]:
    if path.suffix == ".parquet":
        yield str(pq.read_table(path).to_pylist())
    elif path.suffix == ".duckdb":
        with open_read_only(path) as connection:
            named = "select schema_name, table_name from duckdb_tables()"
            for schema, table in connection.execute(named).fetchall():
                yield str(connection.table(f'"{schema}"."{table}"').fetchall())
    elif path.suffix == ".sqlite":
        with closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True)) as connection:
            for (table,) in connection.execute("select name from sqlite_master where type = 'table'"):
                for row in connection.execute(f'select * from "{table}"'):  # noqa: S608 - a name of ours
                    yield str(row)
                    yield from (_unpacked(value) for value in row if isinstance(value, bytes))


def _unpacked(value: bytes) -> str:
    try:
        return zlib.decompress(value).decode(errors="replace")
    except zlib.error:
        return ""


def _hash(platform: Platform, tenant: Tenant) -> str:
    return sha256((platform.state / "tenants" / tenant.tenant_id / "store.sqlite").read_bytes()).hexdigest()


def test_an_erased_tenant_is_nowhere_and_the_other_is_untouched(platform: Platform) -> None:
    build_and_publish(platform.job)
    before = places(platform.state, GONE)
    assert {path.split("/")[0] for path in before} >= {"control.sqlite", "landing", "tenants"}
    store, copies = _hash(platform, platform.staying), _copied(platform)
    planned = erasure.plan(platform.job, platform.gone.slug)
    assert {place.split(":")[0] for place in planned} == {
        "backups",
        "control",
        "landing",
        "store",
        "warehouse",
    }
    erasure.requested(platform.job, platform.gone.slug, make.BY)
    done = erasure.erase(platform.job, platform.gone.slug, make.BY)
    assert places(platform.state, GONE) == set()
    # The id is opaque: the audit chain and the landing zone's own bookkeeping may name it.
    assert {path.split("/")[-2:][0] for path in places(platform.state, platform.gone.tenant_id)} <= {
        "control.sqlite",
        "_manifests",
    }
    assert places(platform.state, STAYING)
    assert _hash(platform, platform.staying) == store
    assert done.certificate is not None
    assert done.certificate["places"]["store: validation_runs"] == 1
    _backups_open_for_nobody(platform, copies)
    _pull_does_not_bring_it_back(platform)
    _restored_state_is_erased_again(platform, copies)


def _copied(platform: Platform) -> dict[str, bytes]:
    """What someone may have copied before: the control plane, a store, a backup."""
    with closing(sqlite3.connect(platform.state / "control.sqlite")) as connection:
        connection.execute("pragma wal_checkpoint(truncate)")
    folder = f"tenants/{platform.gone.tenant_id}/store.sqlite"
    backup = next((platform.state / "backups").rglob("*.backup"))
    names = ("control.sqlite", folder, str(backup.relative_to(platform.state)))
    return {name: (platform.state / name).read_bytes() for name in names}


def _backups_open_for_nobody(platform: Platform, copies: dict[str, bytes]) -> None:
    elsewhere = platform.state.parent / "copy.backup"
    elsewhere.write_bytes(next(content for name, content in copies.items() if name.endswith(".backup")))
    with (
        closing(ControlPlane.open(platform.job.settings, platform.job.clock)) as control,
        closing(TenantStores(platform.job.settings, platform.job.clock)) as stores,
        pytest.raises(Conflict, match="key destroyed"),
    ):
        Backups(control, stores).verify(platform.gone, elsewhere)


def _pull_does_not_bring_it_back(platform: Platform) -> None:
    later = FixedClock(NOW + timedelta(days=20))
    platform.sandbox.advance_to(later.now())
    pull(replace(platform.job, clock=later), full=True)
    assert places(platform.state, GONE) == set()
    paid = [
        row
        for file in (platform.state / "landing" / "stripe_invoice").glob("2*/*.parquet")
        for row in pq.read_table(file).to_pylist()
        if row["status"] == "paid" and row["customer_id"] == _customer(platform)
    ]
    assert any(row["total"] for row in paid)


def _restored_state_is_erased_again(platform: Platform, copies: dict[str, bytes]) -> None:
    for name, content in copies.items():
        (platform.state / name).parent.mkdir(parents=True, exist_ok=True)
        (platform.state / name).write_bytes(content)
    assert places(platform.state, GONE)
    assert len(erasure.erase_due(platform.job, make.BY)) == 1
    assert places(platform.state, GONE) == set()


def _customer(platform: Platform) -> str:
    customers = platform.sandbox.call("GET", "/v1/customers", {"limit": 100})["data"]
    return next(each["id"] for each in customers if GONE in each["name"])


def test_an_erasure_that_was_cut_off_is_taken_up_again(
    platform: Platform, monkeypatch: pytest.MonkeyPatch
) -> None:
    erasure.requested(platform.job, platform.gone.slug, make.BY)

    def crash(*_: Any) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(Erasures, "erase", crash)
        with pytest.raises(KeyboardInterrupt):
            erasure.erase(platform.job, platform.gone.slug, make.BY)
    later = replace(platform.job, clock=FixedClock(NOW + timedelta(days=31)))
    assert len(erasure.erase_due(later, make.BY)) == 1
    assert places(platform.state, GONE) == set()


def test_nothing_is_erased_that_nobody_asked_for_and_a_request_can_be_withdrawn(platform: Platform) -> None:
    with pytest.raises(NotFound, match="loki erase request"):
        erasure.erase(platform.job, platform.gone.slug, make.BY)
    noted = erasure.requested(platform.job, platform.gone.slug, make.BY)
    assert noted.due_at - noted.requested_at == timedelta(days=30)
    assert erasure.requested(platform.job, platform.gone.slug, make.BY) == noted
    erasure.withdrawn(platform.job, platform.gone.slug, make.BY)
    with pytest.raises(NotFound, match="loki erase request"):
        erasure.erase(platform.job, platform.gone.slug, make.BY)
