"""`loki billing`: subscriptions, invoices, prices, overage, and the comparison with Stripe."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, Any

import typer

from tenants.commands.platform import Form, operator, platform, say, say_aside, show

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tenants.billing.gateway import StripeGateway
    from tenants.billing.service import Billing
    from tenants.billing.state import BillingState
    from tenants.control import ControlPlane
    from tenants.stores import TenantStores
    from tenants.tasks import Kind
    from tenants.tenancy import Tenant

app = typer.Typer(
    add_completion=False, no_args_is_help=True, help="Subscriptions, invoices and comparison with Stripe."
)

_NO_SEATS = (
    "Seats beside a plan's are not sold: the catalogue has no price for them. To sell them make one in "
    "Stripe, recurring and with the metadata plan=seats, for each interval."
)
Which = Annotated[str, typer.Argument(help="Id or slug of the tenant.")]
PlanName = Annotated[str, typer.Argument(help="A plan of the catalogue.")]
Interval = Annotated[str, typer.Option(help="month, quarter or year.")]
Shape = Annotated[Form, typer.Option("--format", help="How rows are written.")]


@app.command("show")
def show_state(tenant: Which, form: Shape = Form.table) -> None:
    """Show a tenant's subscription, payments and what is due."""
    with _desk() as desk:
        show([_row(desk.billing.state(desk.control.tenants.find(tenant)))], form)


@app.command()
def invoices(tenant: Which, form: Shape = Form.table) -> None:
    """List a tenant's invoices, newest first."""
    from tenants.billing.state import major, moment  # noqa: PLC0415 - start-up time

    with _desk() as desk:
        rows = [
            {
                "invoice": body["id"],
                "status": body["status"],
                "created_at": moment(body["created"]),
                "due": f"{major(body['amount_due'], body['currency'])} {body['currency'].upper()}",
                "paid": f"{major(body['amount_paid'], body['currency'])} {body['currency'].upper()}",
            }
            for body in desk.billing.invoices(desk.control.tenants.find(tenant))
        ]
        show(rows, form)


@app.command()
def subscribe(
    tenant: Which,
    plan: PlanName,
    interval: Interval = "month",
    payment_method: Annotated[str | None, typer.Option(help="Stripe's id of what pays.")] = None,
) -> None:
    """Start a subscription: on trial where the plan has one, else paid at once."""
    with _desk() as desk:
        found = desk.control.tenants.find(tenant)
        show([_row(desk.billing.subscribe(found, plan, interval, operator(), payment_method))], Form.table)


@app.command()
def change(
    tenant: Which,
    plan: PlanName,
    interval: Interval = "month",
    preview: Annotated[bool, typer.Option("--preview", help="Show the invoice; change nothing.")] = False,  # noqa: FBT002 - a flag
) -> None:
    """Move a tenant to another plan or interval, with proration."""
    from tenants.billing.smaller import notes_on_change  # noqa: PLC0415 - start-up time
    from tenants.billing.state import major  # noqa: PLC0415 - as above

    with _desk() as desk:
        found = desk.control.tenants.find(tenant)
        if preview:
            invoice = desk.billing.preview(found, plan, interval)
            currency = str(invoice["currency"])
            lines = [(line["description"], line["amount"]) for line in invoice["lines"]["data"]]
            told = [*lines, ("Total", invoice["total"]), ("Due now", invoice["amount_due"])]
            rows = [
                {"line": name, "amount": f"{major(minor, currency)} {currency.upper()}"}
                for name, minor in told
            ]
            notes = notes_on_change(
                desk.control, desk.stores, found, desk.billing.state(found), (plan, interval)
            )
            show(rows, Form.table)
            for note in notes:
                say(note)
            return
        show([_row(desk.billing.change(found, plan, interval, operator()))], Form.table)


@app.command()
def cancel(
    tenant: Which,
    now: Annotated[bool, typer.Option("--now", help="At once, not at the end of the period.")] = False,  # noqa: FBT002 - a flag
) -> None:
    """End a tenant's subscription."""
    with _desk() as desk:
        found = desk.control.tenants.find(tenant)
        show([_row(desk.billing.cancel(found, operator(), now=now))], Form.table)


@app.command()
def seats(
    tenant: Which,
    number: Annotated[int, typer.Argument(min=0, max=10_000, help="Users beside those of the plan.")],
) -> None:
    """Set how many seats a tenant buys beside its plan's; 0 gives all of them back."""
    with _desk() as desk:
        found = desk.control.tenants.find(tenant)
        show([_row(desk.billing.set_seats(found, number, operator()))], Form.table)


@app.command()
def checkout(tenant: Which, plan: PlanName, interval: Interval = "month") -> None:
    """Make a Checkout page at which a person subscribes with a card, and print its address."""
    with _desk() as desk:
        found = desk.control.tenants.find(tenant)
        say(desk.billing.checkout(found, plan, interval, _billing_page(desk, found), operator()))


@app.command()
def portal(tenant: Which) -> None:
    """Open Stripe's portal, where a person pays and changes the card, and print its address."""
    with _desk() as desk:
        found = desk.control.tenants.find(tenant)
        say(desk.billing.portal(found, _billing_page(desk, found), operator()))


@app.command()
def resume(tenant: Which) -> None:
    """Take back a scheduled cancellation, or wake a paused subscription."""
    with _desk() as desk:
        show([_row(desk.billing.resume(desk.control.tenants.find(tenant), operator()))], Form.table)


@app.command()
def prices(
    create: Annotated[bool, typer.Option("--create", help="Make in Stripe what is missing.")] = False,  # noqa: FBT002 - a flag
) -> None:
    """List the catalogue's prices that Stripe lacks, and make them if asked to."""
    from tenants.billing.prices import are_seats_sold, missing_keys  # noqa: PLC0415 - start-up time
    from tenants.tasks.records import Kind  # noqa: PLC0415 - as above

    with _desk() as desk:
        catalogue = desk.control.catalogue
        lacking = missing_keys(desk.gateway, catalogue)
        if not are_seats_sold(desk.gateway):
            say_aside(_NO_SEATS)
        if create:
            _done(desk, Kind.create_prices)
            say(
                f"Made {len(lacking)}: {', '.join(lacking)}."
                if lacking
                else "Stripe has every price already."
            )
            return
        say(f"Stripe lacks {', '.join(lacking)}; add --create." if lacking else "Stripe has every price.")


@app.command()
def apply() -> None:
    """Apply Stripe's events that wait in the inbox."""
    from tenants.tasks.records import Kind  # noqa: PLC0415 - start-up time

    with _desk() as desk:
        did = _done(desk, Kind.apply_events)
    say(f"Applied {did['applied']:,} events, asked Stripe {did['asked']:,} times, {did['failed']:,} wait on.")


@app.command()
def adopt() -> None:
    """Take in what Stripe knows of customers that were there before this installation."""
    from tenants.tasks.records import Kind  # noqa: PLC0415 - start-up time

    with _desk() as desk:
        say(f"Took in {_done(desk, Kind.adopt_billing)['objects']:,} subscriptions and invoices.")


@app.command()
def overage() -> None:
    """Charge use above quotas in periods that have ended, once."""
    from tenants.tasks.records import Kind  # noqa: PLC0415 - start-up time

    with _desk() as desk:
        did = _done(desk, Kind.charge_overage)
    say(f"Found {did['queued']:,} new charges; sent {did['sent']:,} to Stripe.")


@app.command()
def compare(
    tenant: Annotated[str | None, typer.Argument(help="A tenant; left out: every one.")] = None,
    repair: Annotated[bool, typer.Option(help="Take in what Stripe says.")] = True,  # noqa: FBT002 - a flag
    form: Shape = Form.table,
) -> None:
    """Compare the tenants' billing with Stripe, list what differs, and repair it."""
    from tenants.tasks import Kind, Tasks  # noqa: PLC0415 - start-up time
    from tenants.tasks.carrying import run_here  # noqa: PLC0415 - as above

    with _desk() as desk:
        only = None if tenant is None else desk.control.tenants.find(tenant).tenant_id
        task = run_here(desk.control, desk.stores, Kind.compare_billing, operator(), only, repair=repair)
        found = Tasks(desk.control).findings(task.task_id)
    if not found and form is Form.table:
        say("We and Stripe agree.")
        return
    show([{"tenant_id": each.tenant_id, **each.detail} for each in found], form)


@dataclass(frozen=True)
class _Desk:
    control: ControlPlane
    stores: TenantStores
    gateway: StripeGateway
    billing: Billing


@contextmanager
def _desk() -> Iterator[_Desk]:
    from tenants.billing.gateway import StripeGateway  # noqa: PLC0415 - start-up time
    from tenants.billing.inbox import Inbox  # noqa: PLC0415 - as above
    from tenants.billing.service import Billing  # noqa: PLC0415 - as above

    with platform() as (control, stores):
        gateway = StripeGateway(control.settings)
        yield _Desk(control, stores, gateway, Billing(control, Inbox(control), gateway))


def _done(desk: _Desk, kind: Kind) -> dict[str, int]:
    from tenants.tasks.carrying import run_here  # noqa: PLC0415 - start-up time

    return run_here(desk.control, desk.stores, kind, operator()).outcome or {}


def _billing_page(desk: _Desk, tenant: Tenant) -> str:
    from tenants.access.decision import BILLING_PATH  # noqa: PLC0415 - start-up time
    from tenants.onboarding.mails import address_of  # noqa: PLC0415 - as above

    return f"{address_of(desk.control, tenant)}{BILLING_PATH}"


def _row(state: BillingState) -> dict[str, Any]:
    due, paid = state.next_payment, state.last_payment
    return {
        "status": state.status,
        "plan": state.plan,
        "interval": state.interval,
        "seats": state.seats,
        "period_end": state.period_end,
        "ends": state.cancel_at if state.cancel_at_period_end else None,
        "failed_payments": state.payment_failures,
        "last_payment": None if paid is None else f"{paid.amount} {paid.currency}",
        "next_payment": None if due is None else f"{due.amount} {due.currency} on {due.at:%Y-%m-%d}",
    }
