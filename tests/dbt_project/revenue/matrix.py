"""Every combination of interval, pricing, discount and status, each the life of one customer."""

from __future__ import annotations

import copy
import itertools
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from tests.dbt_project.revenue.account import Account, Json, moment, seconds

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

BEGINS, TURNS, NOW = moment("2025-01-10"), moment("2025-02-15"), moment("2025-04-15")
PRIME = 23  # at least as many as the longest axis has values

INTERVALS = [
    *(("day", 1), ("day", 3), ("week", 1), ("week", 2)),
    *(("month", 1), ("month", 3), ("month", 6), ("year", 1), ("year", 2)),
]
TIERS = [
    {"up_to": 3, "unit_amount": 1000, "flat_amount": 500},
    {"up_to": 10, "unit_amount_decimal": "799.5", "flat_amount": None},
    {"up_to": None, "unit_amount": 650, "flat_amount": 100},
]
FLAT_TIERS = [{"up_to": 5, "flat_amount": 900}, {"up_to": None, "flat_amount": 1500}]

EURO_TIERS = [
    {"up_to": 2, "unit_amount": 900, "flat_amount": 450},
    {"up_to": None, "unit_amount_decimal": "610.25", "flat_amount": 90},
]
YEN, EUROS = {"jpy": {"unit_amount_decimal": "4321.5"}}, {"eur": {"unit_amount": 2755}}
IN_EUROS = {"currency_options": {"eur": {"tiers": EURO_TIERS}}, "pays": "eur"}

# Name: the amount, the quantity, the terms of the price, and the currency that pays it where that is another.
PRICINGS: dict[str, tuple[str | None, int | None, Json]] = {
    "per unit": ("2999", 5, {}),
    "per unit, no quantity": ("2999", None, {}),
    "per unit, none of it": ("2999", 0, {}),
    "decimals of a cent": ("0.3333", 7, {}),
    "packages rounded up": ("5000", 9, {"transform_quantity": {"divide_by": 4, "round": "up"}}),
    "packages rounded down": ("5000", 9, {"transform_quantity": {"divide_by": 4, "round": "down"}}),
    "graduated": (None, 12, {"tiers": TIERS, "tiers_mode": "graduated"}),
    "volume": (None, 5, {"tiers": TIERS, "tiers_mode": "volume"}),
    "flat tiers": (None, 6, {"tiers": FLAT_TIERS, "tiers_mode": "graduated"}),
    "metered": ("700", None, {"usage_type": "metered"}),
    "no amount": (None, 1, {}),
    "yen": ("1234", 2, {"currency": "jpy"}),
    "dinars": ("12345", 1, {"currency": "kwd"}),
    "with an add-on": ("2999", 2, {}),
    "euros of a price in dollars": ("2999", 3, {"currency_options": EUROS, "pays": "eur"}),
    "yen of a price in dollars": ("2999", 3, {"currency_options": YEN | EUROS, "pays": "jpy"}),
    "tiers in euros": (None, 7, {"tiers": TIERS, "tiers_mode": "graduated"} | IN_EUROS),
    "volume in euros": (None, 2, {"tiers": TIERS, "tiers_mode": "volume"} | IN_EUROS),
    "a currency that nobody tells": ("2999", 1, {"pays": "eur"}),
}


@dataclass
class Life:
    """A subscription about to begin: what a combination's discount and status may still change."""

    account: Account
    items: list[Json]
    fields: Json
    customer: Json

    def discount(self, start: Any = BEGINS, end: Any = None, **coupon: object) -> Json:
        return self.account.discount(start, end, **coupon)

    def on_subscription(self, *coupons: Json) -> None:
        self.fields["discounts"] = [self.discount(**coupon) for coupon in coupons]

    def on_item(self, **coupon: object) -> None:
        self.items[0]["discounts"] = [self.discount(**coupon)]

    def on_customer(self, **coupon: object) -> None:
        self.customer["discount"] = self.discount(**coupon)

    def taxed(self, percentage: object) -> None:
        rate = {"id": "txr_1", "object": "tax_rate", "percentage": percentage, "inclusive": True}
        for item in self.items:
            item["tax_rates"] = [rate]


def _euros(life: Life) -> Json:
    return {"amount_off": 700, "currency": "eur" if life.fields["currency"] != "eur" else "usd"}


def _dollars(life: Life, amount: int = 700) -> Json:
    return {"amount_off": amount, "currency": life.fields["currency"]}


def _several() -> Json:
    """Return a coupon with an amount in each of several currencies."""
    amounts = {"gbp": 500, "usd": 610, "eur": 555, "jpy": 87_000, "kwd": 1750}
    options = {code: {"amount_off": amount} for code, amount in amounts.items()}
    return {"amount_off": 500, "currency": "gbp", "currency_options": options}


def _for_product(life: Life, **coupon: object) -> Json:
    """Return a coupon for the first item's product, of which the add-ons have others."""
    return {"applies_to": {"products": [life.items[0]["price"]["product"]]}} | coupon


def _item_then_subscription(life: Life) -> None:
    life.on_item(**_dollars(life, 300))
    life.on_subscription({"percent_off": 20})


def _customer_and_own(life: Life) -> None:
    life.on_customer(percent_off=50)
    life.on_subscription({"percent_off": 10})


def _taxed_and_off(life: Life) -> None:
    life.taxed(20)
    life.on_subscription({"percent_off": 33.33})


RUNNING = {"percent_off": 20, "duration": "repeating", "duration_in_months": 12}
DISCOUNTS: dict[str, Callable[[Life], None]] = {
    "none": lambda _: None,
    "percent for ever": lambda life: life.on_subscription({"percent_off": 25.5}),
    "all of it": lambda life: life.on_subscription({"percent_off": 100}),
    "amount": lambda life: life.on_subscription(_dollars(life)),
    "amount beyond the price": lambda life: life.on_subscription(_dollars(life, 99_999_999)),
    "amount in another currency": lambda life: life.on_subscription(_euros(life)),
    "once": lambda life: life.on_subscription({"percent_off": 50, "duration": "once"}),
    "repeating": lambda life: life.on_subscription(RUNNING | {"end": moment("2026-01-10")}),
    "repeating, ended": lambda life: life.on_subscription(RUNNING | {"end": moment("2025-03-01 11:11:11")}),
    "starting later": lambda life: life.on_subscription(
        {"percent_off": 20, "start": moment("2025-03-05 05:05:05")}
    ),
    "stacked": lambda life: life.on_subscription({"percent_off": 10}, {"percent_off": 20}),
    "percent, then amount": lambda life: life.on_subscription({"percent_off": 10}, _dollars(life)),
    "amount, then percent": lambda life: life.on_subscription(_dollars(life), {"percent_off": 10}),
    "on the item": lambda life: life.on_item(percent_off=30),
    "on item and subscription": _item_then_subscription,
    "on the customer": lambda life: life.on_customer(percent_off=40),
    "on the customer, and its own": _customer_and_own,
    "for one product": lambda life: life.on_subscription(_for_product(life, percent_off=30)),
    "for another product": lambda life: life.on_subscription(
        {"percent_off": 30, "applies_to": {"products": ["prod_another"]}}
    ),
    "amount for one product, then for all": lambda life: life.on_subscription(
        _for_product(life, **_dollars(life)), _dollars(life, 450)
    ),
    "amount in several currencies": lambda life: life.on_subscription(_several()),
    "inclusive tax": lambda life: life.taxed(20),
    "inclusive tax and percent": _taxed_and_off,
}


def _turning(**fields: Any) -> Callable[[Account, Json], object]:
    return lambda account, body: account.change(body, TURNS, **fields)


def _back_again(account: Account, body: Json) -> None:
    account.change(body, TURNS, pause_collection={"behavior": "void"})
    account.change(body, TURNS + timedelta(days=20), pause_collection=None)


def _scheduled_and_ended(account: Account, body: Json) -> None:
    account.change(body, TURNS, cancel_at_period_end=True, canceled_at=seconds(TURNS))
    account.cancel(body, TURNS + timedelta(days=23))


UNTIL = {"behavior": "void", "resumes_at": seconds(TURNS + timedelta(days=20))}
AT_END = {"cancel_at_period_end": True, "canceled_at": seconds(TURNS)}
STATUSES: dict[str, tuple[str, Callable[[Account, Json], object]]] = {
    "active": ("active", lambda *_: None),
    "trialing": ("trialing", lambda *_: None),
    "converted": ("trialing", _turning(status="active")),
    "past due": ("active", _turning(status="past_due")),
    "unpaid": ("active", _turning(status="unpaid")),
    "canceled": ("active", lambda account, body: account.cancel(body, TURNS)),
    "incomplete": ("incomplete", lambda *_: None),
    "incomplete, expired": ("incomplete", _turning(status="incomplete_expired")),
    "paused": ("active", _turning(status="paused")),
    "collection paused": ("active", _turning(pause_collection={"behavior": "keep_as_draft"})),
    "collection paused and resumed": ("active", _back_again),
    "collection paused until a day": ("active", _turning(pause_collection=UNTIL)),
    "ending with its period": ("active", _turning(**AT_END)),
    "ending on a day": ("active", _turning(cancel_at=seconds(NOW + timedelta(days=9)), canceled_at=1)),
    "ended as scheduled": ("active", _scheduled_and_ended),
}

AXES: list[list[Any]] = [INTERVALS, list(PRICINGS), list(DISCOUNTS), list(STATUSES)]
Combination = tuple[tuple[str, int], str, str, str]


def every_combination() -> Iterable[Combination]:
    """Return the whole matrix."""
    return itertools.product(*AXES)


def every_pair() -> list[Combination]:
    """Return few combinations in which each value of an axis meets each value of every other axis."""
    rows = [(i, j, i + j, i + 2 * j) for i in range(PRIME) for j in range(PRIME)]
    picked = [[(number % PRIME) % len(axis) for number, axis in zip(row, AXES, strict=True)] for row in rows]
    return [tuple(axis[n] for n, axis in zip(row, AXES, strict=True)) for row in picked]


class Matrix:
    """An account on which each of the given combinations is one customer, and which customer is which."""

    def __init__(self, combinations: Iterable[Combination]) -> None:
        self.account = Account()
        self.account.rate("2025-01-01", "jpy", "usd", "0.007")
        self.account.rate("2025-01-01", "kwd", "usd", "3.25")
        self.account.rate("2025-01-01", "eur", "usd", "1.1")
        self._prices: dict[Any, Json] = {}
        self.customers = {self._live(*combination): combination for combination in combinations}

    def _price(self, interval: tuple[str, int], pricing: str) -> Json:
        if (interval, pricing) not in self._prices:
            amount, _, terms = PRICINGS[pricing]
            terms = {name: copy.deepcopy(value) for name, value in terms.items() if name != "pays"}
            self._prices[interval, pricing] = self.account.price(amount, *interval, **terms)
        return self._prices[interval, pricing]

    def _live(self, interval: tuple[str, int], pricing: str, discount: str, status: str) -> str:
        account, price = self.account, self._price(interval, pricing)
        items = [account.item(price, PRICINGS[pricing][1])]
        if pricing == "with an add-on":
            items += [
                account.item(self._price(interval, other), 4) for other in ("decimals of a cent", "metered")
            ]
        begins_as, turn = STATUSES[status]
        currency = PRICINGS[pricing][2].get("pays", price["currency"])
        customer: Json = {"id": account.new_id("cus")}
        life = Life(account, items, {"status": begins_as, "currency": currency}, customer)
        DISCOUNTS[discount](life)
        account.tell(customer | {"object": "customer", "metadata": {}}, "customer.created", BEGINS)
        turn(account, account.subscribe(BEGINS, items, customer["id"], **life.fields))
        return str(customer["id"])
