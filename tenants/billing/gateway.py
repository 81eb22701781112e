"""Stripe as billing sees it: few verbs, plain objects, each write safe to send twice."""

from __future__ import annotations

from hashlib import sha256
from operator import attrgetter
from typing import TYPE_CHECKING, Any

import orjson

from tenants.stripe_client import make_client, stripe_errors

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    import stripe

    from tenants.settings import PlatformSettings

Json = dict[str, Any]
_RETRIEVE = {
    "subscription": attrgetter("subscriptions"),
    "subscription_schedule": attrgetter("subscription_schedules"),
    "checkout.session": attrgetter("checkout.sessions"),
    "invoice": attrgetter("invoices"),
    "customer": attrgetter("customers"),
    "payment_method": attrgetter("payment_methods"),
}


class StripeGateway:
    """The configured Stripe account.

    Args:
        settings: Name the account; the client is made at the first call.
        request_key: Makes each write of one request happen once, however often it is retried.
    """

    def __init__(self, settings: PlatformSettings, request_key: str | None = None) -> None:
        self._settings = settings
        self._request_key = request_key
        self._made: stripe.StripeClient | None = None

    def under(self, request_key: str) -> StripeGateway:
        """Return the same account for one request."""
        return StripeGateway(self._settings, request_key)

    def create_customer(self, params: Json, key: str) -> Json:
        """Create a customer, once for a key."""
        return self._do(lambda v1: v1.customers.create(params, {"idempotency_key": key}))

    def update_customer(self, customer_id: str, params: Json) -> Json:
        """Change a customer."""
        return self._do(lambda v1: v1.customers.update(customer_id, params, self._once(customer_id, params)))

    def attach_payment_method(self, payment_method: str, customer_id: str) -> str:
        """Make a payment method the customer's default and return its id."""
        params: Json = {"customer": customer_id}
        once = self._once(payment_method, params)
        attached = self._do(lambda v1: v1.payment_methods.attach(payment_method, params, once))
        default = {"invoice_settings": {"default_payment_method": attached["id"]}}
        self.update_customer(customer_id, default)
        return str(attached["id"])

    def payment_methods(self, customer_id: str) -> Iterator[Json]:
        """Yield the cards and accounts that a customer pays with."""
        return self._pages(lambda v1, at: v1.customers.payment_methods.list(customer_id, at))

    def detach_payment_method(self, payment_method: str) -> Json:
        """Take a payment method from its customer, for good."""
        return self._do(lambda v1: v1.payment_methods.detach(payment_method))

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
        once = self._once(subscription_id, params)
        return self._do(lambda v1: v1.subscriptions.update(subscription_id, params, once))

    def cancel_subscription(self, subscription_id: str, comment: str | None = None) -> Json:
        """End a subscription at once, with a comment that it keeps."""
        params: Json = {"cancellation_details": {"comment": comment}} if comment else {}
        return self._do(lambda v1: v1.subscriptions.cancel(subscription_id, params))

    def waiting_schedules(self, customer_id: str) -> Iterator[Json]:
        """Yield the schedules that will begin a subscription of a customer."""
        params = {"customer": customer_id, "scheduled": True}
        return self._pages(lambda v1, at: v1.subscription_schedules.list({**params, **at}))

    def cancel_schedule(self, schedule_id: str) -> Json:
        """End a schedule that waits."""
        return self._do(lambda v1: v1.subscription_schedules.cancel(schedule_id))

    def resume_subscription(self, subscription_id: str) -> Json:
        """Put a paused subscription back to work, its period starting anew."""
        params: Any = {"billing_cycle_anchor": "now"}
        once = self._once(subscription_id, params)
        return self._do(lambda v1: v1.subscriptions.resume(subscription_id, params, once))

    def subscriptions(self, customer_id: str | None = None) -> Iterator[Json]:
        """Yield all subscriptions that a customer, or the whole account, has or had."""
        params = {"status": "all", **({"customer": customer_id} if customer_id else {})}
        return self._pages(lambda v1, at: v1.subscriptions.list({**params, **at}))

    def invoices(self, customer_id: str | None = None) -> Iterator[Json]:
        """Yield the invoices of a customer, or of the whole account, newest first."""
        params = {"customer": customer_id} if customer_id else {}
        return self._pages(lambda v1, at: v1.invoices.list({**params, **at}))

    def create_invoice(self, params: Json) -> Json:
        """Draft an invoice by hand, a new one at each call."""
        return self._do(lambda v1: v1.invoices.create(params))

    def put_on_invoice(self, invoice_id: str, item_ids: list[str]) -> Json:
        """Put pending items on a draft; which of them are on one already, Stripe refuses."""
        params: Json = {"lines": [{"invoice_item": each} for each in item_ids]}
        return self._do(lambda v1: v1.invoices.add_lines(invoice_id, params))

    def preview(self, params: Json) -> Json:
        """Return the invoice that a change would lead to."""
        return self._do(lambda v1: v1.invoices.create_preview(params))

    def checkout(self, params: Json) -> Json:
        """Open a Checkout session."""
        return self._do(lambda v1: v1.checkout.sessions.create(params, self._once("checkout", params)))

    def open_checkouts(self, customer_id: str) -> Iterator[Json]:
        """Yield the Checkout sessions that a customer can still complete."""
        params = {"customer": customer_id, "status": "open"}
        return self._pages(lambda v1, at: v1.checkout.sessions.list({**params, **at}))

    def expire_checkout(self, session_id: str) -> Json:
        """Close a Checkout session that nobody completed."""
        return self._do(lambda v1: v1.checkout.sessions.expire(session_id))

    def portal(self, params: Json) -> Json:
        """Open a session of the billing portal."""
        return self._do(lambda v1: v1.billing_portal.sessions.create(params, self._once("portal", params)))

    def invoice_items(self, customer_id: str) -> Iterator[Json]:
        """Yield a customer's invoice items, newest first."""
        return self._pages(lambda v1, at: v1.invoice_items.list({"customer": customer_id, **at}))

    def create_invoice_item(self, params: Json, key: str) -> Json:
        """Add an amount to a customer's next invoice, once for a key."""
        return self._do(lambda v1: v1.invoice_items.create(params, {"idempotency_key": key}))

    def retrieve(self, object_type: str, object_id: str) -> Json:
        """Return an object as it is now, by its type.

        Raises:
            NotFound: Stripe has no such object.
        """
        return self._do(lambda v1: _RETRIEVE[object_type](v1).retrieve(object_id))

    def _once(self, target: str, params: Json) -> Any:  # noqa: ANN401 - Stripe's options
        if self._request_key is None:
            return {}
        told = orjson.dumps([target, params], option=orjson.OPT_SORT_KEYS)
        return {"idempotency_key": f"{self._request_key}:{sha256(told).hexdigest()}"}

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
