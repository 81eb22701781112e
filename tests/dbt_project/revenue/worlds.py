"""Random but reproducible customers' lives, with all the nasty cases in."""

from __future__ import annotations

import copy
import random
from datetime import datetime, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import msgspec

from tests.dbt_project.revenue.account import Account, Json, moment, seconds
from tests.dbt_project.revenue.billing import Biller
from tests.dbt_project.revenue.world_schedules import Scheduled
from tests.dbt_project.revenue.world_terms import (
    ACTS,
    CURRENCIES,
    FOREIGN,
    INTERVALS,
    RATES,
    TIERS,
)

if TYPE_CHECKING:
    from ingest.stripe.observation import Observation

START = moment("2023-01-01")


class World(Scheduled):
    """An account whose customers live for some months, are billed, and pay or do not.

    Args:
        seed: Equal seeds give equal worlds.
        customers: How many live in it.
        months: How long they are watched.
        lives: Decides how each customer lives; bills and exchange rates follow the seed.

    Attributes:
        broken: The invoices that do not add up, by what is wrong with each.
    """

    def __init__(
        self, seed: int, customers: int, months: int = 36, lives: random.Random | None = None
    ) -> None:
        luck = random.Random(seed)
        self.random = lives or luck
        self.account = Account(f"w{seed}_")
        self.until = START + timedelta(days=30 * months)
        self.prices = {currency: self._prices(currency) for currency in CURRENCIES}
        self.known: list[str] = []
        for currency, rate in RATES.items():
            self._rates(currency, rate, luck)
        for _ in range(customers):
            self._live()
        self._merge_in_a_chain()
        biller = Biller(self.account, luck, self.until)
        biller.bill()
        self.broken = biller.broken

    def _merge_in_a_chain(self) -> None:
        """Merge a customer into one who was merged as well."""
        merged = {row["customer_id"] for row in self.account.rows.get("customer_merges", [])}
        free = [customer for customer in self.known[1:] if customer not in merged]
        if len(free) > 1:
            self.account.merge(free[-1], free[-2])
            self.account.merge(free[-2], self.known[0])

    def _rates(self, currency: str, rate: str, luck: random.Random) -> None:
        day = START
        while day < self.until:
            moved = Decimal(rate) * luck.randrange(90, 110) / 100
            self.account.rate(f"{day:%Y-%m-%d}", currency, "usd", str(moved))
            day += timedelta(days=luck.randrange(20, 90))

    def _prices(self, currency: str) -> list[Json]:
        def price(amount: str | None = None, interval: str = "month", count: int = 1, **more: Any) -> Json:
            return self.account.price(amount, interval, count, currency, **more)

        intervals = INTERVALS if currency == "usd" else INTERVALS[:3]
        prices = [price(a, i, n) for i, n in intervals for a in ("2999", "0.3333", "120000")]
        prices += [price(tiers=TIERS, tiers_mode=mode) for mode in ("graduated", "volume")]
        prices += [price("5000", transform_quantity={"divide_by": 4, "round": way}) for way in ("up", "down")]
        return [*prices, *self._from_abroad(currency), price("700", usage_type="metered"), price(None)]

    def _from_abroad(self, currency: str) -> list[Json]:
        """Return prices in dollars that can be paid in this currency, and one of which nobody tells how."""
        if currency not in FOREIGN:
            return []
        unit, tiers = FOREIGN[currency], [tier | {"flat_amount": 333} for tier in TIERS[1:]]
        thirds = {"gbp": {"unit_amount": 1, "tiers": tiers[1:]}}
        options: list[tuple[str | None, Json, Json]] = [
            ("2999", {}, {"unit_amount_decimal": unit}),
            ("120000", {"interval": "year"}, {"unit_amount": 99_999}),
            (None, {"tiers": TIERS, "tiers_mode": "graduated"}, {"tiers": tiers}),
            (None, {"tiers": TIERS, "tiers_mode": "volume"}, {"tiers": tiers}),
        ]
        paid = [
            self.account.price(a, currency_options={currency: o, **thirds}, **terms)
            for a, terms, o in options
        ]
        return [*paid, self.account.price("2999")]

    def _discount(self, when: datetime, currency: str = "usd") -> Json:
        pick = self.random.randrange(7)
        if pick == 0:
            return self.account.discount(when, percent_off=self.random.choice([10, 25.5, 33.33, 100]))
        if pick == 1:
            end = when + timedelta(days=self.random.randrange(20, 200))
            return self.account.discount(
                when, end, percent_off=20, duration="repeating", duration_in_months=3
            )
        if pick == 2:
            return self.account.discount(when, percent_off=50, duration="once")
        if pick == 3:
            return self.account.discount(
                when, amount_off=self.random.choice([500, 99999999]), currency=currency
            )
        if pick in (4, 5):
            return self._limited_or_abroad(when, currency, limited=pick == 4)
        other = "usd" if currency == "eur" else "eur"
        return self.account.discount(when, amount_off=700, currency=other)

    def _limited_or_abroad(self, when: datetime, currency: str, *, limited: bool) -> Json:
        """Return a discount for some products, or one with amounts in several currencies."""
        if limited:
            products = [price["product"] for price in self.prices[currency][:: self.random.choice([1, 2])]]
            terms = self.random.choice([{"percent_off": 40}, {"amount_off": 900, "currency": currency}])
            return self.account.discount(when, applies_to={"products": products}, **terms)
        options = {code: {"amount_off": 650 + number} for number, code in enumerate(CURRENCIES)}
        return self.account.discount(when, amount_off=600, currency="gbp", currency_options=options)

    def _items(self, currency: str) -> list[Json]:
        count = self.random.choice([1, 1, 1, 2, 3])
        picked = self.random.sample(self.prices[currency], count)
        return [self.account.item(copy.deepcopy(p), self.random.choice([None, 1, 2, 5, 12])) for p in picked]

    def _live(self) -> None:
        begins = START + timedelta(
            seconds=self.random.randrange(int((self.until - START).total_seconds() * 0.7))
        )
        customer = self.account.customer(begins)
        for _ in range(self.random.choice([1, 1, 1, 2, 3])):
            self._subscription(customer, self._when(begins, 200))
        if self.random.random() < 0.1:
            deleted = {"id": customer["id"], "object": "customer", "deleted": True}
            self.account.tell(deleted, "customer.deleted", self._when(begins, 700), is_deleted=True)
        elif self.random.random() < 0.2:
            when = self._when(begins, 300)
            customer["discount"] = self._discount(when)
            self.account.tell(customer, "customer.updated", when, {"discount": None})
        if self.known and self.random.random() < 0.08:
            self.account.merge(customer["id"], self.random.choice(self.known[-3:]))
        self.known.append(customer["id"])

    def _subscription(self, customer: Json, when: datetime) -> None:
        currency = self.random.choice(["usd"] * 6 + CURRENCIES)
        fields: dict[str, Any] = {"status": self.random.choice(["active"] * 6 + ["trialing", "incomplete"])}
        if self.random.random() < 0.3:
            count = self.random.choice([1, 1, 2, 3])
            fields["discounts"] = [self._discount(when, currency) for _ in range(count)]
        fields["currency"], items = currency, self._items(currency)
        if self.random.random() < 0.15:
            discount = self._discount(when, currency)
            items[0]["discounts"] = [discount | {"subscription_item": items[0]["id"]}]
        if self.random.random() < 0.15:
            rate = {"id": "txr_1", "object": "tax_rate", "percentage": 20, "inclusive": True}
            for item in items:
                item["tax_rates"] = [rate]
        body = self.account.subscribe(when, items, customer["id"], **fields)
        if self.random.random() < 0.05:
            self._schedule(body)
        self._plan(body)
        self._events(body, when)

    def _events(self, body: Json, when: datetime) -> None:
        for _ in range(self.random.choice([0, 1, 2, 3, 5])):
            when = self._when(when) if self.random.random() > 0.1 else when
            if when > self.until:
                return
            late = when + timedelta(days=self.random.choice([0, 0, 0, 2, 9]), seconds=5)
            act = self.random.choice(ACTS)
            if act == "cancel":
                told = when + timedelta(hours=self.random.choice([0, 0, 30]))
                self.account.cancel(body, told, max(told, late), ended_at=seconds(when))
                return
            self.account.change(body, when, late, **self._change(body, act, when))

    def _change(self, body: Json, act: str, when: datetime) -> Json:  # noqa: PLR0911 - one line an act
        items = copy.deepcopy(body["items"]["data"])
        if act == "quantity":
            items[0]["quantity"] = self.random.choice([1, 2, 3, 4, 11])
            return {"items": items}
        if act == "swap":
            items[0]["price"] = copy.deepcopy(self.random.choice(self.prices[body["currency"]]))
            return {"items": items}
        if act == "add":
            return {"items": [*items, *self._items(body["currency"])[:1]]}
        if act == "drop":
            return {"items": items[1:] or items}
        if act == "coupon":
            return {"discounts": [*body["discounts"], self._discount(when, body["currency"])][-3:]}
        if act == "pause":
            return {"pause_collection": None if body.get("pause_collection") else self._pause(body, when)}
        if act == "schedule":
            on = not body["cancel_at_period_end"]
            return {"cancel_at_period_end": on, "canceled_at": seconds(when) if on else None}
        return {"status": act}

    def _pause(self, body: Json, when: datetime) -> Json:
        """Let some pauses end by themselves, also after the world's end; no event tells it."""
        luck = random.Random(f"{body['id']} {when}")  # apart, so that lives stay as they are
        pause: Json = {"behavior": "void"}
        if luck.random() < 0.6:
            pause["resumes_at"] = seconds(when + timedelta(seconds=luck.randrange(1, 150 * 86_400)))
        return pause


def in_any_order(
    observations: list[Observation], until: datetime, chance: random.Random
) -> list[Observation]:
    """Return what was observed as if all events had come after the end, in some other order."""
    dealt = [
        msgspec.structs.replace(o, observed_at=until + timedelta(seconds=chance.randrange(86_400)))
        if o.event_id
        else o
        for o in observations
    ]
    chance.shuffle(dealt)
    return dealt
