"""What Stripe sends and nobody can value: from its API through the landing zone to a finding."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest
from pydantic import SecretStr

from ingest.settings import IngestSettings
from ingest.streams import open_landing
from ingest.stripe.sync import sync
from tenants.clock import FixedClock
from tests.dbt_project.revenue.account import Account, Json, moment, seconds
from tests.dbt_project.revenue.reference_billing import moment_of
from tests.dbt_project.revenue.warehouse import compiled
from tests.ingest.stripe.fake_stripe import API_KEY, FakeStripe

if TYPE_CHECKING:
    import duckdb

NOW = moment("2026-03-15")
MONTHS = [date(2025, month, 1) for month in range(2, 13)]


def _interval(price: Json) -> Json:
    return price | {"recurring": price["recurring"] | {"interval": "fortnight"}}


# What the subscription of each month is like: its check, what its price is, what else it says.
BAD: list[tuple[str, Any, Json]] = [
    ("unknown_status", None, {"status": "dormant"}),
    ("unknown_interval", _interval, {}),
    ("unknown_currency", lambda price: price | {"currency": "xxx"}, {}),
    ("unknown_price_model", lambda price: price | {"billing_scheme": "auction"}, {}),
    ("missing_amount", lambda price: price | {"unit_amount_decimal": None}, {}),
    ("unknown_tax_rate", lambda price: price | {"tax_behavior": "inclusive"}, {}),
    ("subscription_without_items", None, {"items": {"object": "list", "data": [], "has_more": False}}),
    ("unknown_api_version", None, {}),
    ("quarantined_row", lambda price: price | {"unit_amount_decimal": "a lot"}, {}),
]


class Synced:
    """An account with a good subscription and, each in a month of its own, bad ones; synced and built."""

    def __init__(self, folder: Any) -> None:
        self.events: list[Json] = []
        self.account = Account()
        price = self.price = self.account.price("10000")
        self._event(self._subscription(price, moment("2025-01-20"), {}), "created", moment("2025-01-20"))
        self.expected = [
            (check, self._bad(check, change(price) if change else price, month, fields), month)
            for (check, change, fields), month in zip(BAD, MONTHS, strict=False)
        ]
        self.con = self._build(folder)

    def _subscription(self, price: Json, when: datetime, fields: Json) -> Json:
        return self.account.subscribe(when, [self.account.item(price)]) | fields

    def _event(self, body: Json, verb: str, when: datetime, version: str = "2026-10-28.basil") -> str:
        self.events.append(
            {
                "id": self.account.new_id("evt"),
                "object": "event",
                "type": f"customer.subscription.{verb}",
                "created": seconds(when),
                "api_version": version,
                "data": {"object": body},
            }
        )
        return str(self.events[-1]["id"])

    def _bad(self, check: str, price: Json, month: date, fields: Json) -> str:
        """Let a bad subscription begin and end within a month; return the id that its finding names."""
        begins = moment(f"{month:%Y-%m}-05")
        ends = begins + timedelta(days=15)
        body = self._subscription(price, begins, fields)
        version = "2031-01-01.future" if check == "unknown_api_version" else "2026-10-28.basil"
        event = self._event(body, "created", begins, version)
        gone = {"status": "canceled", "ended_at": seconds(ends), "canceled_at": seconds(ends)}
        if check == "quarantined_row":
            gone["items"] = {"object": "list", "data": [self.account.item(self.price)], "has_more": False}
        self._event(body | gone, "deleted", ends)
        return event if check == "unknown_api_version" else str(body["id"])

    def _build(self, folder: Any) -> duckdb.DuckDBPyConnection:
        with FakeStripe().serve() as stripe:
            settings = IngestSettings(
                _env_file=None,  # type: ignore[call-arg]
                home=folder,
                stripe_api_key=SecretStr(API_KEY),
                stripe_api_base=stripe.url,
                stripe_reads_per_second=10_000,
            )
            clock = FixedClock(NOW)
            landing = open_landing(settings, clock)
            for event in sorted(self.events, key=lambda event: event["created"]):
                stripe.objects["event"].append(event | {"livemode": False})
                clock.set(moment_of(event["created"]) + timedelta(hours=1))
                sync(settings, landing, clock)
        return compiled(quality=True).build(settings.state() / "landing", NOW)


@pytest.fixture(scope="module")
def synced(tmp_path_factory: pytest.TempPathFactory) -> Synced:
    return Synced(tmp_path_factory.mktemp("bad_input"))


@pytest.mark.parametrize("check", [check for check, _, _ in BAD])
def test_what_cannot_be_valued_is_a_finding_with_the_object_s_id(check: str, synced: Synced) -> None:
    named = next(object_id for found, object_id, _ in synced.expected if found == check)
    rows = synced.con.execute('select object_id from marts.data_quality where "check" = ?', [check])
    assert {object_id for (object_id,) in rows.fetchall()} == {named}


def test_what_cannot_be_valued_counts_nothing_and_flags_its_month_alone(synced: Synced) -> None:
    months = synced.con.execute("select month, closing_mrr, is_complete from marts.mrr_months").fetchall()
    assert {closing for _, closing, _ in months} == {100}
    flagged = {month for month, _, is_complete in months if not is_complete}
    running = {date(NOW.year, NOW.month, 1)}
    assert flagged == {month for _, _, month in synced.expected} | running
