"""The Stripe prices of a catalogue's plans: found by lookup key or metadata, made where they are missing."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tenants.billing.state import SEATS, interval_of
from tenants.catalogue import MONTHS
from tenants.errors import InvalidInput

if TYPE_CHECKING:
    from tenants.billing.gateway import Json, StripeGateway
    from tenants.catalogue import Catalogue, Interval, Plan


def lookup_key(catalogue: Catalogue, plan_id: str, interval: str, currency: str) -> str:
    """Return the lookup key of a plan's price, such as `loki_starter_month_gbp`."""
    return f"{catalogue.name}_{plan_id}_{interval}_{currency.lower()}"


def find_price(
    gateway: StripeGateway, catalogue: Catalogue, plan_id: str, interval: str, currency: str | None = None
) -> str:
    """Return the id of the price at which a plan is sold.

    Raises:
        InvalidInput: The plan is not sold so, or its price is not in Stripe yet.
    """
    plan, code = catalogue.plan(plan_id), currency or catalogue.currency
    if interval not in catalogue.intervals:
        message = f"{catalogue.name} is not sold by the {interval}; use {' or '.join(catalogue.intervals)}."
        raise InvalidInput(message, "unknown_interval")
    if plan.price(code, interval) is None and code == catalogue.currency:  # type: ignore[arg-type]
        message = f"The price of {plan.name} is agreed case by case; contact us to subscribe to it."
        raise InvalidInput(message, "custom_price")
    key = lookup_key(catalogue, plan_id, interval, code)
    found = next(gateway.prices({"lookup_keys": [key]}), None)
    if found is None:
        message = f"Stripe has no price {key}; an operator makes it with `loki billing prices --create`."
        raise InvalidInput(message, "price_missing", lookup_key=key)
    return str(found["id"])


def find_seat_price(gateway: StripeGateway, interval: str, currency: str) -> str:
    """Return the id of the price of one more seat, paid as the plan is.

    Raises:
        InvalidInput: Seats are not sold so.
    """
    for price in gateway.prices({"currency": currency.lower(), "type": "recurring"}):
        if (price.get("metadata") or {}).get("plan") == SEATS and interval_of(price) == interval:
            return str(price["id"])
    message = f"Further seats are not sold by the {interval} in {currency.upper()}; change the plan instead."
    raise InvalidInput(message, "seats_not_sold")


def are_seats_sold(gateway: StripeGateway) -> bool:
    """Tell whether Stripe has a price of a seat; no catalogue lists one, so that none is made here."""
    return any(
        (price.get("metadata") or {}).get("plan") == SEATS for price in gateway.prices({"type": "recurring"})
    )


def missing_prices(gateway: StripeGateway, catalogue: Catalogue) -> list[tuple[Plan, Interval]]:
    """Return what the catalogue sells at a list price and Stripe does not have."""
    wanted = [
        (plan, interval)
        for plan in catalogue.plans
        for interval in catalogue.intervals
        if plan.price(catalogue.currency, interval) is not None
    ]
    keys = {str(price["lookup_key"]) for price in gateway.prices({}) if price.get("lookup_key")}
    return [
        (plan, interval)
        for plan, interval in wanted
        if lookup_key(catalogue, plan.id, interval, catalogue.currency) not in keys
    ]


def missing_keys(gateway: StripeGateway, catalogue: Catalogue) -> list[str]:
    """Return the lookup keys of the prices that Stripe does not have."""
    return [
        lookup_key(catalogue, plan.id, interval, catalogue.currency)
        for plan, interval in missing_prices(gateway, catalogue)
    ]


def create_prices(gateway: StripeGateway, catalogue: Catalogue) -> list[str]:
    """Make what is missing and return its lookup keys."""
    made = []
    for plan, interval in missing_prices(gateway, catalogue):
        metadata = {"plan": plan.id, "catalogue": catalogue.name}
        product = gateway.create_product(
            {"name": plan.name, "metadata": metadata}, f"product:{catalogue.name}:{plan.id}"
        )
        key = lookup_key(catalogue, plan.id, interval, catalogue.currency)
        gateway.create_price(_price(catalogue, plan, interval, product["id"], metadata), f"price:{key}")
        made.append(key)
    return made


def _price(catalogue: Catalogue, plan: Plan, interval: Interval, product: str, metadata: Json) -> Json:
    amount = plan.price(catalogue.currency, interval)
    recurring = {"interval": "month", "interval_count": MONTHS[interval]}
    if interval == "year":
        recurring = {"interval": "year", "interval_count": 1}
    return {
        "product": product,
        "currency": catalogue.currency.lower(),
        "unit_amount_decimal": str(amount * 100) if amount is not None else "0",
        "recurring": recurring,
        "lookup_key": lookup_key(catalogue, plan.id, interval, catalogue.currency),
        "metadata": {**metadata, "interval": interval},
    }
