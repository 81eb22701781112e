"""`loki tenants`: their life from creation to closing."""

from __future__ import annotations

from typing import Annotated, Any

import msgspec
import typer

from tenants.commands.platform import Form, operator, platform, say, show, telling_each
from tenants.errors import InvalidInput
from tenants.people.addresses import checked_email
from tenants.tenancy import NewTenant, Tenant
from tenants.tenancy.checks import require_plan_free
from tenants.tenancy.given import OverridesIn
from tenants.tenancy.provisioning import provision

app = typer.Typer(add_completion=False, no_args_is_help=True, help="Create, list and change tenants.")

Which = Annotated[str, typer.Argument(help="Id or slug of the tenant.")]
Why = Annotated[str | None, typer.Option("--reason", help="Why; kept in the audit trail.")]
Shape = Annotated[Form, typer.Option("--format", help="How rows are written.")]


@app.command()
def create(  # noqa: PLR0913, PLR0917 - the options of one command
    name: Annotated[str, typer.Argument(help="The company's name.")],
    plan: Annotated[str, typer.Option(help="A plan of the catalogue.")] = "starter",
    slug: Annotated[str | None, typer.Option(help="Safe for hosts; made from the name if left out.")] = None,
    billing_email: Annotated[str | None, typer.Option(help="Where invoices go.")] = None,
    region: Annotated[str | None, typer.Option(help="Where its data lies.")] = None,
    time_zone: Annotated[str | None, typer.Option(help="Such as Europe/London.")] = None,
    language: Annotated[str | None, typer.Option(help="Such as en.")] = None,
    owner: Annotated[str | None, typer.Option(help="E-mail address of its first owner.")] = None,
) -> None:
    """Create a tenant with its store, and its first owner where an address is given."""
    new = NewTenant(
        name=name,
        plan=plan,
        slug=slug,
        billing_email=billing_email,
        region=region,
        time_zone=time_zone,
        language=language,
    )
    address = None if owner is None else checked_email(owner)
    with platform() as (control, stores):
        tenant = provision(control, stores, new, operator())
        if address is not None:
            control.users.add(tenant.tenant_id, address, operator(), role="owner")
    say(f"{tenant.tenant_id} ({tenant.slug}) is on the plan {tenant.plan}.")


@app.command("list")
def list_tenants(form: Shape = Form.table) -> None:
    """List every tenant, oldest first."""
    with platform() as (control, _):
        rows = [_row(tenant) for tenant in control.tenants.all()]
    show(rows, form)


@app.command("show")
def show_tenant(tenant: Which, form: Shape = Form.table) -> None:
    """Show all that is known of a tenant."""
    with platform() as (control, _):
        fields = msgspec.structs.asdict(control.tenants.find(tenant))
    for name in ("overrides", "earlier"):
        fields[name] = msgspec.to_builtins(fields[name])
    rows = [fields] if form is Form.json else [{"field": k, "value": v} for k, v in fields.items()]
    show(rows, form)


@app.command()
def update(  # noqa: PLR0913, PLR0917 - the options of one command
    tenant: Which,
    name: Annotated[str | None, typer.Option(help="The company's name.")] = None,
    plan: Annotated[str | None, typer.Option(help="A plan of the catalogue.")] = None,
    billing_email: Annotated[str | None, typer.Option(help="Where invoices go.")] = None,
    time_zone: Annotated[str | None, typer.Option(help="Such as Europe/London.")] = None,
    language: Annotated[str | None, typer.Option(help="Such as en.")] = None,
    retention_days: Annotated[int | None, typer.Option(help="Days for which details are kept.")] = None,
    module: Annotated[list[str] | None, typer.Option(help="Switch on only these; may be repeated.")] = None,
    quota: Annotated[
        list[str] | None, typer.Option(help="meter=units, meter=unlimited, or meter=plan for the plan's.")
    ] = None,
    user_limit: Annotated[str | None, typer.Option(help="Its own number of users; plan: the plan's.")] = None,
    rate_limit: Annotated[str | None, typer.Option(help="Its own calls a minute; plan: the plan's.")] = None,
    feature: Annotated[
        list[str] | None, typer.Option(help="A feature beside the plan's; may be repeated; plan: none.")
    ] = None,
    overage: Annotated[
        str | None, typer.Option(help="Use above quotas: charged, refused, or plan for the catalogue's.")
    ] = None,
    audited: Annotated[bool | None, typer.Option(help="Keep a record of each request.")] = None,
    keep_documents: Annotated[bool | None, typer.Option(help="Keep the documents themselves.")] = None,
) -> None:
    """Change a tenant; what is left out stays as it is."""
    given = {
        "name": name,
        "plan": plan,
        "billing_email": billing_email,
        "time_zone": time_zone,
        "language": language,
        "retention_days": retention_days,
        "modules": tuple(module) if module else None,
        "is_audited": audited,
        "keeps_documents": keep_documents,
    }
    fields: dict[str, Any] = {key: value for key, value in given.items() if value is not None}
    with platform() as (control, _):
        found = control.tenants.find(tenant)
        require_plan_free(found, plan)
        own = OverridesIn(quota or [], user_limit, rate_limit, feature, overage)
        overrides = own.over(found.overrides)
        if overrides != found.overrides:
            fields["overrides"] = overrides
        if not fields:
            message = "Nothing to change was given; see `loki tenants update --help`."
            raise InvalidInput(message, "nothing_to_change")
        control.tenants.update(found.tenant_id, operator(), **fields)
    say(f"{found.tenant_id}: changed {', '.join(sorted(fields))}.")


@app.command()
def deactivate(tenant: Which, reason: Why = None) -> None:
    """Take a tenant out of service; its data stays, and so does its subscription."""
    with platform() as (control, _):
        found = control.tenants.deactivate(control.tenants.find(tenant).tenant_id, operator(), reason)
    say(f"{found.tenant_id} is out of service.")


@app.command()
def reactivate(tenant: Which, reason: Why = None) -> None:
    """Put a tenant back into service."""
    from tenants.protection.erasure import Erasures  # noqa: PLC0415 - start-up time

    with platform() as (control, stores):
        found = control.tenants.find(tenant)
        Erasures(control, stores).require_none_due(found.tenant_id)
        control.tenants.reactivate(found.tenant_id, operator(), reason)
    say(f"{found.tenant_id} is in service.")


@app.command()
def close(tenant: Which, reason: Why = None) -> None:
    """End a tenant for good; its data stays until it is erased with `loki erase`."""
    from tenants.billing.closing import Closing  # noqa: PLC0415 - start-up time

    with platform() as (control, _):
        found = Closing.of(control).close(control.tenants.find(tenant), operator(), reason)
    say(f"{found.tenant_id} is closed.")


@app.command()
def migrate() -> None:
    """Bring every tenant's store to the newest schema; run it again after a failure."""
    from tenants.tasks import Kind  # noqa: PLC0415 - start-up time
    from tenants.tasks.carrying import run_here  # noqa: PLC0415 - as above

    with platform() as (control, stores), telling_each():
        did = run_here(control, stores, Kind.migrate_stores, operator()).outcome or {}
    say(f"{did['stores']} stores: {did['migrated']} brought up to date, 0 failed.")


def _row(tenant: Tenant) -> dict[str, Any]:
    return {
        "tenant_id": tenant.tenant_id,
        "slug": tenant.slug,
        "name": tenant.name,
        "plan": tenant.plan,
        "status": tenant.status if tenant.is_in_service else "out of service",
        "region": tenant.region,
        "created_at": tenant.created_at,
    }
