"""`loki erase`: erase tenants everywhere, on request."""

from __future__ import annotations

import getpass
import sys
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from orchestration.context import MainJob
    from tenants.audit import Actor

app = typer.Typer(add_completion=False, no_args_is_help=True, help="Erase a tenant, everywhere.")

Which = Annotated[str, typer.Argument(help="Id or slug of the tenant.")]


@app.command()
def request(tenant: Which) -> None:
    """Note that a tenant is to be erased within 30 days, and take it out of service."""
    from orchestration import erasure  # noqa: PLC0415 - heavy

    job = _job()
    noted = erasure.requested(job, tenant, _operator())
    typer.echo(f"{tenant} is out of service and will be erased by {noted.due_at:%Y-%m-%d}.")
    _tell_of_stripe(job, tenant)


@app.command()
def withdraw(tenant: Which) -> None:
    """Take a request back, and put the tenant into service again."""
    from orchestration import erasure  # noqa: PLC0415 - heavy

    erasure.withdrawn(_job(), tenant, _operator())
    typer.echo(f"{tenant} stays.")


@app.command()
def plan(tenant: Which) -> None:
    """List what would be erased where, and what would be ended at Stripe; nothing changes."""
    from orchestration import erasure  # noqa: PLC0415 - heavy

    job = _job()
    for place, count in sorted(erasure.plan(job, tenant).items()):
        typer.echo(f"{count:>10,}  {place}")
    _tell_of_stripe(job, tenant)


@app.command()
def run(
    tenant: Annotated[str | None, typer.Argument(help="A tenant; left out: all whose day has come.")] = None,
) -> None:
    """Erase now: subscriptions, landing zone, warehouses, store, backups, accounts; name the certificates."""
    from orchestration import erasure  # noqa: PLC0415 - heavy
    from orchestration.progress import Terminal  # noqa: PLC0415 - as above

    with Terminal() as progress:
        job = _job(progress)
        done = [erasure.erase(job, tenant, _operator())] if tenant else erasure.erase_due(job, _operator())
    for each in done:
        typer.echo(f"Erased; certificate {each.anonymous_id}.")
    if not done:
        typer.echo("No erasure is due.")


@app.command("list")
def list_requests() -> None:
    """List requests, their days and their certificates."""
    from orchestration import erasure  # noqa: PLC0415 - heavy

    for each in erasure.requests(_job()):
        state = f"erased {each.erased_at:%Y-%m-%d}" if each.erased_at else f"due {each.due_at:%Y-%m-%d}"
        typer.echo(f"{each.anonymous_id}  {state}  {each.tenant_id or ''}".rstrip())


@app.command()
def certificate(anonymous_id: Annotated[str, typer.Argument(help="As `run` and `list` show it.")]) -> None:
    """Print a certificate as JSON: what was erased where, when, at whose request."""
    import msgspec  # noqa: PLC0415 - heavy

    from orchestration import erasure  # noqa: PLC0415 - as above

    found = erasure.certificate(_job(), anonymous_id)
    sys.stdout.write(msgspec.json.format(msgspec.json.encode(found)).decode() + "\n")


def _tell_of_stripe(job: MainJob, tenant: str) -> None:
    from orchestration import erasure  # noqa: PLC0415 - heavy

    typer.echo("At Stripe:")
    for line in erasure.plan_at_stripe(job, tenant):
        typer.echo(f"  {line}")


def _job(progress: object = None) -> MainJob:
    from orchestration.context import main_job  # noqa: PLC0415 - heavy
    from orchestration.progress import Silent  # noqa: PLC0415 - as above

    return main_job(progress or Silent())  # type: ignore[arg-type]


def _operator() -> Actor:
    from tenants.audit import Actor  # noqa: PLC0415 - heavy

    return Actor("command", getpass.getuser())
