"""Trials that pause for want of a card: their first paying day is a conversion, however late it comes."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pytest

from tests.dbt_project.revenue.account import Account, moment, seconds
from tests.dbt_project.revenue.bills import NOW, bill, subscriber
from tests.dbt_project.revenue.warehouse import compiled

if TYPE_CHECKING:
    from pathlib import Path

ENDS = moment("2025-02-15")
PAUSING = {"end_behavior": {"missing_payment_method": "pause"}}
MOVEMENTS = "select movement_date, movement_type, reason, amount from marts.mrr_movements order by 1"
TRIALS = """
    select month(month), * exclude (month) from marts.trial_months
    where trials_started + trials_ended > 0 order by 1
"""
Rows = list[tuple[Any, ...]]


def told(account: Account, folder: Path) -> tuple[Rows, Rows]:
    """Return the movements, each day as text, and the months of trials."""
    con = compiled().build(account.land(folder), NOW)
    movements = [(f"{day}", *rest) for day, *rest in con.execute(MOVEMENTS).fetchall()]
    return movements, con.execute(TRIALS).fetchall()


@pytest.fixture
def account() -> Account:
    return Account()


@pytest.fixture
def trial(account: Account) -> dict[str, Any]:
    """Begin a trial without a card on the first of February, which pauses on the 15th."""
    fields = {"status": "trialing", "trial_end": seconds(ENDS), "trial_settings": PAUSING}
    body = subscriber(account, "2025-02-01", **fields)
    bill(account, body, "2025-02-01", "2025-02-01", total=0, billing_reason="subscription_create")
    account.change(body, ENDS, status="paused")
    return body


def test_a_trial_that_resumes_with_a_card_has_converted(
    account: Account, trial: dict[str, Any], tmp_path: Path
) -> None:
    account.change(trial, moment("2025-03-20"), status="active")
    bill(account, trial, "2025-03-20", "2025-03-20", billing_reason="subscription_update")
    movements, trials = told(account, tmp_path)
    assert movements == [("2025-03-20", "new", "trial_converted", 100)]
    assert trials == [(2, 1, 1, 1, Decimal(1))]


def test_one_that_is_never_resumed_has_not(account: Account, trial: dict[str, Any], tmp_path: Path) -> None:
    assert trial["status"] == "paused"
    assert told(account, tmp_path) == ([], [(2, 1, 1, 0, Decimal(0))])


def test_what_pauses_later_resumes_and_converts_no_second_time(
    account: Account, trial: dict[str, Any], tmp_path: Path
) -> None:
    for day, status in (("2025-03-01", "active"), ("2025-03-10", "paused"), ("2025-03-20", "active")):
        account.change(trial, moment(day), status=status)
    bill(account, trial, "2025-03-01", "2025-03-01", billing_reason="subscription_update")
    movements, trials = told(account, tmp_path)
    assert [(kind, reason) for _, kind, reason, _ in movements] == [
        ("new", "trial_converted"),
        ("churn", "pause"),
        ("reactivation", "resume"),
    ]
    assert trials == [(2, 1, 1, 1, Decimal(1))]


def test_a_trial_that_ended_while_collection_was_paused_converts_when_collection_resumes(
    account: Account, tmp_path: Path
) -> None:
    body = subscriber(account, "2025-02-01", status="trialing", trial_end=seconds(ENDS))
    account.change(body, moment("2025-02-10"), pause_collection={"behavior": "void"})
    account.change(body, ENDS, status="active")
    account.change(body, moment("2025-03-05"), pause_collection=None)
    movements, _ = told(account, tmp_path)
    assert movements == [("2025-03-05", "new", "trial_converted", 100)]


def test_a_subscription_that_was_never_on_trial_resumes(account: Account, tmp_path: Path) -> None:
    body = subscriber(account, "2025-02-01", status="paused")
    account.change(body, moment("2025-03-05"), status="active")
    movements, trials = told(account, tmp_path)
    assert movements == [("2025-03-05", "new", "resume", 100)]
    assert trials == []
