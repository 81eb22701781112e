"""Schedules of a world's subscriptions: what is to come after its end."""

from __future__ import annotations

import random
from datetime import datetime, timedelta

from tests.dbt_project.revenue.account import Account, Json, moment, seconds
from tests.dbt_project.revenue.world_terms import every


class Scheduled:
    """A world whose subscriptions may follow schedules."""

    account: Account
    prices: dict[str, list[Json]]
    random: random.Random
    until: datetime

    def _when(self, after: datetime, days: int = 120) -> datetime:
        return after + timedelta(seconds=self.random.randrange(1, days * 86400))

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
