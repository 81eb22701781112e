"""What a tenant does with its subscription; Stripe decides, and what it answers is taken in at once."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal

from tenants.audit.records import Change
from tenants.billing import prices
from tenants.billing.applying import Applier
from tenants.billing.facts import facts_of_customer
from tenants.billing.single import ASKED_AS, Single, already_subscribed
from tenants.billing.state import RUNNING, BillingState, plan_items, read_state, seat_items
from tenants.errors import Conflict, InvalidInput

if TYPE_CHECKING:
    from tenants.audit import Actor
    from tenants.billing.gateway import Json, StripeGateway
    from tenants.billing.inbox import Inbox
    from tenants.control import ControlPlane
    from tenants.tenancy import Tenant

Proration = Literal["create_prorations", "always_invoice", "none"]


class Billing:
    """Subscriptions of tenants.

    Args:
        control: The tenants.
        inbox: Where Stripe's events arrive.
        gateway: The Stripe account.
    """

    def __init__(self, control: ControlPlane, inbox: Inbox, gateway: StripeGateway) -> None:
        self._control = control
        self._inbox = inbox
        self._gateway = gateway
        self.applier = Applier(control, inbox, gateway)
        self._single = Single(control, self.applier, gateway)

    def under(self, request_key: str | None) -> Billing:
        """Return billing for one request, all of whose writes at Stripe bear its key."""
        if request_key is None:
            return self
        return Billing(self._control, self._inbox, self._gateway.under(request_key))

    def state(self, tenant: Tenant) -> BillingState:
        """Return a tenant's billing as Stripe's facts tell it."""
        if tenant.stripe_customer_id is None:
            return BillingState()
        with self._control.database.read() as connection:
            return read_state(
                facts_of_customer(connection, tenant.stripe_customer_id), self._control.catalogue
            )

    def invoices(self, tenant: Tenant) -> list[Json]:
        """Return the tenant's invoices, newest first."""
        if tenant.stripe_customer_id is None:
            return []
        with self._control.database.read() as connection:
            facts = facts_of_customer(connection, tenant.stripe_customer_id)
        bodies = [fact.body for fact in facts if fact.object_type == "invoice"]
        return sorted(bodies, key=lambda body: (body["created"], body["id"]), reverse=True)

    def ensure_customer(self, tenant: Tenant, by: Actor) -> str:
        """Return the tenant's Stripe customer, made with our tenant id in its metadata."""
        if tenant.stripe_customer_id is not None:
            return tenant.stripe_customer_id
        params = {"name": tenant.name, "metadata": {"tenant_id": tenant.tenant_id}}
        if tenant.billing_email:
            params["email"] = tenant.billing_email
        customer = self._gateway.create_customer(params, f"customer:{tenant.tenant_id}")
        self._control.tenants.update(
            tenant.tenant_id, by, "customer_created", stripe_customer_id=customer["id"]
        )
        self.applier.learn(customer)
        return str(customer["id"])

    def subscribe(
        self, tenant: Tenant, plan: str, interval: str, by: Actor, payment_method: str | None = None
    ) -> BillingState:
        """Start a subscription: on trial where the plan has one and none was used, else paid at once.

        Raises:
            Conflict: There is one already, or another request is starting one.
            InvalidInput: The plan is not sold so, or it needs a payment method.
            PaymentRequired: The card was declined.
        """
        with self._single.beginning(tenant) as present:
            before, trial_days = self._before(present, plan)
            if not trial_days and payment_method is None:
                message = "This plan is paid from the first day; add a payment method or use Checkout."
                raise InvalidInput(message, "payment_method_required")
            price = prices.find_price(self._gateway, self._control.catalogue, plan, interval)
            key = f"subscribe:{tenant.tenant_id}:{before}:{price}:{payment_method}"
            customer = self.ensure_customer(present, by)
            self._single.close_pages(customer)
            begun = self._single.own_or_none(customer, key)
            if begun is None:
                params: Json = {
                    "customer": customer,
                    "items": [{"price": price}],
                    "metadata": {"tenant_id": tenant.tenant_id, ASKED_AS: key},
                }
                begun = self._begin(params, key, payment_method, trial_days)
            return self._learned(present, begun, "subscribed", by, plan=plan)

    def preview(self, tenant: Tenant, plan: str, interval: str) -> Json:
        """Return the invoice to which a change of plan would lead, prorations included."""
        subscription = self._current(tenant)
        details = {"items": self._swap(subscription, plan, interval), "proration_behavior": "always_invoice"}
        return self._gateway.preview({"subscription": subscription["id"], "subscription_details": details})

    def change(
        self, tenant: Tenant, plan: str, interval: str, by: Actor, proration: Proration = "create_prorations"
    ) -> BillingState:
        """Move to another plan or interval from this moment on.

        Raises:
            Conflict: Nothing is subscribed.
            InvalidInput: The plan is not sold so.
        """
        subscription = self._current(tenant)
        params: Json = {
            "items": self._swap(subscription, plan, interval),
            "proration_behavior": proration,
            "payment_behavior": "error_if_incomplete",
        }
        changed = self._gateway.update_subscription(subscription["id"], params)
        return self._learned(tenant, changed, "plan_changed", by, plan=plan, interval=interval)

    def set_seats(self, tenant: Tenant, seats: int, by: Actor) -> BillingState:
        """Set how many seats are bought beside the plan's; 0 gives all of them back."""
        subscription = self._current(tenant)
        items = seat_items(subscription)
        item: Json = {"id": items[0]["id"]} if items else {}
        if not items and seats:
            now = self.state(tenant)
            item["price"] = prices.find_seat_price(
                self._gateway, now.interval or "month", str(subscription["currency"])
            )
        if not item:
            return self.state(tenant)
        wanted: Json = {**item, "quantity": seats} if seats else {**item, "deleted": True}
        changed = self._gateway.update_subscription(
            subscription["id"], {"items": [wanted], "proration_behavior": "create_prorations"}
        )
        return self._learned(tenant, changed, "seats_changed", by, seats=seats)

    def cancel(self, tenant: Tenant, by: Actor, *, now: bool = False) -> BillingState:
        """End the subscription, at the end of what is paid or at once."""
        subscription = self._current(tenant)
        if now:
            ended = self._gateway.cancel_subscription(subscription["id"])
        else:
            ended = self._gateway.update_subscription(subscription["id"], {"cancel_at_period_end": True})
        return self._learned(tenant, ended, "subscription_canceled", by, now=now)

    def resume(self, tenant: Tenant, by: Actor) -> BillingState:
        """Take back a scheduled cancellation, or wake a paused subscription.

        Raises:
            Conflict: Neither applies.
        """
        subscription = self._current(tenant)
        if subscription["status"] == "paused":
            woken = self._gateway.resume_subscription(subscription["id"])
        elif subscription.get("cancel_at_period_end") or subscription.get("cancel_at"):
            is_at_end = bool(subscription.get("cancel_at_period_end"))
            undo: Json = {"cancel_at_period_end": False} if is_at_end else {"cancel_at": ""}
            woken = self._gateway.update_subscription(subscription["id"], undo)
        else:
            message = "The subscription is running and not about to end; there is nothing to resume."
            raise Conflict(message, "nothing_to_resume")
        return self._learned(tenant, woken, "subscription_resumed", by)

    def checkout(self, tenant: Tenant, plan: str, interval: str, back: str, by: Actor) -> str:
        """Return the address at which a person subscribes with a card; earlier such pages are closed.

        Raises:
            Conflict: There is a subscription already, or another request is starting one.
        """
        with self._single.beginning(tenant) as present:
            _, trial_days = self._before(present, plan)
            data: Json = {"metadata": {"tenant_id": tenant.tenant_id}}
            if trial_days:
                data["trial_period_days"] = trial_days
            price = prices.find_price(self._gateway, self._control.catalogue, plan, interval)
            customer = self.ensure_customer(present, by)
            session = self._gateway.checkout({
                "mode": "subscription",
                "customer": customer,
                "line_items": [{"price": price, "quantity": 1}],
                "subscription_data": data,
                "success_url": back,
                "cancel_url": back,
            })  # fmt: skip
            self._only_page(customer, session["id"])
            return str(session["url"])

    def portal(self, tenant: Tenant, back: str, by: Actor) -> str:
        """Return the address at which a person pays, changes the card and reads invoices."""
        customer = self.ensure_customer(tenant, by)
        return str(self._gateway.portal({"customer": customer, "return_url": back})["url"])

    def _before(self, tenant: Tenant, plan: str) -> tuple[str, int]:
        """Return the subscription before a new one, `first` for none, and the days of trial that it has."""
        now = self.state(tenant)
        if now.stripe_status in RUNNING:
            raise already_subscribed(now.plan)
        trial_days = 0 if now.subscription_id else self._control.catalogue.plan(plan).trial_days
        return now.subscription_id or "first", trial_days

    def _begin(self, params: Json, key: str, payment_method: str | None, trial_days: int) -> Json:
        params["payment_behavior"] = "error_if_incomplete"
        if payment_method is not None:
            attached = self._gateway.attach_payment_method(payment_method, params["customer"])
            params["default_payment_method"] = attached
        if trial_days:
            params["trial_period_days"] = trial_days
            params["trial_settings"] = {"end_behavior": {"missing_payment_method": "pause"}}
        return self._gateway.subscribe(params, key)

    def _only_page(self, customer: str, session_id: str) -> None:
        self._single.close_pages(customer, but=session_id)
        try:
            self._single.own_or_none(customer)
        except Conflict:
            self._single.close_pages(customer)
            raise

    def _current(self, tenant: Tenant) -> Json:
        now = self.state(tenant)
        if now.subscription_id is None or now.stripe_status not in RUNNING:
            message = "There is no running subscription; subscribe to a plan first."
            raise Conflict(message, "not_subscribed")
        return self._gateway.retrieve("subscription", now.subscription_id)

    def _swap(self, subscription: Json, plan: str, interval: str) -> list[Json]:
        currency = str(subscription["currency"]).upper()
        price = prices.find_price(self._gateway, self._control.catalogue, plan, interval, currency)
        items = [item for _, item in plan_items(subscription, self._control.catalogue)]
        items = items or subscription["items"]["data"]
        return [{"id": items[0]["id"], "price": price}]

    def _learned(self, tenant: Tenant, body: Json, action: str, by: Actor, **detail: Any) -> BillingState:  # noqa: ANN401 - facts of an audit entry
        change = Change(
            action=action,
            object_type="subscription",
            object_id=str(body["id"]),
            tenant_id=tenant.tenant_id,
            detail=detail,
        )
        self._control.audit.record(by, change)
        self.applier.learn(body)
        return self.state(self._control.tenants.get(tenant.tenant_id))
