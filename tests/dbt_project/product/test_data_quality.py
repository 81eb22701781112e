from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pytest

from tests.dbt_project.factories import a_record, a_run, a_tenant, an_outcome, at, loki_plans

if TYPE_CHECKING:
    from tests.dbt_project.product.conftest import Warehouse

REJECTED = {
    "stream": "usage_records",
    "source": "june.csv:3",
    "object_id": "r-3",
    "reason": "no such tenant",
    "observed_at": at("2026-03-01"),
}


def pull(moment: str, status: str = "ok", **fields: Any) -> dict[str, Any]:
    asked = at(moment)
    row = {"stream": "usage_records", "asked_at": asked, "rows": 1, "status": status, "observed_at": asked}
    return row | {"complete_until": asked if status == "ok" else None} | fields


@pytest.fixture
def findings(warehouse: Warehouse) -> Any:
    """Build from rows and return what one check found, as (object id, detail)."""

    def build_and_find(check: str, **rows: list[dict[str, Any]]) -> list[tuple[Any, ...]]:
        warehouse.build({"tenant_register": [a_tenant()], "plan_catalogue": loki_plans()} | rows)
        results = warehouse.checks[check].replace("2001-01-01T00:00:02+00:00", "9999-12-31T00:00:00+00:00")
        return warehouse.rows(f"select object_id, detail from ({results}) order by all")  # noqa: S608 - our own

    return build_and_find


def test_a_quarantined_row_is_listed_with_its_reason(findings: Any) -> None:
    found = findings("dq_landing__quarantined_rows", quarantine=[REJECTED])
    assert found == [("r-3", "usage_records from june.csv:3: no such tenant")]


def test_a_gap_is_open_until_a_later_pull_covers_it(findings: Any) -> None:
    gap = pull("2026-03-02", "gap", since=at("2026-03-01"), detail="page 3 was cut off")
    check = "dq_landing__sync_gaps"
    assert findings(check, sync_ledger=[gap]) == [("usage_records", "page 3 was cut off")]
    too_late = pull("2026-03-03", since=at("2026-03-02"))
    assert findings(check, sync_ledger=[gap, too_late]) == [("usage_records", "page 3 was cut off")]
    assert findings(check, sync_ledger=[gap, pull("2026-03-03", since=at("2026-03-01"))]) == []


def test_usage_of_a_tenant_that_no_register_names_is_listed(findings: Any) -> None:
    records = [a_record(record_id="1"), a_record(record_id="2", tenant_id="ghost")]
    found = findings("dq_usage__unknown_tenants", usage_records=records)
    assert found == [("ghost", "1 records of usage name a tenant that is not in the register")]


def test_usage_on_a_meter_that_no_catalogue_has_is_listed(findings: Any) -> None:
    records = [a_record(record_id="1"), a_record(record_id="2", meter="apicalls", units=Decimal(3))]
    [(object_id, _)] = findings("dq_usage__unknown_meters", usage_records=records)
    assert object_id == "acme apicalls"


def test_usage_is_late_when_its_day_had_been_pulled_before(findings: Any) -> None:
    records = [
        a_record(record_id="1", occurred_at=at("2026-03-01T09:00"), observed_at=at("2026-03-02T01:00")),
        a_record(record_id="2", occurred_at=at("2026-03-01T10:00"), observed_at=at("2026-03-09T01:00")),
        a_record(record_id="3", occurred_at=at("2026-03-08T10:00"), observed_at=at("2026-03-09T01:00")),
    ]
    pulls = [pull("2026-03-02T01:00"), pull("2026-03-09T01:00")]
    [(object_id, detail)] = findings("dq_usage__late_records", usage_records=records, sync_ledger=pulls)
    assert object_id == "acme"
    assert detail.startswith("usage of 1 days (2026-03-01 to 2026-03-01) arrived on 2026-03-09")


def test_every_run_must_answer_with_every_gate_of_its_ruleset(findings: Any) -> None:
    runs = [a_run("whole"), a_run("short"), a_run("silent"), a_run("newer", ruleset_hash="other")]
    outcomes = [an_outcome("whole", gate) for gate in ("g1", "g2", "g3")]
    outcomes += [an_outcome("short", "g1"), an_outcome("short", "g2", "NOT_APPLICABLE")]
    outcomes += [an_outcome("newer", "g1")]
    found = findings("dq_validation__missing_outcomes", validation_runs=runs, gate_outcomes=outcomes)
    assert found == [
        ("short gdpr_uk", "2 of 3 gates answered"),
        ("silent gdpr_uk", "the run asked for this module and no gate answered"),
    ]


def test_verdicts_of_a_run_that_never_landed_are_listed(findings: Any) -> None:
    found = findings("dq_validation__orphan_outcomes", gate_outcomes=[an_outcome("lost", "g1")])
    assert found == [("lost", "1 verdicts without their run")]


def test_the_pipeline_shows_rows_completeness_gaps_and_quarantine(warehouse: Warehouse) -> None:
    ledger = [pull("2026-03-01"), pull("2026-03-02", "gap", since=at("2026-03-01"))]
    records = [a_record(record_id=str(number)) for number in range(7)]
    warehouse.build({"sync_ledger": ledger, "quarantine": [REJECTED], "usage_records": records})
    query = (
        "select rows, last_observed_at, complete_until, last_status, gaps, quarantined"
        " from marts.pipeline_streams where stream = 'usage_records'"
    )
    assert warehouse.rows(query) == [(7, records[0]["observed_at"], at("2026-03-01"), "gap", 1, 1)]


def test_stripes_objects_are_as_complete_as_its_events(warehouse: Warehouse) -> None:
    ledger = [pull("2026-01-01", stream="stripe_price"), pull("2026-03-01", stream="stripe_events")]
    warehouse.build({"sync_ledger": ledger})
    query = "select stream, complete_until from marts.pipeline_streams where stream like 'stripe%' order by 1"
    assert warehouse.rows(query) == [("stripe_events", at("2026-03-01")), ("stripe_price", at("2026-03-01"))]
