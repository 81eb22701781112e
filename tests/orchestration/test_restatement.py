from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import TYPE_CHECKING

from orchestration.restatement import restated
from tenants.warehouse import Build, open_for_building
from tests.dbt_project.revenue.account import Account, moment
from tests.dbt_project.revenue.warehouse import compiled

if TYPE_CHECKING:
    from datetime import datetime
    from pathlib import Path

THEN, NOW = moment("2025-04-03"), moment("2025-06-01")


def built(landing: Path, folder: Path, known: datetime) -> Build:
    folder.mkdir()
    compiled().build(landing, known, known, folder / "warehouse.duckdb").close()
    return Build(folder.name, folder, known, {"as_known_at": known.isoformat(), "policy": "default"})


def test_each_change_of_the_past_is_told_with_its_cause(tmp_path: Path) -> None:
    account, start = Account(), moment("2025-03-01")
    price = account.price("10000")
    account.subscribe(start, [account.item(price)])
    late = account.subscribe(start, [account.item(price)])
    account.cancel(late, moment("2025-03-20"), seen=moment("2025-04-10"))
    backdated = {"start_date": int(moment("2025-03-05").timestamp())}
    back = account.subscribe(moment("2025-04-20"), [account.item(price)], **backdated)
    merged = account.subscribe(start + timedelta(days=1), [account.item(price)])
    account.subscribe(moment("2025-04-20"), [account.item(price)])
    account.merge(merged["customer"], "cus_other", seen="2025-05-01")
    landing = account.land(tmp_path / "landing")
    earlier = built(landing, tmp_path / "earlier", THEN)
    later = built(landing, tmp_path / "later", NOW)
    with open_for_building() as con:
        found = {
            (item.row["customer_id"], str(item.row["movement_date"])): (item.cause, item.row["amount_after"])
            for item in restated(con, earlier, later)
        }
    assert found == {
        (late["customer"], "2025-03-20"): ("late_event", Decimal(-100)),
        (back["customer"], "2025-03-05"): ("backdated_change", Decimal(100)),
        (merged["customer"], "2025-03-02"): ("merge", Decimal(0)),
        ("cus_other", "2025-03-02"): ("merge", Decimal(100)),
    }
