"""Each worked example of the field's vendors, under the preset that follows the vendor."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pytest

from orchestration.policies import resolve
from tests.dbt_project.revenue.account import Account, Json, moment, seconds
from tests.dbt_project.revenue.warehouse import compiled

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime
    from pathlib import Path

    import duckdb

pytestmark = pytest.mark.early

START, NOW = moment("2025-01-15"), moment("2025-12-31 12:00:00")
Story = tuple[str, str, "Callable[[Account], str]", list[tuple[str, str, str]]]


def month(account: Account, dollars: str, **terms: Any) -> Json:
    return account.price(str(Decimal(dollars) * 100), **terms)


def one(account: Account, price: Json, quantity: int = 1, when: datetime = START, **fields: Any) -> Json:
    return account.subscribe(when, [account.item(price, quantity)], **fields)


def yearly(account: Account) -> str:
    return str(one(account, month(account, "1200", interval="year"))["customer"])


def half_off(account: Account) -> str:
    discount = account.discount(START, percent_off=50)
    return str(one(account, month(account, "80"), discounts=[discount])["customer"])


def once_off(account: Account) -> str:
    discount = account.discount(START, percent_off=50, duration="once")
    return str(one(account, month(account, "80"), discounts=[discount])["customer"])


def mid_cycle(account: Account) -> str:
    body = one(account, month(account, "10"))
    changed = [{**body["items"]["data"][0], "price": month(account, "20")}]
    account.change(body, START + timedelta(days=15), items=changed)
    return str(body["customer"])


def two_then_none(account: Account) -> str:
    first = one(account, month(account, "10"))
    second = one(account, month(account, "5"), customer=first["customer"])
    account.cancel(second, moment("2025-03-01"))
    account.cancel(first, moment("2025-04-01"))
    return str(first["customer"])


def unpaid_after_trial(account: Account) -> str:
    body = one(account, month(account, "30"), status="trialing")
    account.change(body, moment("2025-02-01"), status="active")
    return str(body["customer"])


def quarterly_90(account: Account) -> str:
    return str(one(account, month(account, "90", count=3))["customer"])


def five_then_two(account: Account) -> str:
    body = one(account, month(account, "5"), 5)
    items = [*body["items"]["data"], account.item(month(account, "30"), 2)]
    account.change(body, moment("2025-02-10"), items=items)
    return str(body["customer"])


def gold_and_silver(account: Account) -> str:
    gold = one(account, month(account, "500", interval="year"), 4)
    silver = one(account, month(account, "30"), 2, moment("2025-01-20"), customer=gold["customer"])
    account.cancel(silver, moment("2025-02-03"))
    account.change(gold, moment("2025-06-01"), cancel_at_period_end=True)
    account.cancel(gold, moment("2025-07-15"))
    one(account, month(account, "50"), 3, moment("2025-10-01"), customer=gold["customer"])
    return str(gold["customer"])


def june_upgrade(account: Account) -> str:
    body = one(account, month(account, "100"), when=moment("2025-06-01"))
    changed = [{**body["items"]["data"][0], "price": month(account, "250")}]
    account.change(body, moment("2025-06-16"), items=changed)
    return str(body["customer"])


def past_due(account: Account) -> str:
    body = one(account, month(account, "40"))
    account.change(body, moment("2025-03-15"), status="past_due")
    return str(body["customer"])


def fully_off(account: Account) -> str:
    body = one(account, month(account, "40"))
    discount = account.discount(moment("2025-03-01"), percent_off=100)
    account.change(body, moment("2025-03-01"), discounts=[discount])
    return str(body["customer"])


def yearly_120(account: Account) -> str:
    return str(one(account, month(account, "120", interval="year"))["customer"])


def ten_half_off(account: Account) -> str:
    discount = account.discount(START, percent_off=50)
    return str(one(account, month(account, "10"), discounts=[discount])["customer"])


def twelve_to_24(account: Account) -> str:
    body = one(account, month(account, "12"), when=moment("2025-05-01"))
    changed = [{**body["items"]["data"][0], "price": month(account, "24")}]
    account.change(body, moment("2025-05-08"), items=changed)
    return str(body["customer"])


def one_march(account: Account) -> str:
    body = one(account, month(account, "100"), when=moment("2025-03-29"))
    account.cancel(body, moment("2025-04-29"))
    return str(body["customer"])


def ten_a_day(account: Account) -> str:
    return str(one(account, month(account, "10", interval="day"))["customer"])


def hundred_to_80(account: Account) -> str:
    body = one(account, month(account, "100"))
    changed = [{**body["items"]["data"][0], "price": month(account, "80")}]
    account.change(body, moment("2025-03-01"), items=changed)
    return str(body["customer"])


def back_in_three_weeks(account: Account) -> str:
    body = one(account, month(account, "100"))
    account.cancel(body, moment("2025-03-10"))
    one(account, month(account, "100"), when=moment("2025-04-05"), customer=body["customer"])
    return str(body["customer"])


def renews_on_the_25th(account: Account) -> str:
    return str(one(account, month(account, "100"), when=moment("2025-01-25"))["customer"])


def ten_and_twenty(account: Account) -> str:
    discounts = [account.discount(START, percent_off=off) for off in (10, 20)]
    return str(one(account, month(account, "100"), discounts=discounts)["customer"])


def graduated(account: Account) -> str:
    tiers = [
        {"up_to": 3, "unit_amount": 1000, "flat_amount": 500},
        {"up_to": None, "unit_amount": 800, "flat_amount": None},
    ]
    return str(one(account, account.price(tiers=tiers, tiers_mode="graduated"), 5)["customer"])


def ten_a_week(account: Account) -> str:
    return str(one(account, month(account, "10", interval="week"))["customer"])


def quarterly(account: Account) -> str:
    return str(one(account, month(account, "300", count=3))["customer"])


def two_years(account: Account) -> str:
    return str(one(account, month(account, "2400", interval="year", count=2))["customer"])


def paused_until_july(account: Account) -> str:
    body = one(account, month(account, "40"))
    pause = {"behavior": "void", "resumes_at": seconds(moment("2025-07-01"))}
    account.change(body, moment("2025-03-01"), pause_collection=pause)
    return str(body["customer"])


def new(amount: str, day: str = "2025-01-15") -> list[tuple[str, str, str]]:
    return [(day, "new", amount)]


GOLD = [
    *new("166.66666667"),
    ("2025-01-20", "expansion", "60"),
    ("2025-02-03", "contraction", "-60"),
    ("2025-07-15", "churn", "-166.66666667"),
    ("2025-10-01", "reactivation", "150"),
]
STORIES: list[Story] = [
    ("stripe", "$1,200 a year", yearly, new("100")),
    ("stripe", "half off for ever", half_off, new("40")),
    ("stripe", "a coupon for one invoice", once_off, new("80")),
    ("stripe", "$10 to $20 in mid-cycle", mid_cycle, [*new("10"), ("2025-01-30", "expansion", "10")]),
    (
        "stripe",
        "two subscriptions, canceled one after the other",
        two_then_none,
        [*new("15"), ("2025-03-01", "contraction", "-5"), ("2025-04-01", "churn", "-10")],
    ),
    ("stripe", "active after its trial, unpaid", unpaid_after_trial, new("30", "2025-02-01")),
    ("chartmogul", "$90 a quarter", quarterly_90, new("30")),
    (
        "chartmogul",
        "5 at $5, then 2 at $30",
        five_then_two,
        [*new("25"), ("2025-02-10", "expansion", "60")],
    ),
    ("chartmogul", "gold and silver", gold_and_silver, GOLD),
    (
        "chartmogul",
        "$100 to $250 on 16 June",
        june_upgrade,
        [*new("100", "2025-06-01"), ("2025-06-16", "expansion", "150")],
    ),
    ("chartmogul", "past due", past_due, new("40")),
    ("chartmogul", "100 % off", fully_off, [*new("40"), ("2025-03-01", "contraction", "-40")]),
    ("baremetrics", "$120 a year", yearly_120, new("10")),
    ("baremetrics", "$10, half off", ten_half_off, new("5")),
    ("baremetrics", "100 % off", fully_off, [*new("40"), ("2025-03-01", "churn", "-40")]),
    ("baremetrics", "past due for 31 days", past_due, [*new("40"), ("2025-04-14", "churn", "-40")]),
    (
        "baremetrics",
        "$12 to $24",
        twelve_to_24,
        [*new("12", "2025-05-01"), ("2025-05-08", "expansion", "12")],
    ),
    (
        "recurly",
        "$100 from 29 March to 29 April",
        one_march,
        [*new("100", "2025-03-29"), ("2025-04-29", "churn", "-100")],
    ),
    ("recurly", "$10 a day", ten_a_day, new("300")),
    ("recurly", "$100 to $80", hundred_to_80, [*new("100"), ("2025-03-01", "contraction", "-20")]),
    (
        "recurly",
        "back in less than a month",
        back_in_three_weeks,
        [*new("100"), ("2025-03-10", "churn", "-100"), ("2025-04-05", "new", "100")],
    ),
    ("default", "renewing on the 25th", renews_on_the_25th, new("100", "2025-01-25")),
    (
        "default",
        "paused until the first of July",
        paused_until_july,
        [*new("40"), ("2025-03-01", "churn", "-40"), ("2025-07-01", "reactivation", "40")],
    ),
    ("chartmogul", "paused until the first of July", paused_until_july, new("40")),
    ("default", "10 % and 20 %", ten_and_twenty, new("72")),
    ("default", "graduated", graduated, new("51")),
    ("default", "$10 a week", ten_a_week, new("43.33333333")),
    ("default", "$10 a day", ten_a_day, new("304.16666667")),
    ("default", "$300 a quarter", quarterly, new("100")),
    ("default", "$2,400 every 2 years", two_years, new("100")),
]


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, list[str]]:
    """Tell all stories on one account; each has a customer of its own."""
    account = Account()
    customers = [story(account) for _, _, story, _ in STORIES]
    return account.land(tmp_path_factory.mktemp("examples")), customers


@pytest.fixture(scope="module")
def ledgers(told: tuple[Path, list[str]]) -> dict[str, duckdb.DuckDBPyConnection]:
    """Build all stories once under each preset."""
    names = {preset for preset, _, _, _ in STORIES}
    return {name: compiled(resolve(name).switches).build(told[0], NOW) for name in names}


@pytest.mark.parametrize("number", range(len(STORIES)), ids=[f"{p}: {t}" for p, t, _, _ in STORIES])
def test_a_worked_example_comes_out_as_its_vendor_says(
    number: int, told: tuple[Path, list[str]], ledgers: dict[str, duckdb.DuckDBPyConnection]
) -> None:
    preset, _, _, expected = STORIES[number]
    rows = ledgers[preset].execute(
        "select movement_date, movement_type, amount from marts.mrr_movements where customer_id = ? order by 1",  # noqa: E501
        [told[1][number]],
    )
    found = [(str(day), kind, amount) for day, kind, amount in rows.fetchall()]
    assert found == [(day, kind, Decimal(amount)) for day, kind, amount in expected]
