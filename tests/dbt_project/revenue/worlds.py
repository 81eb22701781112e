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

if TYPE_CHECKING:
    from ingest.stripe.observation import Observation

START = moment("2023-01-01")


class World:
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

    def _when(self, after: datetime, days: int = 120) -> datetime:
        return after + timedelta(seconds=self.random.randrange(1, days * 86400))

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

    def _schedule(self, body: Json) -> None:
        """Let a schedule change the subscription's price some months after the world's end."""
        price = self.random.choice(self.prices[body["currency"]])
        begins = self._when(self.until, 200)
        body["schedule"] = self.account.new_id("sub_sched")
        phase = {
            "start_date": seconds(begins),
            "end_date": seconds(begins + timedelta(days=300)),
            "items": [{"price": price["id"], "quantity": self.random.choice([1, 3])}],
        }
        schedule = {
            "id": body["schedule"],
            "object": "subscription_schedule",
            "status": "active",
            "subscription": body["id"],
            "customer": body["customer"],
            "end_behavior": "release",
            "created": body["created"],
            "phases": [phase],
        }
        self.account.tell(schedule, "subscription_schedule.created", moment("2023-01-01"))

    def _plan(self, body: Json) -> None:
        """Let some others, and some that are yet to begin, follow a schedule of several phases."""
        luck = random.Random(body["id"])  # apart, so that lives stay as they are
        if "schedule" in body or luck.random() > 0.2:
            return
        coupons = luck.random() < 0.4
        begins = self.until + timedelta(days=luck.randrange(1, 30))
        phases = []
        for _ in range(luck.choice([1, 2, 3])):
            ends = begins + timedelta(days=luck.randrange(20, 150))
            phases.append(self._phase(luck, body["currency"], begins, ends, coupons=coupons))
            begins = ends
        is_new = luck.random() < 0.2
        schedule = {
            "id": self.account.new_id("sub_sched"),
            "object": "subscription_schedule",
            "status": "not_started" if is_new else luck.choice(["active"] * 5 + ["released"]),
            "subscription": None if is_new else body["id"],
            "customer": body["customer"],
            "end_behavior": luck.choice(["release", "release", "cancel"]),
            "created": body["created"],
            "phases": phases,
        }
        self.account.tell(schedule, "subscription_schedule.created", moment("2023-01-01"))

    def _phase(
        self, luck: random.Random, currency: str, begins: datetime, ends: datetime, *, coupons: bool
    ) -> Json:
        terms: list[Json] = [
            {"percent_off": 15},
            {"amount_off": 250, "currency": currency},
            {"percent_off": 33.33},
            {"amount_off": 200, "currency": "gbp", "currency_options": {currency: {"amount_off": 250}}},
        ]
        first = luck.choice(self.prices[currency])
        alike = [price for price in self.prices[currency] if every(price) == every(first)]
        prices = [first, *luck.sample(alike, luck.choice([0, 0, 1]))]
        terms += [{"percent_off": 20, "applies_to": {"products": [first["product"]]}}] * 2
        named = luck.sample(terms, luck.choice([0, 1, 2])) if coupons else []
        own = {price["id"]: luck.sample(terms, luck.choice([0, 0, 1])) if coupons else [] for price in prices}
        return {
            "start_date": seconds(begins),
            "end_date": seconds(ends),
            "currency": currency,
            "items": [
                {"price": name, "quantity": luck.choice([1, 5]), "discounts": self._named(luck, own[name])}
                for name in own
            ],
            "discounts": self._named(luck, named),
        }

    def _named(self, luck: random.Random, coupons: list[Json]) -> list[Json]:
        return [{"coupon": self._coupon(luck, **terms)} for terms in coupons]

    def _coupon(self, luck: random.Random, **terms: object) -> str:
        duration = luck.choice(["forever", "once", "repeating"])
        coupon = {"id": self.account.new_id("co"), "object": "coupon", "duration": duration} | terms
        self.account.list_object(coupon, moment("2020-01-01"))
        return str(coupon["id"])

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


def every(price: Json) -> tuple[str, int]:
    """Return how often a price is due."""
    return price["recurring"]["interval"], price["recurring"]["interval_count"]


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


CURRENCIES = ["usd", "eur", "jpy", "kwd"]
FOREIGN = {"eur": "2755.5", "jpy": "4321.25"}  # what a price in dollars costs there, in minor units
RATES = {"eur": "1.1", "jpy": "0.007", "kwd": "3.25"}
TIERS = [
    {"up_to": 3, "unit_amount": 1000, "flat_amount": 500},
    {"up_to": 10, "unit_amount": 800, "flat_amount": None},
    {"up_to": None, "unit_amount_decimal": "650.5", "flat_amount": 100},
]
INTERVALS = [("month", 1), ("year", 1), ("month", 3), ("year", 2), ("week", 1), ("week", 2), ("day", 1)]
ACTS = ["quantity", "quantity", "swap", "add", "drop", "coupon", "pause", "schedule", "cancel"]
ACTS += ["past_due", "past_due", "active", "active", "unpaid", "paused", "trialing"]
