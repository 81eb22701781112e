"""Ends at Stripe what would go on charging a tenant that is being erased, and takes names off its customers.

What is to be ended is noted before it is, and what is certified is read at Stripe afterwards; a canceled
subscription bears the erasure's anonymous id as its comment. So a run that repeats one that was cut off
certifies what that one did, and claims nothing that somebody else did.
"""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING

from tenants.billing.ending_records import (
    ACTS,
    DONE,
    NO_CUSTOMER,
    NO_KEY,
    NO_LONGER,
    NOT_DONE,
    Ending,
    Held,
    StillCharged,
)
from tenants.billing.facts import facts_of_customer
from tenants.billing.state import ENDED
from tenants.billing.uncharged import uncharged_at_stripe, uncharged_here
from tenants.errors import InvalidInput, NotFound, PlatformError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from tenants.billing.gateway import Json, StripeGateway
    from tenants.control import ControlPlane
    from tenants.stores import TenantStores
    from tenants.tenancy import Tenant

# What a customer's object holds of people: https://docs.stripe.com/api/customers/update
_PERSONAL = ("email", "phone", "description", "address", "shipping", "business_name", "individual_name")
_ON_INVOICES = ("custom_fields", "footer")


def running(control: ControlPlane, tenant: Tenant) -> list[str]:
    """Return the ids of a tenant's subscriptions that go on, or could, as far as Stripe told us."""
    if tenant.stripe_customer_id is None:
        return []
    with control.database.read() as connection:
        facts = facts_of_customer(connection, tenant.stripe_customer_id)
    subscriptions = (fact for fact in facts if fact.object_type == "subscription")
    return [fact.object_id for fact in subscriptions if fact.body["status"] not in ENDED]


def held_at_stripe(gateway: StripeGateway, customers: Iterable[str]) -> Held:
    """Return what Stripe has of customers and an erasure ends there; nothing changes."""
    found = Held()
    for customer in sorted(customers):
        if _customer(gateway, customer) is None:
            found = found.with_(Held(missing_customers=[customer]))
            continue
        of_customer = Held(
            pages=_ids(gateway.open_checkouts(customer)),
            schedules=_ids(gateway.waiting_schedules(customer)),
            subscriptions=_ids(
                each for each in gateway.subscriptions(customer) if each["status"] not in ENDED
            ),
            payment_methods=_ids(gateway.payment_methods(customer)),
            customers=[customer],
        )
        found = found.with_(of_customer)
    return found


def planned(
    control: ControlPlane,
    stores: TenantStores,
    gateway: StripeGateway,
    tenant: Tenant,
    customers: frozenset[str],
) -> list[str]:
    """Return what an erasure would end at Stripe, and would not charge, a line each; nothing changes."""
    if not customers:
        return [NO_CUSTOMER]
    waived = [f"not charged: {each}" for each in uncharged_here(control, stores, tenant)]
    if control.settings.stripe_api_key is None:
        return ["No Stripe key is set: an erasure would end nothing there.", *waived]
    try:
        held = held_at_stripe(gateway, customers)
        waived += [f"not charged: {each}" for each in uncharged_at_stripe(gateway, held.customers)]
    except PlatformError as error:
        return [f"{error.message} What runs there is not known now; an erasure would wait.", *waived]
    lines = [f"{act}: {each}" for name, act in ACTS.items() for each in getattr(held, name)]
    return lines + waived


class Ender:
    """Ends what one tenant has at Stripe, for its erasure.

    Args:
        control: What is not charged yet.
        stores: What was used.
        gateway: The Stripe account.
        anonymous_id: The erasure's.
    """

    def __init__(
        self, control: ControlPlane, stores: TenantStores, gateway: StripeGateway, anonymous_id: str
    ) -> None:
        self._control = control
        self._stores = stores
        self._gateway = gateway
        self._anonymous_id = anonymous_id

    def end(
        self, tenant: Tenant, customers: frozenset[str], earlier: Held, note: Callable[[Held], None]
    ) -> Ending:
        """End everything at once; repeating it does no harm.

        Args:
            tenant: Whose.
            customers: Its customers at Stripe.
            earlier: What an interrupted run noted.
            note: Keeps what is about to be ended.

        Raises:
            StillCharged: Stripe does not answer, or refuses.
        """
        known = customers | set(earlier.customers)
        if not known:
            return Ending(note=NO_CUSTOMER)
        waived = uncharged_here(self._control, self._stores, tenant)
        if self._control.settings.stripe_api_key is None:
            return Ending(note=NO_KEY, unverified=earlier, not_charged=waived)
        try:
            return self._end(known, waived, earlier, note)
        except PlatformError as error:
            message = (
                f"{self._anonymous_id} is not erased yet, as what it has at Stripe could not be ended "
                f"({error.message.rstrip('.')}); the next run tries again."
            )
            raise StillCharged(message, reason=error.code) from error

    def _end(
        self, customers: Iterable[str], waived: list[str], earlier: Held, note: Callable[[Held], None]
    ) -> Ending:
        held = held_at_stripe(self._gateway, customers)
        wanted = held.with_(earlier).with_(self._ended_before(held.customers))
        if not wanted.customers:
            return Ending(done=wanted, note=NO_LONGER, not_charged=waived)
        note(wanted)
        waived = waived + uncharged_at_stripe(self._gateway, held.customers)
        self._close_pages(held)
        # Someone may have paid on a page in the instant in which it was closed.
        late = held_at_stripe(self._gateway, held.customers)
        note(wanted := wanted.with_(late))
        for each in late.schedules:
            with suppress(NotFound):
                self._gateway.cancel_schedule(each)
        for each in late.subscriptions:
            with suppress(NotFound):  # it ended by itself in the meantime
                self._gateway.cancel_subscription(each, self._anonymous_id)
        for each in late.payment_methods:
            self._gateway.detach_payment_method(each)
        for each in late.customers:
            self._take_names_off(each)
        return self._certified(wanted, waived)

    def _ended_before(self, customers: Iterable[str]) -> Held:
        """Return the subscriptions that ended since the request, which let them run out."""
        found = (each for customer in customers for each in self._gateway.subscriptions(customer))
        return Held(subscriptions=_ids(each for each in found if self._is_ours(each)))

    def _close_pages(self, held: Held) -> None:
        for each in held.pages:
            with suppress(NotFound, InvalidInput):  # completed or expired in the meantime
                self._gateway.expire_checkout(each)

    def _take_names_off(self, customer_id: str) -> None:
        body = self._gateway.retrieve("customer", customer_id)
        given = body.get("invoice_settings") or {}
        params: Json = {name: "" for name in _PERSONAL if body.get(name)}
        params["name"] = self._anonymous_id
        params["metadata"] = {**dict.fromkeys(body["metadata"], ""), "tenant_id": self._anonymous_id}
        on_invoices = {name: "" for name in _ON_INVOICES if given.get(name)}
        if on_invoices:
            params["invoice_settings"] = on_invoices
        self._gateway.update_customer(customer_id, params)

    def _certified(self, wanted: Held, waived: list[str]) -> Ending:
        """Read at Stripe what became of what was to be ended."""
        done: dict[str, list[str]] = {"missing_customers": wanted.missing_customers}
        otherwise = []
        for name, (kind, is_done) in self._proofs().items():
            named: list[str] = getattr(wanted, name)
            done[name] = [each for each in named if self._is_done(kind, each, is_done)]
            otherwise += [each for each in named if each not in done[name]]
        running = held_at_stripe(self._gateway, wanted.customers)
        if running.pages or running.schedules or running.subscriptions or running.payment_methods:
            message = "Something new began there at the same time."
            raise StillCharged(message)
        return Ending(
            done=Held(**done),
            ended_otherwise=otherwise,
            not_charged=waived,
            note=DONE,
            not_done=NOT_DONE,
        )

    def _proofs(self) -> dict[str, tuple[str, Callable[[Json], bool]]]:
        return {
            "pages": ("checkout.session", lambda body: body["status"] == "expired"),
            "schedules": ("subscription_schedule", lambda body: body["status"] == "canceled"),
            "subscriptions": ("subscription", self._is_ours),
            "payment_methods": ("payment_method", lambda body: body["customer"] is None),
            "customers": ("customer", self._is_anonymous),
        }

    def _is_done(self, kind: str, object_id: str, is_done: Callable[[Json], bool]) -> bool:
        try:
            return is_done(self._gateway.retrieve(kind, object_id))
        except NotFound:  # somebody removed it
            return False

    def _is_ours(self, subscription: Json) -> bool:
        return (subscription.get("cancellation_details") or {}).get("comment") == self._anonymous_id

    def _is_anonymous(self, customer: Json) -> bool:
        return (customer.get("metadata") or {}).get("tenant_id") == self._anonymous_id


def _customer(gateway: StripeGateway, customer_id: str) -> Json | None:
    try:
        body = gateway.retrieve("customer", customer_id)
    except NotFound:
        return None
    return None if body.get("deleted") else body


def _ids(bodies: Iterable[Json]) -> list[str]:
    return sorted(str(each["id"]) for each in bodies)
