"""`loki stripe`: only the Stripe part of the pull."""

from __future__ import annotations

from typing import Annotated

import typer

app = typer.Typer(add_completion=False, no_args_is_help=True, help="The Stripe part of the pull.")


@app.callback()
def group() -> None:
    """Read the Stripe account into the landing zone."""


@app.command()
def sync(
    backfill: Annotated[  # noqa: FBT002 - a flag on the command line
        bool, typer.Option("--backfill", help="Read every list again, not only the events since last time.")
    ] = False,
) -> None:
    """Land everything new in the Stripe account; the warehouse is built by `loki refresh`."""
    from orchestration.context import main_job  # noqa: PLC0415 - heavy
    from orchestration.locking import only_one  # noqa: PLC0415 - as above
    from orchestration.progress import Terminal  # noqa: PLC0415 - as above
    from orchestration.pull import pull_one  # noqa: PLC0415 - as above

    with Terminal() as progress:
        job = main_job(progress)
        with only_one(job.state):
            rows = pull_one(job, "stripe", full=backfill)
    typer.echo(f"Landed {rows:,} new rows from Stripe.")
