"""`loki export`: everything a tenant has, as one ZIP."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from tenants.commands.platform import operator, platform, say
from tenants.errors import InvalidInput

app = typer.Typer(add_completion=False, help="Export everything a tenant has.")


@app.command()
def export(
    tenant: Annotated[str, typer.Argument(help="Id or slug of the tenant.")],
    file: Annotated[Path | None, typer.Argument(help="Where to; left out: <slug>.zip here.")] = None,
) -> None:
    """Write a tenant's record, people, history, usage, gates, invoices and audit entries."""
    from tenants.protection.export import export_tenant  # noqa: PLC0415 - start-up time

    if str(file) == "-":
        message = "A ZIP is not written to standard output; name a file."
        raise InvalidInput(message, "file_not_written")
    with platform() as (control, stores):
        found = control.tenants.find(tenant)
        to = file or Path(f"{found.slug}.zip")
        try:
            counts = export_tenant(control, stores, found, to, operator())
        except OSError as error:
            message = f"{to} cannot be written: {error.strerror}; name a place where it can."
            raise InvalidInput(message, "file_not_written") from None
    say(f"{to}: {', '.join(f'{count:,} in {name}' for name, count in counts.items() if count)}.")
