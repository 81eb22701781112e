from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal
from typing import TYPE_CHECKING

import pytest

from tenants.errors import InvalidInput, NotFound
from tests.tenants import factories as make

if TYPE_CHECKING:
    from tenants.stores import TenantStores


def test_a_validation_leaves_run_outcomes_result_usage_and_quota(stores: TenantStores) -> None:
    store = stores.create("ten_a")
    outcome = store.commit_validation(make.validation(run=make.run(run_id="val_1")))
    assert (outcome.kind, outcome.response) == ("committed", b'{"status":"FAIL"}')
    assert (outcome.quota.used, outcome.quota.remaining) == (Decimal(1), Decimal(999))
    assert store.run("val_1") == b'{"status":"FAIL"}'
    assert [row["run_id"] for row in store.runs()] == ["val_1"]
    assert [row["gate_id"] for row in store.rows_after("gate_outcomes", 0, 9)] == ["fca_0", "fca_1", "fca_2"]
    usage = store.rows_after("usage_records", 0, 9)
    assert [(row["record_id"], row["units"], row["module"]) for row in usage] == [
        ("val_1", Decimal(1), "fca_uk+gdpr_uk")
    ]


def test_a_refused_validation_leaves_nothing(stores: TenantStores) -> None:
    store = stores.create("ten_a")
    store.commit_validation(make.validation(charge=make.charge(limit=1)))
    refused = store.commit_validation(make.validation("key", charge=make.charge(limit=1)))
    assert (refused.kind, refused.quota.used, refused.quota.remaining) == ("refused", Decimal(1), Decimal(0))
    assert len(store.rows_after("validation_runs", 0, 9)) == 1
    assert len(store.rows_after("usage_records", 0, 9)) == 1
    assert store.commit_validation(make.validation("key")).kind == "committed"


def test_a_plan_with_overage_counts_on_above_its_limit(stores: TenantStores) -> None:
    store = stores.create("ten_a")
    charge = make.charge(limit=1, overage_allowed=True)
    kinds = [store.commit_validation(make.validation(charge=charge)).kind for _ in range(3)]
    assert kinds == ["committed"] * 3
    assert store.usage(make.NOVEMBER).units == {"api_calls": Decimal(3)}


def test_a_batch_larger_than_what_is_left_is_refused_whole(stores: TenantStores) -> None:
    store = stores.create("ten_a")
    assert store.commit_validation(make.validation(charge=make.charge(limit=5, units=6))).kind == "refused"
    assert store.commit_validation(make.validation(charge=make.charge(limit=5, units=5))).kind == "committed"


def test_a_repeated_key_gets_the_same_bytes_and_acts_once(stores: TenantStores) -> None:
    store = stores.create("ten_a")
    first = store.commit_validation(make.validation("key", result=b"first"))
    again = store.commit_validation(make.validation("key", result=b"second"))
    assert (first.kind, again.kind, again.response) == ("committed", "replayed", b"first")
    assert again.quota.used == Decimal(1)
    assert len(store.rows_after("validation_runs", 0, 9)) == 1


def test_a_repeated_key_with_another_request_is_a_conflict(stores: TenantStores) -> None:
    store = stores.create("ten_a")
    store.commit_validation(make.validation("key", "one request"))
    assert store.commit_validation(make.validation("key", "another")).kind == "conflict"


def test_of_64_parallel_calls_with_one_unit_left_exactly_one_passes(stores: TenantStores) -> None:
    store = stores.create("ten_a")
    store.commit_validation(make.validation(charge=make.charge(limit=10, units=9)))
    commits = [make.validation(charge=make.charge(limit=10)) for _ in range(64)]
    with ThreadPoolExecutor(64) as threads:
        kinds = [outcome.kind for outcome in threads.map(store.commit_validation, commits)]
    assert sorted(kinds) == ["committed"] + ["refused"] * 63
    assert len(store.rows_after("usage_records", 0, 99)) == 2


def test_a_unit_that_fails_in_a_shared_commit_spoils_no_other(stores: TenantStores) -> None:
    store = stores.create("ten_a")
    same = make.run(run_id="val_same")
    commits = [make.validation(run=same if n % 2 else make.run()) for n in range(32)]
    with ThreadPoolExecutor(32) as threads:
        futures = [threads.submit(store.commit_validation, commit) for commit in commits]
    failed = [future for future in futures if future.exception()]
    assert len(failed) == 15
    assert len(store.rows_after("validation_runs", 0, 99)) == 17
    assert store.usage(make.NOVEMBER).units == {"api_calls": Decimal(17)}


def test_rows_come_in_the_order_of_their_commits_page_by_page(stores: TenantStores) -> None:
    store = stores.create("ten_a")
    for _ in range(5):
        store.commit_validation(make.validation())
    seen: list[int] = []
    while page := store.rows_after("gate_outcomes", seen[-1] if seen else 0, 4):
        seen += [row["seq"] for row in page]
    assert len(seen) == 15
    assert seen == sorted(set(seen))


def test_runs_are_paged_newest_first(stores: TenantStores) -> None:
    store = stores.create("ten_a")
    for n in range(5):
        store.commit_validation(make.validation(run=make.run(run_id=f"val_{n}")))
    assert [row["run_id"] for row in store.runs(limit=2)] == ["val_4", "val_3"]
    assert [row["run_id"] for row in store.runs(limit=2, before="val_3")] == ["val_2", "val_1"]
    assert store.runs(before="val_unknown") == []


def test_a_kept_document_comes_back_as_it_was_given(stores: TenantStores) -> None:
    store = stores.create("ten_a")
    commit = make.validation(document="Zins\x00 £".encode(), document_media_type="text/markdown")
    store.commit_validation(commit)
    assert store.document(commit.run.run_id) == ("text/markdown", "Zins\x00 £".encode())
    assert store.document("val_none") is None


def test_no_store_sees_another_tenants_rows(stores: TenantStores) -> None:
    one, other = stores.create("ten_a"), stores.create("ten_b")
    one.commit_validation(make.validation("key", run=make.run(run_id="val_1")))
    assert other.run("val_1") is None
    assert other.runs() == other.rows_after("usage_records", 0, 9) == []
    assert other.commit_validation(make.validation("key")).kind == "committed"
    assert stores.tenant_ids() == ["ten_a", "ten_b"]


def test_a_dropped_store_is_gone_and_its_neighbour_stays(stores: TenantStores) -> None:
    stores.create("ten_a").commit_validation(make.validation())
    neighbour = stores.create("ten_b")
    neighbour.commit_validation(make.validation())
    stores.drop("ten_a")
    assert stores.tenant_ids() == ["ten_b"]
    assert len(neighbour.runs()) == 1
    with pytest.raises(NotFound):
        stores.open("ten_a")


@pytest.mark.parametrize("tenant_id", ["ten_none", "../ten_a", "", "TEN", "ten-a", "ten_a; drop", "a" * 99])
def test_a_tenant_that_is_not_there_is_not_found(stores: TenantStores, tenant_id: str) -> None:
    with pytest.raises(NotFound, match="no such tenant"):
        stores.open(tenant_id)


@pytest.mark.parametrize("units", ["-1", "NaN", "Infinity", "0.0000001", "1e30"])
def test_units_that_are_no_amount_are_refused(stores: TenantStores, units: str) -> None:
    store = stores.create("ten_a")
    with pytest.raises(InvalidInput):
        store.record_usage_events([make.event(units=Decimal(units))], lambda _: make.NOVEMBER)
    assert store.usage(make.NOVEMBER).units == {}
