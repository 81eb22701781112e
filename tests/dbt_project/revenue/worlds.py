"""Random but reproducible customers' lives, with all the nasty cases in."""

from __future__ import annotations

import copy
import random
from datetime import datetime, timedelta
from typing import Any

from tests.dbt_project.revenue.account import Account, Json, moment, seconds

START = moment("2023-01-01")


class World:
    """An account whose customers live for some months.

    Args:
        seed: Equal seeds give equal worlds.
        customers: How many live in it.
        months: How long they are watched.
    """

    def __init__(self, seed: int, customers: int, months: int = 36) -> None:
        self.random = random.Random(seed)
        self.account = Account(f"w{seed}_")
        self.until = START + timedelta(days=30 * months)
        self.prices = self._prices()
        for _ in range(customers):
            self._live()

    def _prices(self) -> list[Json]:
        account, tiers = (
            self.account,
            [
                {"up_to": 3, "unit_amount": 1000, "flat_amount": 500},
                {"up_to": 10, "unit_amount": 800, "flat_amount": None},
                {"up_to": None, "unit_amount": 650, "flat_amount": 100},
            ],
        )
        prices = [account.price(a, i, n) for i, n in INTERVALS for a in ("2999", "0.3333", "120000")]
        prices += [account.price(tiers=tiers, tiers_mode=mode) for mode in ("graduated", "volume")]
        prices += [
            account.price("5000", transform_quantity={"divide_by": 4, "round": way}) for way in ("up", "down")
        ]
        prices += [account.price("700", usage_type="metered"), account.price(None)]
        return prices

    def _when(self, after: datetime, days: int = 120) -> datetime:
        return after + timedelta(seconds=self.random.randrange(1, days * 86400))

    def _discount(self, when: datetime) -> Json:
        pick = self.random.randrange(5)
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
            return self.account.discount(when, amount_off=self.random.choice([500, 99999999]), currency="usd")
        return self.account.discount(when, amount_off=700, currency="eur")

    def _items(self) -> list[Json]:
        count = self.random.choice([1, 1, 1, 2, 3])
        picked = self.random.sample(self.prices, count)
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

    def _subscription(self, customer: Json, when: datetime) -> None:
        fields: dict[str, Any] = {"status": self.random.choice(["active"] * 6 + ["trialing", "incomplete"])}
        if self.random.random() < 0.3:
            fields["discounts"] = [self._discount(when) for _ in range(self.random.choice([1, 1, 2, 3]))]
        items = self._items()
        if self.random.random() < 0.15:
            items[0]["discounts"] = [self._discount(when)]
        if self.random.random() < 0.15:
            rate = {"id": "txr_1", "object": "tax_rate", "percentage": 20, "inclusive": True}
            for item in items:
                item["tax_rates"] = [rate]
        body = self.account.subscribe(when, items, customer["id"], **fields)
        self._events(body, when)

    def _events(self, body: Json, when: datetime) -> None:
        for _ in range(self.random.choice([0, 1, 2, 3, 5])):
            when = self._when(when) if self.random.random() > 0.1 else when
            if when > self.until:
                return
            late = when + timedelta(days=self.random.choice([0, 0, 0, 2, 9]), seconds=5)
            act = self.random.choice(ACTS)
            if act == "cancel":
                self.account.cancel(body, when, late)
                return
            self.account.change(body, when, late, **self._change(body, act, when))

    def _change(self, body: Json, act: str, when: datetime) -> Json:  # noqa: PLR0911 - one line an act
        items = copy.deepcopy(body["items"]["data"])
        if act == "quantity":
            items[0]["quantity"] = self.random.choice([1, 2, 3, 4, 11])
            return {"items": items}
        if act == "swap":
            items[0]["price"] = copy.deepcopy(self.random.choice(self.prices))
            return {"items": items}
        if act == "add":
            return {"items": [*items, *self._items()[:1]]}
        if act == "drop":
            return {"items": items[1:] or items}
        if act == "coupon":
            return {"discounts": [*body["discounts"], self._discount(when)][-3:]}
        if act == "pause":
            return {"pause_collection": None if body.get("pause_collection") else {"behavior": "void"}}
        if act == "schedule":
            on = not body["cancel_at_period_end"]
            return {"cancel_at_period_end": on, "canceled_at": seconds(when) if on else None}
        return {"status": act}


INTERVALS = [("month", 1), ("month", 3), ("year", 1), ("year", 2), ("week", 1), ("week", 2), ("day", 1)]
ACTS = ["quantity", "quantity", "swap", "add", "drop", "coupon", "pause", "schedule", "cancel"]
ACTS += ["past_due", "past_due", "active", "active", "unpaid", "paused", "trialing"]
