"""What the demo's company sells on Stripe: products, prices, coupons, tax rates, meters of a catalogue."""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from tenants.catalogue import MONTHS

if TYPE_CHECKING:
    from orchestration.demo.sandbox import Sandbox
    from tenants.catalogue import Catalogue, Interval, Plan

# Whole units of the second currency for one of the first, as a price list would set them.
SECOND_CURRENCY = {"GBP": ("EUR", Decimal("1.15")), "USD": ("EUR", Decimal("0.92"))}
_CUSTOM = (Decimal(1200), Decimal(1900), Decimal(2900))
_OVERAGE = {"archive_pages": Decimal("0.02")}
Json = dict[str, Any]


@dataclass
class Shop:
    """Ids of what is on sale.

    Attributes:
        catalogue: The plans behind it.
        currencies: Those sold in, the catalogue's own first.
        prices: By plan, interval and currency; several where the price is agreed case by case.
        seats: The add-on price a seat by interval and currency.
        archive: The graduated add-on by currency, monthly.
        metered: Metered prices by meter and currency.
        coupons: By what they do.
        promotion: A promotion code.
        vat: The tax rate for pounds.
    """

    catalogue: Catalogue
    currencies: tuple[str, ...]
    prices: dict[tuple[str, str, str], list[str]] = field(default_factory=dict)
    seats: dict[tuple[str, str], str] = field(default_factory=dict)
    archive: dict[str, str] = field(default_factory=dict)
    metered: dict[tuple[str, str], str] = field(default_factory=dict)
    coupons: dict[str, str] = field(default_factory=dict)
    promotion: str = ""
    vat: str = ""


def lookup_key(catalogue: str, plan: str, interval: str, currency: str) -> str:
    """Return the lookup key of a plan's price, such as `loki_starter_month_gbp`."""
    return f"{catalogue}_{plan}_{interval}_{currency.lower()}"


def open_shop(sandbox: Sandbox, catalogue: Catalogue, *, plain: bool = False) -> Shop:
    """Create everything on sale.

    Args:
        sandbox: The account.
        catalogue: Plans and their prices.
        plain: Plans in the catalogue's currency alone: no second currency, add-ons or coupons.
    """
    second = () if plain else SECOND_CURRENCY.get(catalogue.currency, ())
    shop = Shop(catalogue, (catalogue.currency, *(str(each) for each in second[:1])))
    for plan in catalogue.plans:
        _stock_plan(sandbox, shop, plan)
    if not plain:
        _stock_extras(sandbox, shop)
        _stock_metered(sandbox, shop)
        _stock_offers(sandbox, shop)
    return shop


def recurring(interval: str) -> Json:
    """Return an interval of ours in Stripe's terms."""
    if interval == "year":
        return {"interval": "year", "interval_count": 1}
    return {"interval": "month", "interval_count": MONTHS[interval]}  # type: ignore[index]


def _in(currency: str, shop: Shop, amount: Decimal) -> int:
    """Return minor units of an amount of the catalogue's currency, priced in another."""
    own = shop.catalogue.currency
    factor = Decimal(1) if currency == own else SECOND_CURRENCY[own][1]
    return int((amount * factor).to_integral_value()) * 100


def _stock_plan(sandbox: Sandbox, shop: Shop, plan: Plan) -> None:
    catalogue = shop.catalogue
    metadata = {"plan": plan.id, "catalogue": catalogue.name}
    product = sandbox.call("POST", "/v1/products", {"name": plan.name, "metadata": metadata})
    for currency in shop.currencies:
        for interval in catalogue.intervals:
            amounts = _amounts(plan, catalogue.currency, interval)
            key = lookup_key(catalogue.name, plan.id, interval, currency)
            for place, amount in enumerate(amounts):
                price = sandbox.call(
                    "POST",
                    "/v1/prices",
                    {
                        "product": product["id"],
                        "currency": currency.lower(),
                        "unit_amount": _in(currency, shop, amount),
                        "recurring": recurring(interval),
                        "metadata": {**metadata, "interval": interval},
                        **({} if place else {"lookup_key": key}),
                    },
                )
                shop.prices.setdefault((plan.id, interval, currency), []).append(price["id"])


def _amounts(plan: Plan, currency: str, interval: Interval) -> list[Decimal]:
    listed = plan.price(currency, interval)
    if listed is not None:
        return [listed]
    months = 10 if interval == "year" else MONTHS[interval]
    return [month * months for month in _CUSTOM]


def _stock_extras(sandbox: Sandbox, shop: Shop) -> None:
    metadata = {"plan": "seats", "catalogue": shop.catalogue.name}
    product = sandbox.call("POST", "/v1/products", {"name": "Additional seats", "metadata": metadata})
    archive = sandbox.call(
        "POST",
        "/v1/products",
        {
            "name": "Document archive",
            "metadata": {**metadata, "plan": "archive"},
        },
    )
    for currency in shop.currencies:
        code = currency.lower()
        for interval in shop.catalogue.intervals:
            amount = _in(currency, shop, Decimal(9)) * MONTHS[interval]
            seat = sandbox.call(
                "POST",
                "/v1/prices",
                {
                    "product": product["id"],
                    "currency": code,
                    "unit_amount": amount,
                    "recurring": recurring(interval),
                    "metadata": {**metadata, "interval": interval},
                },
            )
            shop.seats[interval, currency] = seat["id"]
        tiers = [
            {"up_to": 3, "unit_amount": 1000, "flat_amount": 500},
            {"up_to": "inf", "unit_amount": 800},
        ]
        graduated = sandbox.call(
            "POST",
            "/v1/prices",
            {
                "product": archive["id"],
                "currency": code,
                "billing_scheme": "tiered",
                "tiers_mode": "graduated",
                "tiers": tiers,
                "recurring": recurring("month"),
                "metadata": {**metadata, "plan": "archive"},
            },
        )
        shop.archive[currency] = graduated["id"]


def _stock_metered(sandbox: Sandbox, shop: Shop) -> None:
    for meter, amount in (shop.catalogue.overage_prices or _OVERAGE).items():
        made = sandbox.call(
            "POST",
            "/v1/billing/meters",
            {
                "display_name": meter.replace("_", " ").capitalize(),
                "event_name": meter,
                "default_aggregation": {"formula": "sum"},
            },
        )
        product = sandbox.call(
            "POST",
            "/v1/products",
            {
                "name": f"{made['display_name']} above the quota",
                "metadata": {"catalogue": shop.catalogue.name},
            },
        )
        for currency in shop.currencies:
            price = sandbox.call(
                "POST",
                "/v1/prices",
                {
                    "product": product["id"],
                    "currency": currency.lower(),
                    "unit_amount_decimal": str(amount * 100),
                    "recurring": {**recurring("month"), "usage_type": "metered", "meter": made["id"]},
                    "metadata": {"catalogue": shop.catalogue.name, "meter": meter},
                },
            )
            shop.metered[meter, currency] = price["id"]


def _stock_offers(sandbox: Sandbox, shop: Shop) -> None:
    offers: dict[str, Json] = {
        "welcome": {"percent_off": 20, "duration": "repeating", "duration_in_months": 3, "name": "Welcome"},
        "loyal": {"percent_off": 10, "duration": "forever", "name": "Loyalty"},
        "once": {"percent_off": 50, "duration": "once", "name": "Half the first invoice"},
        "charity": {"percent_off": 100, "duration": "repeating", "duration_in_months": 6, "name": "Charity"},
        "fixed": {
            "amount_off": 1500,
            "currency": shop.currencies[0].lower(),
            "duration": "repeating",
            "duration_in_months": 12,
            "name": "Fifteen off",
        },
    }
    for name, offer in offers.items():
        shop.coupons[name] = sandbox.call("POST", "/v1/coupons", {"id": f"{name.upper()}", **offer})["id"]
    promotion = {"type": "coupon", "coupon": shop.coupons["welcome"]}
    shop.promotion = sandbox.call("POST", "/v1/promotion_codes", {"code": "HELLO20", "promotion": promotion})[
        "id"
    ]
    shop.vat = sandbox.call(
        "POST",
        "/v1/tax_rates",
        {
            "display_name": "VAT",
            "percentage": 20,
            "inclusive": False,
            "country": "GB",
            "tax_type": "vat",
        },
    )["id"]
