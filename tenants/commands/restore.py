"""`loki restore`: a backup back into its tenant, or into a new one."""

from __future__ import annotations

from pathlib import Path  # noqa: TC003 - typer needs it at run time
from typing import Annotated

import typer

from tenants.commands.platform import operator, platform, say

app = typer.Typer(add_completion=False, help="Restore a tenant from a backup.")


@app.command()
def restore(
    tenant: Annotated[str, typer.Argument(help="Id or slug of the tenant that was backed up.")],
    file: Annotated[Path, typer.Argument(help="The backup.")],
    as_new: Annotated[
        str | None, typer.Option("--as-new", help="Slug of a new tenant to restore into.")
    ] = None,
) -> None:
    """Put a backup in the place of the tenant's data; its users, keys and plan stay as they are now."""
    from tenants.protection.backups import Backups  # noqa: PLC0415 - start-up time

    with platform() as (control, stores):
        found, backups = control.tenants.find(tenant), Backups(control, stores)
        if as_new is not None:
            made = backups.restore_as_new(found, file, as_new, operator())
            say(f"{made.tenant_id} ({made.slug}) holds the backup; it has no keys and no subscription yet.")
            return
        counts = backups.restore(found, file, operator())
    say(f"Restored {sum(counts.values()):,} rows of {found.slug}.")
