from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from orchestration import publishing
from tenants.warehouse import Warehouse
from tests.orchestration.factories import NOW, make_build, published_value


def test_a_sealed_build_is_not_read_before_it_is_published(tmp_path: Path) -> None:
    warehouse = Warehouse(tmp_path)
    publishing.publish(warehouse, make_build(tmp_path, "build-1", value=1))
    make_build(tmp_path, "build-2", value=2)
    assert published_value(tmp_path) == 1


def test_a_crash_before_the_pointer_is_replaced_leaves_the_old_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    warehouse = Warehouse(tmp_path)
    publishing.publish(warehouse, make_build(tmp_path, "build-1", value=1))

    def crash(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(Path, "replace", crash)
    with pytest.raises(KeyboardInterrupt):
        publishing.publish(warehouse, make_build(tmp_path, "build-2", value=2))
    assert published_value(tmp_path) == 1


def test_what_a_killed_build_left_behind_is_removed_by_the_next(tmp_path: Path) -> None:
    warehouse = Warehouse(tmp_path)
    (publishing.fresh_workspace(warehouse) / "warehouse.duckdb").write_bytes(b"half written")
    workspace = publishing.fresh_workspace(warehouse)
    assert [path.name for path in workspace.iterdir()] == ["tenants"]
    assert warehouse.build_ids() == []


def test_the_last_few_builds_stay_and_older_ones_go(tmp_path: Path) -> None:
    warehouse = Warehouse(tmp_path)
    for number in range(7):
        built_at = (NOW + timedelta(hours=number)).isoformat()
        build = make_build(tmp_path, f"build-{number}", built_at=built_at)
        publishing.publish(warehouse, build)
    assert warehouse.build_ids() == [f"build-{number}" for number in range(7 - publishing.KEPT_BUILDS, 7)]


def test_builds_as_known_earlier_do_not_push_out_the_others(tmp_path: Path) -> None:
    warehouse = Warehouse(tmp_path)
    for number in range(6):
        make_build(
            tmp_path, f"{publishing.AS_KNOWN}{number}", built_at=(NOW + timedelta(hours=number)).isoformat()
        )
    publishing.publish(warehouse, make_build(tmp_path, "build-1"))
    assert len(warehouse.build_ids()) == publishing.KEPT_BUILDS + 1


def test_publishing_after_an_erasure_removes_every_build_that_may_hold_the_tenant(tmp_path: Path) -> None:
    warehouse = Warehouse(tmp_path)
    make_build(tmp_path, f"{publishing.AS_KNOWN}1", erased_tenants=0)
    publishing.publish(warehouse, make_build(tmp_path, "build-1", erased_tenants=0))
    publishing.publish(warehouse, make_build(tmp_path, "build-2", erased_tenants=1))
    assert warehouse.build_ids() == ["build-2"]
