"""What an erasure finds at Stripe, and what it has done there, as its certificate says it."""

from __future__ import annotations

from typing import Self

import msgspec

from tenants.errors import Unavailable


class StillCharged(Unavailable):
    """Stripe did not end everything, so the tenant is not erased yet."""

    default_code = "not_ended_at_stripe"


class Held(msgspec.Struct, frozen=True, kw_only=True):
    """Ids of what Stripe has of a tenant and an erasure ends there.

    Attributes:
        pages: Checkout pages that could still be paid.
        schedules: Those that would begin a subscription later.
        subscriptions: Those that go on, or could.
        payment_methods: Cards and accounts that could be charged.
        customers: They lose what names people.
        missing_customers: Known here, and not, or no longer, at Stripe.
    """

    pages: list[str] = []
    schedules: list[str] = []
    subscriptions: list[str] = []
    payment_methods: list[str] = []
    customers: list[str] = []
    missing_customers: list[str] = []

    def __bool__(self) -> bool:
        """Whether there is anything."""
        return any(msgspec.structs.astuple(self))

    def with_(self, other: Held) -> Self:
        """Return all that is in either, each once."""
        both = {
            name: sorted({*getattr(self, name), *getattr(other, name)}) for name in self.__struct_fields__
        }
        return type(self)(**both)


class Ending(msgspec.Struct, frozen=True, kw_only=True):
    """What an erasure did at Stripe, read there when it was done.

    Attributes:
        done: What was ended, detached or stripped of names.
        ended_otherwise: What an interrupted run was about to end, and someone else did.
        unverified: What an interrupted run was about to end, while no key is set to look whether it did.
        not_charged: What was used and is not charged any more, or not by itself.
        note: What was done, for a person.
        not_done: What was not.
    """

    done: Held = Held()
    ended_otherwise: list[str] = []
    unverified: Held = Held()
    not_charged: list[str] = []
    note: str
    not_done: str | None = None


# What is done to each kind, in this order.
ACTS = {
    "pages": "close Checkout page",
    "schedules": "cancel schedule",
    "subscriptions": "cancel subscription",
    "payment_methods": "detach payment method",
    "customers": "take names off customer",
    "missing_customers": "nothing, as Stripe does not have it: customer",
}

NO_CUSTOMER = "The tenant had no customer at Stripe; there was nothing to end."
NO_LONGER = "Stripe does not have the customer any more; there was nothing to end."
NO_KEY = (
    "No Stripe key is set: nothing was ended or changed there. A subscription may still run and charge, "
    "and its customer keeps name and addresses; end it in Stripe itself."
)
DONE = (
    "Open Checkout pages were closed; waiting schedules and running subscriptions were canceled at once, "
    "without a last invoice or a refund. Payment methods were detached. Name, e-mail, telephone, addresses "
    "and metadata of the customers gave way to the anonymous id."
)
NOT_DONE = (
    "The customers were not deleted, as refunds, disputes and debts belong to them. Invoices, credit notes, "
    "charges and tax numbers keep the names they were made out to, as financial records; they and the "
    "subscriptions that have ended keep the account's random id. Events at Stripe tell of what was before "
    "for 30 days. Redacting invoices and charges is up to the account's owner, in Stripe."
)
