"""What two builds of one account tell differently, from late events to the cause that is named."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING

import pytest

from dashboards.queries.restatements import restated
from tenants.errors import Unavailable
from tenants.warehouse import Build, Warehouse
from tests.dbt_project.revenue.account import Account, Json, moment, seconds
from tests.dbt_project.revenue.warehouse import compiled

if TYPE_CHECKING:
    from datetime import datetime
    from pathlib import Path

THEN, NOW = moment("2025-04-03 12:00:00"), moment("2025-06-01")
Told = dict[tuple[str, str, str], tuple[str, Decimal]]


def built(landing: Path, folder: Path, known: datetime) -> Build:
    folder.mkdir()
    compiled().build(landing, known, known, folder / "warehouse.duckdb").close()
    return Build(folder.name, folder, known, {"as_known_at": known.isoformat(), "policy": "default"})


def told(account: Account, folder: Path) -> Told:
    """Return cause and change of each restated movement by customer, day and type."""
    landing = account.land(folder / "landing")
    builds = [built(landing, folder / str(known.month), known) for known in (THEN, NOW)]
    changes = restated(Warehouse(folder), *builds)
    return {
        (row["customer_id"], f"{row['movement_date']:%m-%d}", row["movement_type"]): (
            row["cause"],
            row["change"],
        )
        for row in changes.iter_rows(named=True)
    }


def found_when_it_was_over(account: Account, item: Json) -> Json:
    """List a subscription that no event told of, a month after it had ended."""
    lived = {"start_date": seconds(moment("2025-03-02")), "ended_at": seconds(moment("2025-03-20"))}
    shown = account.subscribe(moment("2025-03-02"), [item], status="canceled", **lived)
    account.observations.pop()
    account.list_object(shown, moment("2025-04-25"))
    return shown


def test_each_change_of_the_past_is_told_with_its_cause(tmp_path: Path) -> None:
    account, start = Account(), moment("2025-03-01")
    price = account.price("10000")
    account.subscribe(start, [account.item(price)])
    late = account.subscribe(start, [account.item(price)])
    account.cancel(late, moment("2025-03-20"), seen=moment("2025-04-10"))
    begins = int(moment("2025-03-05").timestamp())
    back = account.subscribe(moment("2025-04-20"), [account.item(price)], start_date=begins)
    merged = account.subscribe(start + timedelta(days=1), [account.item(price)])
    over = found_when_it_was_over(account, account.item(price))
    account.subscribe(moment("2025-04-20"), [account.item(price)])
    account.merge(merged["customer"], "cus_other", seen="2025-05-01")
    assert told(account, tmp_path) == {
        (late["customer"], "03-20", "churn"): ("late_event", Decimal(-100)),
        (over["customer"], "03-02", "new"): ("late_event", Decimal(100)),
        (over["customer"], "03-20", "churn"): ("late_event", Decimal(-100)),
        (back["customer"], "03-05", "new"): ("backdated_change", Decimal(100)),
        (merged["customer"], "03-02", "new"): ("merge", Decimal(-100)),
        ("cus_other", "03-02", "new"): ("merge", Decimal(100)),
    }


def test_what_a_late_event_changes_of_later_movements_has_the_same_cause(tmp_path: Path) -> None:
    account = Account()
    price = account.price("10000")
    body = account.subscribe(moment("2025-03-01"), [account.item(price)])
    item = body["items"]["data"][0]
    account.change(body, moment("2025-03-10"), moment("2025-04-09"), items=[item | {"quantity": 2}])
    account.change(body, moment("2025-03-20"), items=[item | {"quantity": 3}])
    assert told(account, tmp_path) == {
        (body["customer"], "03-10", "expansion"): ("late_event", Decimal(100)),
        (body["customer"], "03-20", "expansion"): ("late_event", Decimal(-100)),
    }


def test_a_rate_that_came_late_restates_months_that_were_over_and_no_running_one(tmp_path: Path) -> None:
    account = Account()
    account.rate("2025-01-01", "eur", "usd", "1.0")
    account.rate("2025-04-02", "eur", "usd", "1.3")
    account.rows["fx_rates"].append(
        account.rows["fx_rates"][0] | {"date": date(2025, 3, 31), "rate": Decimal("1.1"), "observed_at": NOW}
    )
    body = account.subscribe(moment("2025-03-01"), [account.item(account.price("10000", currency="eur"))])
    assert told(account, tmp_path) == {
        (body["customer"], "03-31", "fx"): ("exchange_rate", Decimal(10)),
    }


def test_what_happened_after_the_earlier_time_is_news_also_on_its_own_day(tmp_path: Path) -> None:
    account = Account()
    price = account.price("10000")
    account.subscribe(THEN + timedelta(hours=1), [account.item(price)])
    morning = account.subscribe(THEN - timedelta(hours=1), [account.item(price)], seen=NOW)
    assert told(account, tmp_path) == {
        (morning["customer"], "04-03", "new"): ("late_event", Decimal(100)),
    }


def test_a_damaged_build_is_named_with_the_remedy(tmp_path: Path) -> None:
    damaged = Build("one", tmp_path, NOW, {})
    damaged.file.write_bytes(b"no database")
    with pytest.raises(Unavailable, match=r"cannot be read .*run `loki rebuild`"):
        restated(Warehouse(tmp_path), damaged, damaged)
