from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from tests.dbt_project.factories import a_run, a_tenant, an_outcome, at, loki_plans

if TYPE_CHECKING:
    from tests.dbt_project.product.conftest import Warehouse


def build(warehouse: Warehouse, runs: list[dict[str, Any]], outcomes: list[dict[str, Any]]) -> None:
    warehouse.build(
        {
            "validation_runs": runs,
            "gate_outcomes": outcomes,
            "tenant_register": [a_tenant()],
            "plan_catalogue": loki_plans(),
        }
    )


def test_a_module_without_an_applicable_gate_is_neither_passed_nor_failed(warehouse: Warehouse) -> None:
    outcomes = [
        an_outcome("passed", "g1"),
        an_outcome("passed", "g2", "NOT_APPLICABLE"),
        an_outcome("failed", "g1", "FAIL"),
        an_outcome("failed", "g2"),
        an_outcome("open", "g1", "NEEDS_REVIEW"),
        an_outcome("apart", "g1", "NOT_APPLICABLE"),
        an_outcome("apart", "g2", "NOT_APPLICABLE"),
        an_outcome("warned", "g1", "WARNING"),
    ]
    build(warehouse, [a_run(run) for run in ("passed", "failed", "open", "apart", "warned")], outcomes)
    query = "select runs, passed, pass_rate, failed, needs_review, not_applicable from marts.compliance_trend"
    assert warehouse.rows(query) == [(4, 2, Decimal("0.5"), 1, 1, 1)]


def test_without_an_applicable_gate_there_is_no_pass_rate(warehouse: Warehouse) -> None:
    build(warehouse, [a_run("1")], [an_outcome("1", "g1", "NOT_APPLICABLE")])
    query = "select runs, pass_rate, not_applicable from marts.compliance_trend"
    assert warehouse.rows(query) == [(0, None, 1)]


def test_a_waived_failure_does_not_fail_but_is_shown_apart(warehouse: Warehouse) -> None:
    outcomes = [an_outcome("1", "g1", "FAIL", waived=True), an_outcome("2", "g1", "FAIL")]
    build(warehouse, [a_run("1"), a_run("2")], outcomes)
    assert warehouse.rows("select passed, failed, passed_by_waiver from marts.compliance_trend") == [
        (1, 1, 1)
    ]
    query = "select failures, runs, waived from marts.top_violations where tenant_id = 'acme'"
    assert warehouse.rows(query) == [(1, 2, 1)]


def test_days_are_utc_days_and_types_and_modules_have_rows_of_their_own(warehouse: Warehouse) -> None:
    late, early = at("2026-03-09T23:59:59.999"), at("2026-03-10T00:00")
    runs = [a_run("1", created_at=late), a_run("2", created_at=early, document_type="cookie_notice")]
    outcomes = [an_outcome("1", "g", created_at=late), an_outcome("2", "g", created_at=early)]
    outcomes.append(an_outcome("2", "h", module="fca_uk", created_at=early))
    build(warehouse, runs, outcomes)
    query = "select day, document_type, module from marts.compliance_trend order by all"
    assert warehouse.rows(query) == [
        (date(2026, 3, 9), "privacy_notice", "gdpr_uk"),
        (date(2026, 3, 10), "cookie_notice", "fca_uk"),
        (date(2026, 3, 10), "cookie_notice", "gdpr_uk"),
    ]


def test_violations_are_ranked_within_tenant_and_month_without_ties(warehouse: Warehouse) -> None:
    runs = [a_run(str(number)) for number in range(4)] + [a_run("other", tenant_id="other")]
    outcomes = [an_outcome(str(number), "often", "FAIL") for number in range(3)]
    outcomes += [an_outcome(str(number), "b_rare", "FAIL" if number == 0 else "PASS") for number in range(4)]
    outcomes += [an_outcome(str(number), "c_rare", "FAIL" if number == 0 else "PASS") for number in range(2)]
    outcomes += [an_outcome(str(number), "a_rare", "FAIL" if number == 0 else "PASS") for number in range(4)]
    outcomes += [an_outcome("0", "never"), an_outcome("other", "b_rare", "FAIL", tenant_id="other")]
    build(warehouse, runs, outcomes)
    query = (
        "select gate_id, failures, runs, rank from marts.top_violations where tenant_id = '{}' order by rank"
    )
    assert warehouse.rows(query.format("acme")) == [
        ("often", 3, 3, 1),
        ("c_rare", 1, 2, 2),
        ("a_rare", 1, 4, 3),
        ("b_rare", 1, 4, 4),
    ]
    assert warehouse.rows(query.format("all"))[:2] == [("often", 3, 3, 1), ("b_rare", 2, 5, 2)]


def test_a_run_that_landed_twice_is_one_run(warehouse: Warehouse) -> None:
    again: dict[str, Any] = {"observed_at": at("2026-03-12")}
    build(
        warehouse,
        [a_run("1"), a_run("1", **again)],
        [an_outcome("1", "g"), an_outcome("1", "g", **again)],
    )
    assert warehouse.rows("select count(*) from marts.validation_runs") == [(1,)]
    assert warehouse.rows("select count(*) from marts.gate_outcomes") == [(1,)]
    assert warehouse.rows("select runs from marts.compliance_trend") == [(1,)]
