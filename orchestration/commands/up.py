"""`loki up`: serve everything."""

from __future__ import annotations

import typer

app = typer.Typer(add_completion=False)


@app.command()
def up() -> None:
    """Serve API, dashboards and Dagster until Ctrl-C, with the Stripe sandbox where it is in use."""
    from orchestration.context import load  # noqa: PLC0415 - heavy
    from orchestration.services import serve_until_stopped  # noqa: PLC0415 - as above
    from tenants.settings import PlatformSettings  # noqa: PLC0415 - as above

    serve_until_stopped(load(PlatformSettings), typer.echo)
