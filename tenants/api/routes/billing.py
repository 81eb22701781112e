"""Billing: what a tenant has subscribed to, what a change costs, and where a person pays."""

from __future__ import annotations

from datetime import datetime  # noqa: TC003 - pydantic needs it at run time
from decimal import Decimal  # noqa: TC003 - as above
from typing import TYPE_CHECKING, Annotated, Literal

from fastapi import APIRouter, Depends
from pydantic import BaseModel, ConfigDict, Field, HttpUrl
from starlette.requests import Request  # noqa: TC002 - FastAPI reads the annotation

from tenants.api.access import Granted, allow
from tenants.api.fields import Short  # noqa: TC001 - pydantic needs it at run time
from tenants.api.guarded import GuardedRoute
from tenants.api.idempotency import Once, once
from tenants.api.return_urls import checked_return
from tenants.billing.smaller import notes_on_change
from tenants.billing.state import major, moment

if TYPE_CHECKING:
    from collections.abc import Callable

    from starlette.responses import Response

    from tenants.billing.gateway import Json
    from tenants.billing.service import Billing
    from tenants.billing.state import BillingState

routes = APIRouter(prefix="/v1/billing", tags=["billing"], route_class=GuardedRoute)

Reader = Annotated[Granted, Depends(allow("billing:read", is_billing=True))]
Manager = Annotated[Granted, Depends(allow("billing:manage", is_billing=True))]
OnceAtStripe = Annotated[Once, Depends(once)]
_MOST_SEATS = 10_000
_BACK = "An address of the platform or of one of the tenant's verified domains."


class _In(BaseModel):
    model_config = ConfigDict(extra="forbid")


class PaymentOut(BaseModel):
    """An amount in major units."""

    model_config = ConfigDict(from_attributes=True)

    amount: Decimal
    currency: str
    at: datetime | None
    invoice_id: str | None


class BillingOut(BaseModel):
    """A tenant's billing, as Stripe tells it."""

    model_config = ConfigDict(from_attributes=True)

    status: str
    plan: str
    interval: str | None
    seats: int = Field(description="Users bought beside those of the plan.")
    trial_end: datetime | None
    period_start: datetime | None
    period_end: datetime | None
    cancel_at_period_end: bool
    cancel_at: datetime | None
    payment_failures: int = Field(description="Failed attempts on unpaid invoices of what goes on.")
    last_payment: PaymentOut | None
    next_payment: PaymentOut | None = Field(
        description="The regular amount, before discounts, tax and prorations."
    )
    pay_link: str | None = Field(description="Where the oldest unpaid invoice is paid.")


class InvoiceOut(BaseModel):
    """An invoice."""

    invoice_id: str
    number: str | None
    status: str
    currency: str
    total: Decimal
    amount_due: Decimal
    amount_paid: Decimal
    created_at: datetime | None
    link: str | None
    pdf: str | None


class PlanIn(_In):
    """A plan of the catalogue and how it is paid."""

    plan: Short = Field(examples=["professional"])
    interval: Literal["month", "quarter", "year"] = "month"


class SubscribeIn(PlanIn):
    """A plan, with what pays for it where there is no trial."""

    payment_method: Short | None = Field(None, examples=["pm_card_visa"])


class ChangeIn(PlanIn):
    """A plan to move to."""

    proration: Literal["create_prorations", "always_invoice", "none"] = "create_prorations"


class CheckoutIn(PlanIn):
    """A plan, and where the person comes back to."""

    return_url: HttpUrl = Field(description=_BACK, examples=["https://acme.example.com/billing"])


class PortalIn(_In):
    """Where the person comes back to."""

    return_url: HttpUrl = Field(description=_BACK, examples=["https://acme.example.com/billing"])


class SeatsIn(_In):
    """How many seats beside the plan's."""

    seats: int = Field(ge=0, le=_MOST_SEATS, examples=[3])


class CancelIn(_In):
    """When the subscription ends."""

    at: Literal["period_end", "now"] = "period_end"


class PreviewLineOut(BaseModel):
    """A line of a preview."""

    description: str | None
    amount: Decimal
    is_proration: bool


class PreviewOut(BaseModel):
    """The invoice to which a change would lead."""

    currency: str
    total: Decimal
    amount_due: Decimal
    lines: list[PreviewLineOut]
    notes: list[str] = Field(description="What the plan's quotas mean for what is used already, in words.")


class LinkOut(BaseModel):
    """An address for a person."""

    url: str


@routes.get("", summary="Get the billing state")
def get_billing(granted: Reader) -> BillingOut:
    """Return plan, status, payments and what is due; open also when the subscription is not."""
    return _out(granted, granted.deps.billing.state(granted.tenant))


@routes.get("/invoices", summary="List invoices")
def list_invoices(granted: Reader) -> list[InvoiceOut]:
    """Return the tenant's invoices, newest first."""
    return [_invoice(body) for body in granted.deps.billing.invoices(granted.tenant)]


@routes.post("/subscribe", response_model=BillingOut, summary="Subscribe to a plan")
def subscribe(body: SubscribeIn, granted: Manager, request_once: OnceAtStripe) -> Response:
    """Start a subscription: on trial where the plan has one, else paid at once."""
    tenant, by = granted.tenant, granted.actor
    return _changed(
        granted,
        request_once,
        lambda billing: billing.subscribe(tenant, body.plan, body.interval, by, body.payment_method),
    )


@routes.post("/preview", summary="Preview a change of plan")
def preview_change(body: PlanIn, granted: Reader) -> PreviewOut:
    """Return the invoice to which a change would lead, with its prorations; nothing changes."""
    deps, tenant = granted.deps, granted.tenant
    invoice, wanted = deps.billing.preview(tenant, body.plan, body.interval), (body.plan, body.interval)
    notes = notes_on_change(deps.control, deps.stores, tenant, deps.billing.state(tenant), wanted)
    return _preview(invoice, notes)


@routes.post("/change", response_model=BillingOut, summary="Change plan or interval")
def change_plan(body: ChangeIn, granted: Manager, request_once: OnceAtStripe) -> Response:
    """Move to another plan or interval from now on."""
    tenant, by = granted.tenant, granted.actor
    return _changed(
        granted,
        request_once,
        lambda billing: billing.change(tenant, body.plan, body.interval, by, body.proration),
    )


@routes.post("/seats", response_model=BillingOut, summary="Set the number of further seats")
def set_seats(body: SeatsIn, granted: Manager, request_once: OnceAtStripe) -> Response:
    """Set how many users beside the plan's are paid for."""
    tenant, by = granted.tenant, granted.actor
    return _changed(granted, request_once, lambda billing: billing.set_seats(tenant, body.seats, by))


@routes.post("/cancel", response_model=BillingOut, summary="Cancel the subscription")
def cancel(body: CancelIn, granted: Manager, request_once: OnceAtStripe) -> Response:
    """End the subscription at the end of its period, or now."""
    tenant, by, is_now = granted.tenant, granted.actor, body.at == "now"
    return _changed(granted, request_once, lambda billing: billing.cancel(tenant, by, now=is_now))


@routes.post("/resume", response_model=BillingOut, summary="Resume the subscription")
def resume(granted: Manager, request_once: OnceAtStripe) -> Response:
    """Take back a scheduled cancellation, or wake a paused subscription."""
    tenant, by = granted.tenant, granted.actor
    return _changed(granted, request_once, lambda billing: billing.resume(tenant, by))


@routes.post("/checkout", response_model=LinkOut, summary="Open Checkout")
def open_checkout(
    request: Request, body: CheckoutIn, granted: Manager, request_once: OnceAtStripe
) -> Response:
    """Return the address at which a person subscribes with a card."""
    tenant, by, back = granted.tenant, granted.actor, checked_return(request, granted, body.return_url)
    return _linked(
        granted,
        request_once,
        lambda billing: billing.checkout(tenant, body.plan, body.interval, back, by),
    )


@routes.post("/portal", response_model=LinkOut, summary="Open the billing portal")
def open_portal(request: Request, body: PortalIn, granted: Manager, request_once: OnceAtStripe) -> Response:
    """Return the address at which a person pays, changes the card and reads invoices."""
    tenant, by, back = granted.tenant, granted.actor, checked_return(request, granted, body.return_url)
    return _linked(granted, request_once, lambda billing: billing.portal(tenant, back, by))


def _changed(granted: Granted, request_once: Once, act: Callable[[Billing], BillingState]) -> Response:
    billing = granted.deps.billing.under(request_once.key_elsewhere(granted))
    return request_once.run_elsewhere(granted, lambda: _out(granted, act(billing)), BillingOut)


def _linked(granted: Granted, request_once: Once, act: Callable[[Billing], str]) -> Response:
    billing = granted.deps.billing.under(request_once.key_elsewhere(granted))
    return request_once.run_elsewhere(granted, lambda: LinkOut(url=act(billing)), LinkOut)


def _out(granted: Granted, state: BillingState) -> BillingOut:
    tenant = granted.deps.control.tenants.get(granted.tenant.tenant_id)
    names = set(BillingOut.model_fields) - {"status", "plan"}
    fields = {name: getattr(state, name) for name in names}
    return BillingOut.model_validate({"status": tenant.status, "plan": tenant.plan, **fields})


def _invoice(body: Json) -> InvoiceOut:
    currency = str(body["currency"])
    return InvoiceOut(
        invoice_id=body["id"],
        number=body.get("number"),
        status=body.get("status") or "draft",
        currency=currency.upper(),
        total=major(body["total"], currency),
        amount_due=major(body["amount_due"], currency),
        amount_paid=major(body["amount_paid"], currency),
        created_at=moment(body["created"]),
        link=body.get("hosted_invoice_url"),
        pdf=body.get("invoice_pdf"),
    )


def _preview(body: Json, notes: list[str]) -> PreviewOut:
    currency = str(body["currency"])
    return PreviewOut(
        currency=currency.upper(),
        total=major(body["total"], currency),
        amount_due=major(body["amount_due"], currency),
        lines=[
            PreviewLineOut(
                description=line.get("description"),
                amount=major(line["amount"], currency),
                is_proration=_is_proration(line),
            )
            for line in body["lines"]["data"]
        ],
        notes=notes,
    )


def _is_proration(line: Json) -> bool:
    parent = line.get("parent") or {}
    details = parent.get("subscription_item_details") or parent.get("invoice_item_details") or {}
    return bool(details.get("proration"))
