"""Pauses that end by themselves: from when MRR is back, who told it, and what is certain before."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import msgspec
import pytest

from orchestration.policies import resolve
from tests.dbt_project.revenue.account import Account, Json, moment, seconds
from tests.dbt_project.revenue.warehouse import compiled

if TYPE_CHECKING:
    from datetime import datetime
    from pathlib import Path

BEGAN, PAUSED, RESUMES = moment("2025-01-10"), moment("2025-02-15"), moment("2025-04-01 06:30:00")
NOW = moment("2025-06-15")
MOVEMENTS = """
    select effective_at, movement_type, reason, amount, known_at, source_event_ids, source
    from marts.mrr_movements where movement_date > '2025-02-15' order by movement_date
"""
CHANGES = "select changes_at, kind, delta from intermediate.int_scheduled_changes order by changes_at"
COMMITTED = """
    select strftime(month, '%m'), due_changes, opening_mrr from marts.committed_mrr_months
    where is_forecast order by month limit 3
"""
Rows = list[tuple[Any, ...]]


class Resting:
    """An account whose one subscription of 100 a month is paused on the 15th of February."""

    def __init__(self, folder: Path, resumes: datetime | None = RESUMES, **fields: Any) -> None:
        self.folder, self.account = folder, Account()
        self.item = self.account.item(self.account.price("10000"))
        self.body = self.account.subscribe(BEGAN, [self.item], **fields)
        self.paused = self.pause(PAUSED, resumes)

    def pause(self, when: datetime, resumes: datetime | None) -> str:
        """Pause collection until a moment or for good; return the event's id."""
        return self.account.change(self.body, when, pause_collection=self.until(resumes))

    def until(self, resumes: datetime | None) -> Json:
        """Return a pause as Stripe shows it."""
        return {"behavior": "void", "resumes_at": resumes and seconds(resumes)}

    def told(
        self, query: str, preset: str = "default", now: datetime = NOW, known: datetime | None = None
    ) -> Rows:
        """Return what a build says."""
        landing = self.account.land(self.folder)
        return compiled(resolve(preset).switches).build(landing, now, known).execute(query).fetchall()


def test_collection_resumes_at_the_moment_set_for_it_without_a_further_event(tmp_path: Path) -> None:
    resting = Resting(tmp_path)
    back = (RESUMES, "reactivation", "resume", Decimal(100), RESUMES, [resting.paused], "event")
    assert resting.told(MOVEMENTS) == [back]


def test_a_pause_without_an_end_lasts(tmp_path: Path) -> None:
    assert Resting(tmp_path, None).told(MOVEMENTS) == []


def test_nothing_resumes_before_its_time_nor_before_the_pause_was_known(tmp_path: Path) -> None:
    resting = Resting(tmp_path)
    before = RESUMES - timedelta(seconds=1)
    assert resting.told(MOVEMENTS, now=before, known=before) == []
    assert len(resting.told(MOVEMENTS, now=RESUMES, known=RESUMES)) == 1
    late = RESUMES + timedelta(days=9)
    heard_late = msgspec.structs.replace(resting.account.observations[-1], observed_at=late)
    resting.account.observations[-1] = heard_late
    ((effective, *_, known, _, _),) = resting.told(MOVEMENTS)
    assert (effective, known) == (RESUMES, late)
    unheard = late - timedelta(days=1)
    assert resting.told(MOVEMENTS, now=unheard, known=unheard) == []


def test_what_keeps_paused_ones_keeps_them_without_a_movement(tmp_path: Path) -> None:
    resting = Resting(tmp_path)
    assert resting.told("select movement_type from marts.mrr_movements", "stripe") == [("new",)]
    assert resting.told(CHANGES, "stripe", now=PAUSED + timedelta(days=1)) == []


def test_the_event_that_tells_it_afterwards_changes_nothing(tmp_path: Path) -> None:
    resting = Resting(tmp_path)
    alone = resting.told(MOVEMENTS)
    resting.account.change(resting.body, RESUMES + timedelta(minutes=4), pause_collection=None)
    assert resting.told(MOVEMENTS) == alone


def test_an_event_of_the_same_second_is_the_source(tmp_path: Path) -> None:
    resting = Resting(tmp_path)
    told = resting.account.change(resting.body, RESUMES, pause_collection=None)
    ((effective, *_, sources, _),) = resting.told(MOVEMENTS)
    assert (effective, sources) == (RESUMES, [told])


def test_what_still_shows_a_pause_that_is_over_is_not_paused(tmp_path: Path) -> None:
    resting = Resting(tmp_path)
    more = resting.account.change(resting.body, moment("2025-05-05"), items=[resting.item | {"quantity": 2}])
    found = [(row[1], row[3], row[5]) for row in resting.told(MOVEMENTS)]
    assert found == [("reactivation", 100, [resting.paused]), ("expansion", 100, [more])]


def test_whoever_moves_the_end_of_a_pause_is_its_source_and_whoever_changed_what_resumes_too(
    tmp_path: Path,
) -> None:
    resting = Resting(tmp_path)
    later = moment("2025-05-01")
    moved = resting.pause(moment("2025-03-01"), later)
    more = resting.account.change(resting.body, moment("2025-03-09"), items=[resting.item | {"quantity": 3}])
    ((effective, *_, amount, _, sources, _),) = resting.told(MOVEMENTS)
    assert (effective, amount, sources) == (later, 300, sorted([moved, more]))


def test_a_pause_ended_early_and_set_again_is_told_by_the_second(tmp_path: Path) -> None:
    resting = Resting(tmp_path)
    resting.account.change(resting.body, moment("2025-03-01"), pause_collection=None)
    again = resting.pause(moment("2025-03-05"), RESUMES)
    assert [row[5] for row in resting.told(MOVEMENTS)][-1] == [again]


def test_a_list_that_shows_the_pause_is_enough(tmp_path: Path) -> None:
    resting = Resting(tmp_path)
    resting.account.observations = [o for o in resting.account.observations if o.object_type == "price"]
    resting.account.list_object(resting.body, moment("2025-03-20"))
    effective, _, reason, amount, *_, source = resting.told(MOVEMENTS)[-1]
    assert (effective, reason, amount, source) == (RESUMES, "resume", 100, "list")


def test_one_that_is_canceled_in_its_pause_stays_away(tmp_path: Path) -> None:
    resting = Resting(tmp_path)
    resting.account.cancel(resting.body, moment("2025-03-10"))
    assert resting.told(MOVEMENTS) == []


def test_past_due_grows_old_while_collection_is_paused(tmp_path: Path) -> None:
    resting = Resting(tmp_path)
    resting.account.change(resting.body, moment("2025-02-20"), status="past_due")
    assert resting.told(MOVEMENTS) == []


def test_what_is_paused_while_past_due_has_not_lapsed(tmp_path: Path) -> None:
    account = Account()
    body = account.subscribe(BEGAN, [account.item(account.price("10000"))])
    account.change(body, PAUSED - timedelta(days=5), status="past_due")
    paused = account.change(body, PAUSED, pause_collection={"behavior": "void", "resumes_at": None})
    con = compiled().build(account.land(tmp_path), NOW)
    rows = con.execute("select movement_type, reason, source_event_ids from marts.mrr_movements order by 1")
    assert rows.fetchall()[0] == ("churn", "pause", [paused])


def test_a_resumption_to_come_is_committed_and_nothing_more(tmp_path: Path) -> None:
    resting = Resting(tmp_path)
    now = moment("2025-03-10")
    assert resting.told(CHANGES, now=now) == [(RESUMES, "change", 100)]
    assert resting.told(COMMITTED, now=now) == [("03", 0, 0), ("04", 100, 100), ("05", 0, 100)]
    assert resting.told("select closing_mrr from marts.mrr_months order by month", now=now)[-1] == (0,)


def test_a_cancellation_before_it_takes_the_resumption_away(tmp_path: Path) -> None:
    resting = Resting(tmp_path, cancel_at=seconds(moment("2025-03-25")))
    assert [delta for *_, delta in resting.told(CHANGES, now=moment("2025-03-10"))] == [0]


@pytest.mark.parametrize(
    ("starts", "expected"),
    [
        ("2025-03-20", [(RESUMES, 180), (moment("2025-05-10"), 20)]),
        ("2025-04-20", [(RESUMES, 90), (moment("2025-04-20"), 90), (moment("2025-05-10"), 20)]),
    ],
)
def test_a_later_phase_counts_from_the_resumption_on_and_less_the_discount_that_still_runs(
    tmp_path: Path, starts: str, expected: Rows
) -> None:
    discount = Account("other").discount(BEGAN, moment("2025-05-10"), percent_off=10, duration="repeating")
    resting = Resting(tmp_path, discounts=[discount])
    larger = resting.account.price("20000")
    schedule = {
        "id": "sub_sched_1",
        "object": "subscription_schedule",
        "subscription": resting.body["id"],
        "customer": resting.body["customer"],
        "status": "active",
        "end_behavior": "release",
        "created": 0,
        "phases": [
            {
                "start_date": seconds(moment(starts)),
                "end_date": seconds(moment("2026-01-01")),
                "items": [{"price": larger["id"], "quantity": 1}],
            }
        ],
    }
    resting.account.list_object(schedule, BEGAN)
    found = [(when, delta) for when, _, delta in resting.told(CHANGES, now=moment("2025-03-10"))]
    assert found == expected
