from __future__ import annotations

import json
import re
from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

import pyarrow.parquet as pq
import pytest

from ingest.streams import schemas
from orchestration import publishing, rebuild
from orchestration.dbt_run import BuildFailed
from orchestration.locking import only_one
from orchestration.refresh import LAST_REFRESH, refresh
from orchestration.variants import Policy
from tenants.clock import FixedClock
from tenants.errors import Conflict, InvalidInput, Unavailable
from tests.orchestration.factories import NOW
from tests.orchestration.small_job import land, small_job

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from orchestration.context import MainJob

pytestmark = [pytest.mark.early, pytest.mark.usefixtures("dbt_is_loaded")]
RUNS = "select run_id from marts.validation_runs order by run_id"


def runs(job: MainJob, build_id: str | None = None, schema: str = "marts") -> list[str]:
    with job.warehouse.open(build_id) as connection:
        rows = connection.execute(RUNS.replace("marts.", f"{schema}.")).fetchall()
    return [run_id for (run_id,) in rows]


def last_note(job: MainJob) -> dict[str, str]:
    return dict(json.loads((job.state / LAST_REFRESH).read_text()))


@pytest.fixture
def job(tmp_path: Path) -> MainJob:
    return small_job(tmp_path)


def test_a_refresh_publishes_and_one_with_nothing_new_changes_nothing(job: MainJob) -> None:
    land(job, "run_1")
    first = refresh(job)
    assert (first.kind, runs(job)) == ("published", ["run_1"])
    with job.warehouse.open_tenant("ten_a") as own:
        assert own.execute(RUNS).fetchall() == [("run_1",)]
        assert own.execute("select build_id, policy from marts.build_info").fetchall() == [
            (first.build.id, "default")
        ]

    second = refresh(job)
    assert (second.kind, second.build.id) == ("current", first.build.id)
    assert "already current" in second.sentence

    land(job, "run_2")
    third = refresh(job)
    assert (third.kind, runs(job)) == ("published", ["run_1", "run_2"])
    assert refresh(job, full=True).kind == "published"


def test_a_failing_test_publishes_nothing_and_says_which_and_where(job: MainJob) -> None:
    land(job, "run_1")
    good = refresh(job).build
    land(job, "run_2", "run_2")
    with pytest.raises(BuildFailed) as failure:
        refresh(job)
    assert "unique_validation_runs_run_id" in failure.value.message
    assert "Nothing was published" in failure.value.message
    assert str(job.state) in failure.value.message
    assert (job.warehouse.published(), runs(job)) == (good, ["run_1"])
    assert (last_note(job)["outcome"], last_note(job)["message"]) == ("failed", failure.value.message)


def test_a_rebuild_gives_the_same_rows_and_other_policies_beside(job: MainJob) -> None:
    land(job, "run_1", "run_2")
    refresh(job)
    before = runs(job)
    beside = replace(job.reporting, beside=(Policy("stripe", {}),))
    rebuilt = rebuild.rebuild(replace(job, reporting=beside))
    assert runs(job) == runs(job, schema="marts_stripe") == before
    assert rebuilt.facts["policies_beside"] == [{"name": "stripe", "switches": {}}]


@pytest.mark.parametrize("build", [rebuild.rebuild, lambda job: rebuild.as_known(job, NOW)])
def test_a_landing_zone_of_an_earlier_version_gets_today_s_columns_first(
    job: MainJob, build: Callable[[MainJob], object]
) -> None:
    land(job, "run_1")
    file = job.state / "landing" / "stripe_price" / "schema" / "empty.parquet"
    file.parent.mkdir(parents=True, exist_ok=True)
    pq.write_table(schemas()["stripe_price"].empty_table().drop(["currency_prices"]), file)
    build(job)
    assert pq.read_schema(file).equals(schemas()["stripe_price"])


def test_what_was_known_earlier_is_built_once_and_never_published(job: MainJob) -> None:
    land(job, "run_1")
    assert isinstance(job.clock, FixedClock)
    job.clock.set(NOW + timedelta(days=2))
    land(job, "run_2")
    current = refresh(job).build
    earlier = rebuild.as_known(job, NOW + timedelta(days=1))
    assert (runs(job, earlier.id), runs(job)) == (["run_1"], ["run_1", "run_2"])
    assert job.warehouse.published() == current
    made_at = earlier.file.stat().st_mtime_ns
    assert rebuild.as_known(job, NOW + timedelta(days=1)).file.stat().st_mtime_ns == made_at


def test_what_will_be_known_cannot_be_built(job: MainJob) -> None:
    with pytest.raises(InvalidInput, match="has not come yet"):
        rebuild.as_known(job, NOW + timedelta(seconds=1))


def test_before_the_first_observation_nothing_is_built_and_the_first_time_is_named(job: MainJob) -> None:
    with pytest.raises(InvalidInput, match="Nothing has landed yet"):
        rebuild.as_known(job, NOW)
    land(job, "run_1")
    with pytest.raises(InvalidInput, match=f"from {re.escape(NOW.isoformat())} on"):
        rebuild.as_known(job, NOW - timedelta(seconds=1))
    assert list(job.warehouse.build_ids()) == []


def test_a_second_refresh_while_one_runs_is_refused_and_changes_nothing(job: MainJob) -> None:
    with only_one(job.state), pytest.raises(Conflict, match="Another refresh is running"):
        refresh(job)
    with pytest.raises(Unavailable):
        job.warehouse.published()


def test_a_full_disk_leaves_the_published_build(job: MainJob, monkeypatch: pytest.MonkeyPatch) -> None:
    land(job, "run_1")
    good = refresh(job).build
    land(job, "run_2")

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(publishing, "sync", full)
    with pytest.raises(OSError, match="No space left"):
        refresh(job)
    assert job.warehouse.published() == good


def test_a_damaged_landing_file_is_named_set_aside_and_the_next_run_is_right(job: MainJob) -> None:
    land(job, "run_1")
    good = refresh(job).build
    land(job, "run_2")
    newest = max((job.state / "landing" / "validation_runs").glob("2*/*.parquet"))
    content = newest.read_bytes()
    newest.write_bytes(content[:4] + b"x" * 60 + content[64:])  # its pages, not its footer
    with pytest.raises(BuildFailed, match="was damaged") as failure:
        rebuild.rebuild(job)
    assert newest.name in failure.value.message
    assert job.warehouse.published() == good
    assert refresh(job).kind == "published"
    assert runs(job) == ["run_1"]
