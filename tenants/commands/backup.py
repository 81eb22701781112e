"""`loki backup`: a tenant's backups, sealed with the tenant's own key."""

from __future__ import annotations

from pathlib import Path  # noqa: TC003 - typer needs it at run time
from typing import Annotated

import typer

from tenants.commands.platform import Form, operator, platform, say, show, telling_each

app = typer.Typer(add_completion=False, no_args_is_help=True, help="Back tenants up.")

Which = Annotated[str, typer.Argument(help="Id or slug of the tenant.")]
Shape = Annotated[Form, typer.Option("--format", help="How rows are written.")]


@app.command()
def make(tenant: Which) -> None:
    """Back one tenant up, alone."""
    from tenants.protection.backups import Backups  # noqa: PLC0415 - start-up time

    with platform() as (control, stores):
        made = Backups(control, stores).make(control.tenants.find(tenant), operator())
    say(f"{made.path} ({made.size:,} bytes)")


@app.command("all")
def make_all() -> None:
    """Back every tenant up, one after another."""
    from tenants.tasks import Kind  # noqa: PLC0415 - start-up time
    from tenants.tasks.carrying import run_here  # noqa: PLC0415 - as above

    with platform() as (control, stores), telling_each():
        did = run_here(control, stores, Kind.back_up_all, operator()).outcome or {}
    say(f"Backed up {did['tenants']:,} tenants ({did['bytes']:,} bytes).")


@app.command("list")
def list_backups(tenant: Which, form: Shape = Form.table) -> None:
    """List a tenant's backups, newest first."""
    from tenants.protection.backups import Backups  # noqa: PLC0415 - start-up time

    with platform() as (control, stores):
        found = Backups(control, stores).all(control.tenants.find(tenant))
    show([{"at": each.at, "bytes": each.size, "path": str(each.path)} for each in found], form)


@app.command()
def verify(tenant: Which, file: Annotated[Path, typer.Argument(help="A backup of that tenant.")]) -> None:
    """Read a backup to its end and count what it holds; nothing changes."""
    from tenants.protection.backups import Backups  # noqa: PLC0415 - start-up time
    from tenants.tasks import Kind  # noqa: PLC0415 - as above
    from tenants.tasks.carrying import run_here  # noqa: PLC0415 - as above

    with platform() as (control, stores):
        found, backups = control.tenants.find(tenant), Backups(control, stores)
        own = next((each.at for each in backups.all(found) if each.path == file.resolve()), None)
        if own is None:
            counts = backups.verify(found, file)
        else:
            at, by = own.isoformat(), operator()
            counts = run_here(control, stores, Kind.verify_backup, by, found.tenant_id, at=at).outcome or {}
    held = ", ".join(f"{count:,} {table}" for table, count in counts.items() if count)
    say(f"Sound: {held or 'nothing was in it'}.")
