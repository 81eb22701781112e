"""`loki domains`: tenants' own domains."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer

from tenants.branding.brandings import FEATURE
from tenants.commands.platform import Form, operator, platform, say, show
from tenants.errors import NotAllowed

if TYPE_CHECKING:
    from tenants.control import ControlPlane
    from tenants.domains import Domain

app = typer.Typer(add_completion=False, no_args_is_help=True, help="Claim and verify tenants' own domains.")

Which = Annotated[str, typer.Argument(help="Id or slug of the tenant.")]
Name = Annotated[str, typer.Argument(help="The domain, such as checks.example.com.")]
Shape = Annotated[Form, typer.Option("--format", help="How rows are written.")]


@app.command()
def claim(tenant: Which, domain: Name) -> None:
    """Claim a domain and show the TXT record that proves it."""
    with platform() as (control, _):
        claimed = control.domains.claim(_white_label(control, tenant), domain, operator())
    say(f"Let the TXT record {claimed.record_name} hold {claimed.token}, then run `loki domains verify`.")


@app.command()
def verify(tenant: Which, domain: Name) -> None:
    """Look for a domain's proof."""
    with platform() as (control, _):
        found = control.domains.verify(_white_label(control, tenant), domain, operator())
    if found.verified_at is None:
        say(f"{found.record_name} does not hold {found.token} yet; name servers may need some minutes.")
        raise typer.Exit(1)
    say(f"{found.domain} is verified.")


@app.command("list")
def list_domains(tenant: Which, form: Shape = Form.table) -> None:
    """List the domains that a tenant claims."""
    with platform() as (control, _):
        rows = [_row(each) for each in control.domains.of(control.tenants.find(tenant).tenant_id)]
    show(rows, form)


@app.command()
def release(tenant: Which, domain: Name) -> None:
    """Give a domain up; it stops counting at once."""
    with platform() as (control, _):
        control.domains.release(control.tenants.find(tenant).tenant_id, domain, operator())
    say(f"{domain} is released.")


@app.command("check-again")
def check_again() -> None:
    """Look for the proof of every verified domain anew."""
    with platform() as (control, _):
        lost = control.domains.check_again()
    say(f"{lost} domains have lost their proof.")


def _white_label(control: ControlPlane, which: str) -> str:
    tenant = control.tenants.find(which)
    if FEATURE not in control.tenants.entitlements(tenant).features:
        plan = control.catalogue.first_plan_with(feature=FEATURE)
        message = f"The plan {tenant.plan} has no white label; {plan.id if plan else 'no plan'} has it."
        raise NotAllowed(message, "feature_not_in_plan")
    return tenant.tenant_id


def _row(domain: Domain) -> dict[str, Any]:
    return {
        "domain": domain.domain,
        "verified_at": domain.verified_at,
        "checked_at": domain.checked_at,
        "record": domain.record_name,
        "token": domain.token,
    }
