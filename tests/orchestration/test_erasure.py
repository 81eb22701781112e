"""One tenant of many is erased: what its people wrote is nowhere any more, the others are as they were."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from dataclasses import replace
from datetime import timedelta
from hashlib import sha256
from typing import TYPE_CHECKING, Any

import orjson
import pyarrow.parquet as pq
import pytest

from orchestration import dbt_run, erasure
from orchestration.pull import pull
from tenants.billing.inbox import Inbox
from tenants.clock import FixedClock
from tenants.errors import NotFound, PlatformError
from tenants.protection.backups import Backups
from tenants.protection.erasure import Erasures
from tests.orchestration.factories import NOW
from tests.orchestration.planted_world import SECRET, planted_world
from tests.orchestration.searching import missing, told
from tests.orchestration.small_job import PROJECT
from tests.tenants import factories as make
from tests.tenants.billing.events import signed

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from orchestration.context import MainJob
    from tests.orchestration.planted_world import World

pytestmark = [pytest.mark.early, pytest.mark.usefixtures("dbt_is_loaded")]

# What is kept nowhere, also before an erasure; ids in log files land as hashes, and `name` was changed since.
_NEVER_KEPT = {"logo_metadata", "logo_file", "file_name", "log_record", "name"}


@pytest.fixture
def world(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[World]:
    tenants, is_whole = getattr(request, "param", (2, False))
    monkeypatch.setenv("LOKI_USAGE_LOGS", str(tmp_path / "logs"))
    if not is_whole:
        monkeypatch.setattr(dbt_run, "PROJECT", PROJECT)
    with planted_world(tmp_path, tenants) as made:
        yield made


@pytest.mark.parametrize(
    "world",
    [
        pytest.param((3, False), id="3 tenants"),
        pytest.param((50, True), id="50 tenants", marks=[pytest.mark.long, pytest.mark.timeout(3600)]),
    ],
    indirect=True,
)
def test_what_an_erased_tenant_wrote_is_nowhere_and_the_others_are_as_they_were(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = world.found()
    for each in world.planted:
        assert set(missing(each.words, before)) <= _NEVER_KEPT
    _ids_of_usage_are_neither_landed_nor_reported(world, before)
    kept, copies = _of_the_others(world), _copied(world)
    _a_plan_lists_what_is_where(world)
    _nothing_is_erased_that_nobody_asked_for(world)
    _pay(world)
    _an_erasure_is_cut_off(world, monkeypatch)
    (done,) = erasure.erase_due(_later(world, days=31), make.BY)
    assert done.certificate is not None
    assert any("audit trail" in each for each in done.certificate["kept"])
    assert len(done.certificate["stripe"]["done"]["subscriptions"]) == 2
    _require_gone(world)
    _nothing_names_it_at_stripe(world, done.anonymous_id)
    assert _of_the_others(world) == kept
    assert set(_naming(world.job.state, world.gone.tenant.tenant_id)) <= {"control.sqlite"}
    _nothing_comes_back_by_a_log_file_that_grew(world)
    _nothing_comes_back_by_a_webhook(world)
    _nothing_comes_back_by_a_pull(world)
    _backups_of_the_others_hold_nothing_of_it(world)
    _an_older_state_is_erased_again(world, copies)


def _ids_of_usage_are_neither_landed_nor_reported(world: World, before: dict[str, set[str]]) -> None:
    for each in world.planted:
        places = told(before, each.words)
        assert any(place.startswith("tenants/") for place in places["event_id"])
        assert not any(place.startswith(("landing", "builds")) for place in places["event_id"])
        assert "log_record" not in places
        # What did not fit is kept as it came for the days of retention, but no report shows it.
        assert {place.split("/")[1] for place in places["bad_log_record"]} == {"quarantine"}


def _a_plan_lists_what_is_where(world: World) -> None:
    planned = erasure.plan(world.job, world.gone.tenant.slug)
    wanted = {"backups", "control", "landing", "store", "stripe", "warehouse"}
    assert {place.partition(":")[0] for place in planned} == wanted
    assert planned["store: validation_runs"] == 3


def _nothing_is_erased_that_nobody_asked_for(world: World) -> None:
    slug = world.gone.tenant.slug
    with pytest.raises(NotFound, match="loki erase request"):
        erasure.erase(world.job, slug, make.BY)
    noted = erasure.requested(world.job, slug, make.BY)
    assert noted.due_at - noted.requested_at == timedelta(days=30)
    assert erasure.requested(world.job, slug, make.BY) == noted
    erasure.withdrawn(world.job, slug, make.BY)
    with pytest.raises(NotFound, match="loki erase request"):
        erasure.erase(world.job, slug, make.BY)
    assert missing(world.gone.words, world.found()) == sorted(_NEVER_KEPT)


def _an_erasure_is_cut_off(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    def crash(*_: Any) -> None:
        raise KeyboardInterrupt

    erasure.requested(world.job, world.gone.tenant.slug, make.BY)
    with monkeypatch.context() as patch:
        patch.setattr(Erasures, "erase", crash)
        with pytest.raises(KeyboardInterrupt):
            erasure.erase(world.job, world.gone.tenant.slug, make.BY)


def _pay(world: World) -> None:
    """Let the tenant pay for something, as its trial ends with the erasure."""
    customer = world.gone.tenant.stripe_customer_id
    (trial,) = world.sandbox.call("GET", "/v1/subscriptions", {"customer": customer})["data"]
    bought = {"customer": customer, "items": [{"price": trial["items"]["data"][0]["price"]["id"]}]}
    world.sandbox.call("POST", "/v1/subscriptions", bought)


def _later(world: World, days: int) -> MainJob:
    return replace(world.job, clock=FixedClock(NOW + timedelta(days=days)))


def _require_gone(world: World) -> None:
    after = world.found()
    assert told(after, world.gone.words) == {}
    for each in world.staying:
        assert set(missing(each.words, after)) <= _NEVER_KEPT


def _nothing_names_it_at_stripe(world: World, anonymous_id: str) -> None:
    customer = world.sandbox.call("GET", f"/v1/customers/{world.gone.tenant.stripe_customer_id}")
    assert not [word for word in world.gone.words.planted.values() if word in str(customer)]
    assert customer["metadata"] == {"tenant_id": anonymous_id}


def _of_the_others(world: World) -> dict[str, Any]:
    """The others' stores byte for byte, and their rows in the landing zone."""
    stores = {
        str(path.relative_to(world.job.state)): sha256(path.read_bytes()).hexdigest()
        for each in world.staying
        for path in sorted((world.job.state / "tenants" / each.tenant.tenant_id).iterdir())
        if path.stat().st_size
    }
    assert len(stores) >= len(world.staying)
    return {"stores": stores, "landed": _landed(world)}


def _landed(world: World) -> dict[str, list[str]]:
    others = {each.tenant.tenant_id for each in world.staying}
    rows: dict[str, list[str]] = {}
    for path in sorted((world.job.state / "landing").glob("*/2*/*.parquet")):
        table = pq.read_table(path)
        if "tenant_id" in table.column_names:
            own = (row for row in table.to_pylist() if row["tenant_id"] in others)
            rows.setdefault(path.parts[-3], []).extend(map(repr, own))
    return {stream: sorted(each) for stream, each in rows.items()}


def _naming(state: Path, text: str) -> list[str]:
    return [
        str(path.relative_to(state))
        for path in state.rglob("*")
        if path.is_file() and text.encode() in path.read_bytes()
    ]


def _nothing_comes_back_by_a_log_file_that_grew(world: World) -> None:
    with (world.logs / "usage.ndjson").open("a") as file:
        file.write('{"tenant_id": "ten_other", "record_id": "late", "meter": "conversations"}\n')
    pull(world.job)
    _require_gone(world)


def _nothing_comes_back_by_a_webhook(world: World) -> None:
    customer = world.gone.tenant.stripe_customer_id
    assert customer is not None
    world.sandbox.call("POST", f"/v1/customers/{customer}", {"name": world.gone.words.planted["stripe_name"]})
    events = world.sandbox.call("GET", "/v1/events", {"limit": 5})["data"]
    with world.opened() as (control, _):
        for event in events:
            Inbox(control).receive(*signed(orjson.dumps(event), SECRET, NOW))
    assert world.gone.words.planted["stripe_name"] in world.found()
    assert erasure.erase_due(world.job, make.BY) == []
    _require_gone(world)


def _nothing_comes_back_by_a_pull(world: World) -> None:
    """The money stays, under an anonymous id; the names do not come back, also when all is read again."""
    later = _later(world, days=20)
    world.sandbox.advance_to(later.clock.now())
    pull(later, full=True)
    _require_gone(world)
    paid = [
        row["total"]
        for path in (world.job.state / "landing" / "stripe_invoice").glob("2*/*.parquet")
        for row in pq.read_table(path).to_pylist()
        if row["status"] == "paid" and row["customer_id"] == world.gone.tenant.stripe_customer_id
    ]
    assert any(paid)


def _backups_of_the_others_hold_nothing_of_it(world: World) -> None:
    with world.opened() as (control, stores):
        backups = Backups(control, stores)
        for each in world.staying[:3]:
            backup = backups.all(each.tenant)[0]
            backups.restore_as_new(each.tenant, backup.path, f"{each.tenant.slug}-again", make.BY)
    _require_gone(world)


def _copied(world: World) -> dict[str, bytes]:
    """What someone may have copied before: the control plane, the store and the backup."""
    with closing(sqlite3.connect(world.job.state / "control.sqlite")) as connection:
        connection.execute("pragma wal_checkpoint(truncate)")
    folders = [world.job.state / kind / world.gone.tenant.tenant_id for kind in ("tenants", "backups")]
    files = [path for folder in folders for path in folder.iterdir() if path.stat().st_size]
    return {
        str(path.relative_to(world.job.state)): path.read_bytes()
        for path in [world.job.state / "control.sqlite", *files]
    }


def _an_older_state_is_erased_again(world: World, copies: dict[str, bytes]) -> None:
    backup = next(name for name in copies if name.endswith(".backup"))
    elsewhere = world.job.state / backup
    elsewhere.parent.mkdir(parents=True)
    elsewhere.write_bytes(copies[backup])
    with world.opened() as (control, stores), pytest.raises(PlatformError, match="key destroyed"):
        Backups(control, stores).verify(world.gone.tenant, elsewhere)
    for name, content in copies.items():
        (world.job.state / name).parent.mkdir(parents=True, exist_ok=True)
        (world.job.state / name).write_bytes(content)
    for left in ("control.sqlite-wal", "control.sqlite-shm"):
        (world.job.state / left).unlink(missing_ok=True)
    assert told(world.found(), world.gone.words)
    assert len(erasure.erase_due(world.job, make.BY)) == 1
    assert told(world.found(), world.gone.words) == {}
