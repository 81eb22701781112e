"""`loki refresh`: the main job."""

from __future__ import annotations

from typing import Annotated

import typer

app = typer.Typer(add_completion=False)


@app.command()
def refresh(
    full: Annotated[  # noqa: FBT002 - a flag on the command line
        bool, typer.Option("--full", help="Read every list of Stripe again and build even if nothing is new.")
    ] = False,
) -> None:
    """Pull everything new, build and test the warehouse, publish it.

    Ends with 0 if a new build was published or the published one is already current, and says which.
    """
    from orchestration.context import main_job  # noqa: PLC0415 - heavy
    from orchestration.progress import Terminal  # noqa: PLC0415 - as above
    from orchestration.refresh import refresh as run  # noqa: PLC0415 - as above

    with Terminal() as progress:
        outcome = run(main_job(progress), full=full)
    typer.echo(outcome.sentence)
