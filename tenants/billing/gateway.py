"""Stripe as billing sees it: few verbs, plain objects, each write safe to send twice."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import orjson

from tenants.stripe_client import make_client, stripe_errors

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    import stripe

    from tenants.settings import PlatformSettings

Json = dict[str, Any]
_RETRIEVE = {"subscription": "subscriptions", "invoice": "invoices", "customer": "customers"}


class StripeGateway:
    """The configured Stripe account.

    Args:
        settings: Name the account; the client is made at the first call.
    """

    def __init__(self, settings: PlatformSettings) -> None:
        self._settings = settings
        self._made: stripe.StripeClient | None = None

    def create_customer(self, params: Json, key: str) -> Json:
        """Create a customer, once for a key."""
        return self._do(lambda v1: v1.customers.create(params, {"idempotency_key": key}))

    def update_customer(self, customer_id: str, params: Json) -> Json:
        """Change a customer."""
        return self._do(lambda v1: v1.customers.update(customer_id, params))

    def attach_payment_method(self, payment_method: str, customer_id: str) -> str:
        """Make a payment method the customer's default and return its id."""
        attached = self._do(lambda v1: v1.payment_methods.attach(payment_method, {"customer": customer_id}))
        default = {"invoice_settings": {"default_payment_method": attached["id"]}}
        self.update_customer(customer_id, default)
        return str(attached["id"])

    def prices(self, params: Json) -> Iterator[Json]:
        """Yield the prices on sale that fit a filter."""
        return self._pages(lambda v1, at: v1.prices.list({**params, "active": True, **at}))

    def create_product(self, params: Json, key: str) -> Json:
        """Create a product, once for a key."""
        return self._do(lambda v1: v1.products.create(params, {"idempotency_key": key}))

    def create_price(self, params: Json, key: str) -> Json:
        """Create a price, once for a key."""
        return self._do(lambda v1: v1.prices.create(params, {"idempotency_key": key}))

    def subscribe(self, params: Json, key: str) -> Json:
        """Create a subscription, once for a key."""
        return self._do(lambda v1: v1.subscriptions.create(params, {"idempotency_key": key}))

    def update_subscription(self, subscription_id: str, params: Json) -> Json:
        """Change a subscription."""
        return self._do(lambda v1: v1.subscriptions.update(subscription_id, params))

    def cancel_subscription(self, subscription_id: str) -> Json:
        """End a subscription at once."""
        return self._do(lambda v1: v1.subscriptions.cancel(subscription_id))

    def resume_subscription(self, subscription_id: str) -> Json:
        """Put a paused subscription back to work, its period starting anew."""
        params: Any = {"billing_cycle_anchor": "now"}
        return self._do(lambda v1: v1.subscriptions.resume(subscription_id, params))

    def subscriptions(self, customer_id: str) -> Iterator[Json]:
        """Yield all subscriptions a customer has or had."""
        params = {"customer": customer_id, "status": "all"}
        return self._pages(lambda v1, at: v1.subscriptions.list({**params, **at}))

    def invoices(self, customer_id: str) -> Iterator[Json]:
        """Yield a customer's invoices, newest first."""
        return self._pages(lambda v1, at: v1.invoices.list({"customer": customer_id, **at}))

    def preview(self, params: Json) -> Json:
        """Return the invoice that a change would lead to."""
        return self._do(lambda v1: v1.invoices.create_preview(params))

    def checkout(self, params: Json) -> Json:
        """Open a Checkout session."""
        return self._do(lambda v1: v1.checkout.sessions.create(params))

    def portal(self, params: Json) -> Json:
        """Open a session of the billing portal."""
        return self._do(lambda v1: v1.billing_portal.sessions.create(params))

    def invoice_items(self, customer_id: str) -> Iterator[Json]:
        """Yield a customer's invoice items, newest first."""
        return self._pages(lambda v1, at: v1.invoice_items.list({"customer": customer_id, **at}))

    def create_invoice_item(self, params: Json, key: str) -> Json:
        """Add an amount to a customer's next invoice, once for a key."""
        return self._do(lambda v1: v1.invoice_items.create(params, {"idempotency_key": key}))

    def retrieve(self, object_type: str, object_id: str) -> Json:
        """Return a customer, subscription or invoice as it is now.

        Raises:
            NotFound: Stripe has no such object.
        """
        return self._do(lambda v1: getattr(v1, _RETRIEVE[object_type]).retrieve(object_id))

    def _do(self, call: Callable[[Any], Any]) -> Json:
        with stripe_errors():
            answer: Json = orjson.loads(call(self._client().v1).last_response.body)
        return answer

    def _pages(self, call: Callable[[Any, Json], Any]) -> Iterator[Json]:
        at: Json = {"limit": 100}
        while True:
            page = self._do(lambda v1, at=at: call(v1, at))  # type: ignore[misc]
            yield from page["data"]
            if not page["has_more"]:
                return
            at = {"limit": 100, "starting_after": page["data"][-1]["id"]}

    def _client(self) -> stripe.StripeClient:
        if self._made is None:
            self._made = make_client(self._settings)
        return self._made
