from __future__ import annotations

import os
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING

import pytest

from ingest.errors import SourceUnreadable
from ingest.landing import LandingZone
from ingest.run import pull_reference_files
from ingest.settings import IngestSettings
from ingest.streams import schemas
from tenants.clock import FixedClock

if TYPE_CHECKING:
    from pathlib import Path

NOW = datetime(2026, 5, 4, tzinfo=UTC)
HEAD = "date,from_currency,to_currency,rate\n"


@pytest.fixture
def clock() -> FixedClock:
    return FixedClock(NOW)


@pytest.fixture
def landing(tmp_path: Path, clock: FixedClock) -> LandingZone:
    return LandingZone(tmp_path / "landing", schemas(), clock)


def settings(tmp_path: Path, rates: str | None = None, merges: str | None = None) -> IngestSettings:
    named = {}
    for name, content in (("fx_rates", rates), ("customer_merges", merges)):
        if content is not None:
            (tmp_path / name).write_text(content)
            os.utime(tmp_path / name, ns=(1, hash(content) % 10**9))
            named[name] = tmp_path / name
    return IngestSettings(_env_file=None, home=tmp_path, **named)


def test_rates_land_exactly_and_only_changes_land_again(tmp_path: Path, landing: LandingZone) -> None:
    first = HEAD + "2026-05-01,usd,gbp,0.790000000000000001\n2026-05-02,USD,GBP,0.8\n"
    pull_reference_files(settings(tmp_path, first), landing)
    assert pull_reference_files(settings(tmp_path, first), landing).is_empty

    report = pull_reference_files(settings(tmp_path, first.replace("0.8", "0.81")), landing)

    assert report.new_rows == {"fx_rates": 1}
    rows = landing.read("fx_rates", ["date", "from_currency", "rate"]).to_pylist()
    assert [tuple(row.values()) for row in rows] == [
        (date(2026, 5, 1), "usd", Decimal("0.790000000000000001")),
        (date(2026, 5, 2), "usd", Decimal("0.800000000000000000")),
        (date(2026, 5, 2), "usd", Decimal("0.810000000000000000")),
    ]


@pytest.mark.parametrize(
    ("content", "complaint"),
    [
        ("date,from,to,rate\n", "line 1: the header lacks from_currency, to_currency"),
        (HEAD + "2026-05-01,usd,gbp,0.8\n01/05/2026,usd,gbp,0.8\n", "line 3: date '01/05/2026'"),
        (HEAD + "2026-05-01,usd,pounds,0.8\n", "line 2: to_currency 'pounds'"),
        (HEAD + "2026-05-01,usd,gbp,zero\n", "line 2: rate 'zero'"),
        (HEAD + "2026-05-01,usd,gbp,0\n", "line 2: rate 0 is no positive number"),
        (HEAD + "2026-05-01,usd,gbp,0.8,1\n", "line 2: more fields than the header"),
        (
            HEAD + "2026-05-01,usd,gbp,0.8\n2026-05-01,USD,GBP,0.9\n",
            "line 3: an earlier line tells 2026-05-01 usd gbp otherwise",
        ),
    ],
)
def test_a_bad_row_is_named_with_its_line_and_nothing_is_taken(
    tmp_path: Path, landing: LandingZone, content: str, complaint: str
) -> None:
    with pytest.raises(SourceUnreadable, match="LOKI_FX_RATES") as caught:
        pull_reference_files(settings(tmp_path, content), landing)

    assert complaint in caught.value.message
    assert landing.read("fx_rates").num_rows == 0


@pytest.mark.parametrize(
    ("merges", "complaint"),
    [
        (["cus_a,cus_b", "cus_b,cus_a", "cus_c,cus_a"], "cus_a → cus_b → cus_a lead back"),
        (
            ["cus_z,cus_a", "cus_a,cus_b", "cus_b,cus_c", "cus_c,cus_a"],
            "cus_a → cus_b → cus_c → cus_a lead back",
        ),
        (["cus_a,cus_b", "cus_a,cus_c"], "line 3: an earlier line tells cus_a otherwise"),
    ],
)
def test_merges_that_lead_nowhere_are_refused_and_nothing_is_taken(
    tmp_path: Path, landing: LandingZone, merges: list[str], complaint: str
) -> None:
    with pytest.raises(SourceUnreadable, match="LOKI_CUSTOMER_MERGES") as caught:
        pull_reference_files(
            settings(tmp_path, merges="\n".join(["customer_id,merged_into", *merges, ""])), landing
        )

    assert complaint in caught.value.message
    assert landing.read("customer_merges").num_rows == 0


def test_merges_may_be_chained_repeated_and_into_oneself(tmp_path: Path, landing: LandingZone) -> None:
    lines = ["customer_id,merged_into", "cus_a,cus_b", "cus_b,cus_c", "cus_c,cus_c", "cus_a,cus_b", ""]
    assert pull_reference_files(settings(tmp_path, merges="\n".join(lines)), landing).new_rows == {
        "customer_merges": 3
    }


def test_a_rate_that_leaves_the_file_is_landed_as_none_once(
    tmp_path: Path, landing: LandingZone, clock: FixedClock
) -> None:
    kept = HEAD + "2026-05-01,usd,gbp,0.8\n"
    pull_reference_files(settings(tmp_path, kept + "2052-05-01,usd,gbp,8\n"), landing)
    for day in (1, 2):
        clock.set(NOW + timedelta(days=day))
        pull_reference_files(settings(tmp_path, kept + "\n" * day), landing)

    rows = landing.read("fx_rates", ["date", "rate"]).to_pylist()
    assert [row["date"] for row in rows if row["rate"] is None] == [date(2052, 5, 1)]


def test_a_missing_file_names_the_setting(tmp_path: Path, landing: LandingZone) -> None:
    missing = settings(tmp_path).model_copy(update={"customer_merges": tmp_path / "nowhere.csv"})

    with pytest.raises(SourceUnreadable, match="LOKI_CUSTOMER_MERGES"):
        pull_reference_files(missing, landing)


def test_a_merge_that_leaves_the_file_is_undone_by_a_merge_into_itself(
    tmp_path: Path, landing: LandingZone, clock: FixedClock
) -> None:
    pull_reference_files(
        settings(tmp_path, merges="customer_id,merged_into\ncus_a,cus_b\ncus_c,cus_b\n"), landing
    )
    clock.set(NOW + timedelta(days=1))

    pull_reference_files(settings(tmp_path, merges="customer_id,merged_into\ncus_c,cus_b\n"), landing)

    newest = landing.read("customer_merges").sort_by("observed_at").to_pylist()[-1]
    assert (newest["customer_id"], newest["merged_into"]) == ("cus_a", "cus_a")
