"""Customers, prices and subscriptions with the least said."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from orchestration.demo.sandbox import Sandbox

Json = dict[str, Any]
START = datetime(2026, 1, 31, 10, tzinfo=UTC)
DAY = timedelta(days=1)


def at(moment: datetime) -> int:
    """Return a time as Stripe spells it."""
    return int(moment.timestamp())


class Shop:
    """Short ways to the API of one sandbox, in process."""

    def __init__(self, sandbox: Sandbox) -> None:
        self.sandbox = sandbox

    def post(self, path: str, **form: Any) -> Json:
        return self.sandbox.call("POST", f"/v1/{path}", form)

    def get(self, path: str, **form: Any) -> Json:
        return self.sandbox.call("GET", f"/v1/{path}", form)

    def delete(self, path: str, **form: Any) -> Json:
        return self.sandbox.call("DELETE", f"/v1/{path}", form)

    def wait(self, **length: float) -> None:
        self.sandbox.advance_to(self.sandbox.now + timedelta(**length))

    def price(self, amount: int | None = 9900, every: str = "month", times: int = 1, **form: Any) -> str:
        recurring = {"interval": every, "interval_count": times, **form.pop("recurring", {})}
        product = self.post("products", name="Starter", metadata={"plan": "starter"})["id"]
        if amount is not None:
            form["unit_amount"] = amount
        form = {"currency": "gbp", **form}
        made = self.post("prices", product=product, recurring=recurring, **form)
        return str(made["id"])

    def customer(self, card: str | None = "pm_card_visa", **form: Any) -> str:
        if card:
            form["payment_method"] = card
        return str(self.post("customers", email="accounts@example.com", **form)["id"])

    def subscribe(self, price: str | None = None, customer: str | None = None, **form: Any) -> Json:
        items = form.pop("items", None) or [{"price": price or self.price()}]
        return self.post("subscriptions", customer=customer or self.customer(), items=items, **form)

    def subscription(self, subscription: Json) -> Json:
        return self.get(f"subscriptions/{subscription['id']}")

    def invoices(self, subscription: Json) -> list[Json]:
        """Return a subscription's invoices, oldest first."""
        found = self.get("invoices", subscription=subscription["id"], limit=100)["data"]
        return list(reversed(found))

    def lines(self, invoice: Json) -> list[tuple[str, int]]:
        return [(line["description"].split(" (")[0], line["amount"]) for line in invoice["lines"]["data"]]

    def events(self, **form: Any) -> list[Json]:
        """Return events, oldest first."""
        found = self.get("events", limit=100, **form)["data"]
        return list(reversed(found))

    def event_types(self, **form: Any) -> list[str]:
        return [event["type"] for event in self.events(**form)]
