"""Metrics, currencies, invoices and findings, each on an account small enough to add up by hand."""

from __future__ import annotations

import itertools
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import duckdb
import pytest

from orchestration.policies import resolve
from tests.dbt_project.revenue.account import Account, Json, moment, seconds
from tests.dbt_project.revenue.warehouse import compiled

if TYPE_CHECKING:
    from pathlib import Path

NOW = moment("2025-04-15")


def month_row(con: duckdb.DuckDBPyConnection, month: str, columns: str) -> tuple[Any, ...]:
    row = con.execute(f"select {columns} from marts.mrr_months where month = '{month}'").fetchone()  # noqa: S608 - fixed text
    assert row is not None
    return tuple(row)


def test_a_hundred_monthly_and_fifty_yearly_customers_make_12_500(tmp_path: Path) -> None:
    account, start = Account(), moment("2025-01-01")
    monthly, yearly = account.price("10000"), account.price("60000", "year")
    for price, count in ((monthly, 100), (yearly, 50)):
        for _ in range(count):
            account.subscribe(start, [account.item(price)])
    con = compiled(resolve("stripe").switches).build(account.land(tmp_path), NOW)
    assert month_row(con, "2025-03-01", "closing_mrr, arr, paying_customers") == (12500, 150000, 150)


@pytest.fixture(scope="module")
def churny(tmp_path_factory: pytest.TempPathFactory) -> duckdb.DuckDBPyConnection:
    """Open with 100; lose a customer worth 10, shrink by 10, grow by 10."""
    account, start = Account(), moment("2025-01-10")
    price = account.price("100")
    bodies = [account.subscribe(start, [account.item(price, 10)]) for _ in range(10)]
    account.cancel(bodies[0], moment("2025-02-10"))
    for number, count in ((1, 1), (2, 19)):
        item = {**bodies[number]["items"]["data"][0], "quantity": count}
        account.change(bodies[number], moment("2025-02-1" + str(number)), items=[item])
    account.change(bodies[2], moment("2025-02-20"), items=[{**bodies[2]["items"]["data"][0], "quantity": 20}])
    account.change(bodies[1], moment("2025-02-21"), items=[{**bodies[1]["items"]["data"][0], "quantity": 0}])
    account.subscribe(moment("2025-03-05"), [account.item(price, 10)], customer=bodies[0]["customer"])
    landing = account.land(tmp_path_factory.mktemp("churny"))
    return compiled(resolve("chartmogul").switches).build(landing, NOW)


def test_churn_and_retention_follow_their_definitions(churny: duckdb.DuckDBPyConnection) -> None:
    columns = """
        opening_mrr, expansion, contraction, churn, gross_revenue_churn, net_revenue_retention,
        gross_revenue_retention, logo_churn_rate, quick_ratio, growth_rate
    """
    found = month_row(churny, "2025-02-01", columns)
    assert found == (
        100, 10, -10, -10, Decimal("0.2"), Decimal("0.9"), Decimal("0.8"), Decimal("0.1"), Decimal("0.5"),
        Decimal("-0.1"),
    )  # fmt: skip


def test_ltv_is_arpu_over_the_mean_churn_of_the_months_before(churny: duckdb.DuckDBPyConnection) -> None:
    arpu, ltv, reactivated = month_row(churny, "2025-03-01", "arpu, ltv, reactivation")
    assert reactivated == 10
    assert abs(ltv - arpu / Decimal("0.1")) < Decimal("0.0000001")
    assert month_row(churny, "2025-01-01", "ltv, logo_churn_rate, growth_rate") == (None, None, None)


def test_100_a_customer_and_5_percent_churn_make_a_life_time_value_of_2_000(tmp_path: Path) -> None:
    account = Account()
    price = account.price("10000")
    bodies = [account.subscribe(moment("2025-01-10"), [account.item(price)]) for _ in range(20)]
    account.cancel(bodies[0], moment("2025-02-10"))
    con = compiled(resolve("chartmogul").switches).build(account.land(tmp_path), NOW)
    assert month_row(con, "2025-03-01", "arpu, ltv") == (100, 2000)


def test_a_returning_customer_stays_in_the_first_cohort(churny: duckdb.DuckDBPyConnection) -> None:
    rows = churny.execute(
        "select months_since, customers_kept from marts.retention_cohorts order by cohort_month, 1"
    ).fetchall()
    assert rows == [(0, 10), (1, 8), (2, 9), (3, 9)]


def test_the_running_month_is_incomplete_and_quiet_months_have_rows(
    churny: duckdb.DuckDBPyConnection,
) -> None:
    rows = churny.execute("select month(month), is_complete from marts.mrr_months order by 1").fetchall()
    assert rows == [(1, True), (2, True), (3, True), (4, False)]


def test_an_exchange_rate_moves_the_fx_row_and_nothing_else(tmp_path: Path) -> None:
    account = Account()
    account.rate("2025-01-01", "eur", "usd", "1.10")
    account.rate("2025-02-15", "eur", "usd", "1.20")
    account.subscribe(moment("2025-01-10"), [account.item(account.price("10000", currency="eur"))])
    account.subscribe(moment("2025-01-10"), [account.item(account.price("500", currency="jpy"))])
    account.subscribe(moment("2025-01-10"), [account.item(account.price("5000", currency="kwd"))])
    account.rate("2025-01-01", "jpy", "usd", "0.01")
    account.rate("2025-01-01", "usd", "kwd", "0.5")
    con = compiled().build(account.land(tmp_path), NOW)
    booked = con.execute("""
        select currency, movement_type, amount, reporting_amount from marts.mrr_movements
        order by 1, movement_date
    """).fetchall()
    assert booked == [
        ("eur", "new", 100, 110),
        ("eur", "fx", 0, 10),
        ("jpy", "new", 500, 5),
        ("kwd", "new", 5, 10),
    ]
    assert month_row(con, "2025-02-01", "expansion, fx, closing_mrr") == (0, 10, 135)
    constant = con.execute(
        "select new, fx, closing_mrr from marts.mrr_months_constant order by month"
    ).fetchone()
    assert constant == (135, 0, 135)


def test_a_currency_without_a_rate_is_an_error_that_names_it(tmp_path: Path) -> None:
    account = Account()
    account.subscribe(moment("2025-01-10"), [account.item(account.price("10000", currency="thb"))])
    landing = account.land(tmp_path)
    with pytest.raises(duckdb.Error, match="no exchange rate from THB to USD"):
        compiled().build(landing, NOW)


def test_merged_customers_share_one_ledger(tmp_path: Path) -> None:
    account, start = Account(), moment("2025-01-10")
    first, second = (account.subscribe(start, [account.item(account.price("1000"))]) for _ in range(2))
    account.merge(first["customer"], second["customer"])
    con = compiled().build(account.land(tmp_path), NOW)
    rows = con.execute("select customer_id, amount from marts.mrr_movements").fetchall()
    assert rows == [(second["customer"], 20)]


def test_a_chain_of_merges_ends_at_its_last_customer_however_long(tmp_path: Path) -> None:
    account, chain = Account(), [f"cus_link{number}" for number in range(30)]
    for customer, into in itertools.pairwise(chain):
        account.merge(customer, into)
    for customer in chain:
        account.subscribe(moment("2025-01-10"), [account.item(account.price("100"))], customer)
    con = compiled().build(account.land(tmp_path), NOW)
    rows = con.execute("select customer_id, amount from marts.mrr_movements").fetchall()
    assert rows == [("cus_link29", 30)]


def test_a_rate_taken_out_of_the_file_leaves_the_day_to_the_one_before(tmp_path: Path) -> None:
    account = Account()
    for day, rate in [("2025-01-01", "1.10"), ("2025-02-15", "11")]:
        account.rate(day, "eur", "usd", rate)
    withdrawn = {"rate": None, "observed_at": moment("2025-03-01")}
    account.rows["fx_rates"].append(account.rows["fx_rates"][-1] | withdrawn)
    account.subscribe(moment("2025-01-10"), [account.item(account.price("10000", currency="eur"))])
    landing = account.land(tmp_path)
    for known, closing in [(None, 110), (moment("2025-02-28"), 1100)]:
        con = compiled().build(landing, NOW, known)
        assert month_row(con, "2025-02-01", "closing_mrr") == (closing,)


BAD: list[tuple[str, Json, Json]] = [
    ("unknown_status", {}, {"status": "dormant"}),
    (
        "unknown_interval",
        {"recurring": {"interval": "fortnight", "interval_count": 1, "usage_type": "licensed"}},
        {},
    ),
    ("unknown_currency", {"currency": "xxx"}, {}),
    ("unknown_price_model", {"billing_scheme": "auction"}, {}),
    ("missing_amount", {"unit_amount_decimal": None}, {}),
    ("subscription_without_items", {}, {}),
]


@pytest.mark.parametrize(("check", "terms", "fields"), BAD, ids=[name for name, _, _ in BAD])
def test_what_cannot_be_valued_counts_nothing_is_listed_and_flags_its_month(
    check: str, terms: Json, fields: Json, tmp_path: Path
) -> None:
    account = Account()
    price = account.price("10000")
    account.subscribe(moment("2025-01-05"), [account.item(price)])
    items = [] if check == "subscription_without_items" else [account.item(price | terms)]
    bad = account.subscribe(moment("2025-02-05"), items, **fields)
    account.cancel(bad, moment("2025-03-20"))
    con = compiled().build(account.land(tmp_path), NOW)
    findings = con.execute("select check_name, object_id from intermediate.dq_revenue__flaws").fetchall()
    assert (check, bad["id"]) in findings
    closing = con.execute("select closing_mrr, is_complete from marts.mrr_months order by month").fetchall()
    assert [amount for amount, _ in closing] == [100, 100, 100, 100]
    assert closing[0][1] is True
    assert closing[1][1] is False


def test_prorations_count_in_the_month_of_their_invoice_where_the_policy_says_so(tmp_path: Path) -> None:
    account = Account()
    item = account.item(account.price("10000"))
    body = account.subscribe(moment("2025-01-10"), [item])
    line = {
        "id": "il_1",
        "object": "line_item",
        "amount": 2500,
        "currency": "usd",
        "quantity": 1,
        "period": {"start": seconds(moment("2025-02-01")), "end": seconds(moment("2025-02-10"))},
        "parent": {
            "type": "subscription_item_details",
            "subscription_item_details": {
                "subscription": body["id"],
                "subscription_item": item["id"],
                "proration": True,
            },
        },
    }
    when = seconds(moment("2025-02-10"))
    invoice = {
        "id": "in_1",
        "object": "invoice",
        "customer": body["customer"],
        "status": "paid",
        "currency": "usd",
        "created": when,
        "total": 2500,
        "amount_paid": 2500,
        "amount_remaining": 0,
        "status_transitions": {"finalized_at": when, "paid_at": when},
        "lines": {"data": [line], "has_more": False},
    }
    account.list_object(invoice, moment("2025-02-11"))
    landing = account.land(tmp_path)
    as_billed = compiled(resolve("recurly").switches).build(landing, NOW)
    normalised = compiled().build(landing, NOW)
    query = "select closing_mrr from marts.mrr_months order by month"
    assert as_billed.execute(query).fetchall() == [(100,), (125,), (100,), (100,)]
    assert normalised.execute(query).fetchall() == [(100,)] * 4
    bridge = "select item, amount from marts.mrr_invoice_bridge where month = '2025-02-01' order by position"
    assert normalised.execute(bridge).fetchall() == [
        ("mrr", 100),
        ("unbilled", -100),
        ("proration", 25),
        ("invoiced", 25),
        ("collected", 25),
    ]
