"""Policies that take a cancellation for churn before it takes effect: when it counts, and what its end is."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from orchestration.policies import resolve
from tests.dbt_project.revenue.account import Account, Json, moment, seconds
from tests.dbt_project.revenue.warehouse import compiled

if TYPE_CHECKING:
    from pathlib import Path

BEGAN, ASKED, REVOKED, NOW = (moment(day) for day in ("2025-01-15", "2025-03-10", "2025-03-20", "2025-06-30"))
REVOCATION = {"cancel_at": None, "cancel_at_period_end": False, "canceled_at": None}
Movements = list[tuple[str, str, str]]


def movements(account: Account, body: Json, churn_at: str, folder: Path) -> Movements:
    """Return day, type and reason of the movements of a subscription's customer under a policy."""
    switches = resolve("default").switches | {"churn_at": churn_at}
    con = compiled(switches).build(account.land(folder), NOW)
    query = """
        select strftime(movement_date, '%m-%d'), movement_type, reason from marts.mrr_movements
        where customer_id = ? order by movement_date
    """
    return con.execute(query, [body["customer"]]).fetchall()


@pytest.mark.parametrize("churn_at", ["scheduled", "canceled"])
def test_a_cancellation_that_is_revoked_resumes_what_was_there_and_signs_up_what_was_not(
    churn_at: str, tmp_path: Path
) -> None:
    account = Account()
    price = account.price("5000")
    body = account.subscribe(BEGAN, [account.item(price)])
    account.change(body, ASKED, cancel_at_period_end=True, canceled_at=seconds(ASKED))
    account.change(body, REVOKED, **REVOCATION)
    assert movements(account, body, churn_at, tmp_path) == [
        ("01-15", "new", "signup"),
        ("03-10", "churn", "voluntary_churn"),
        ("03-20", "reactivation", "resume"),
    ]
    ends = {"cancel_at": seconds(moment("2026-01-15")), "canceled_at": seconds(BEGAN)}
    limited = account.subscribe(BEGAN, [account.item(price)], **ends)
    account.change(limited, REVOKED, **REVOCATION)
    assert movements(account, limited, churn_at, tmp_path) == [("03-20", "new", "signup")]


@pytest.mark.parametrize("status", ["active", "canceled"])
def test_a_request_that_only_a_list_shows_counts_from_the_date_on_the_object(
    status: str, tmp_path: Path
) -> None:
    account = Account()
    body = account.subscribe(BEGAN, [account.item(account.price("5000"))])
    asked = {"cancel_at_period_end": True, "canceled_at": seconds(ASKED)}
    over = {"status": status, "ended_at": seconds(REVOKED) if status == "canceled" else None}
    account.list_object(body | asked | over, moment("2025-05-02"))
    assert movements(account, body, "canceled", tmp_path) == [
        ("01-15", "new", "signup"),
        ("03-10", "churn", "voluntary_churn"),
    ]
