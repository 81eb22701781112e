"""`loki rebuild`: the warehouse anew from the landing zone."""

from __future__ import annotations

from typing import Annotated

import typer

from orchestration.commands.arguments import instant

app = typer.Typer(add_completion=False)


@app.command()
def rebuild(
    as_known_at: Annotated[
        str | None,
        typer.Option(help="Build only from what had been observed then (ISO 8601); kept, but not published."),
    ] = None,
    policy: Annotated[
        list[str] | None,
        typer.Option(
            metavar="NAME|FILE",
            help="Also build this revenue policy, as marts_<policy>, with its gap to the configured one; "
            "may be given several times. Refreshes keep those that were named last.",
        ),
    ] = None,
) -> None:
    """Build and test the warehouse from all that has landed, asking nobody, and publish it."""
    from orchestration import rebuild as steps  # noqa: PLC0415 - heavy
    from orchestration.context import main_job  # noqa: PLC0415 - as above
    from orchestration.progress import Terminal  # noqa: PLC0415 - as above

    with Terminal() as progress:
        named_beside = policy or (None if as_known_at else [])
        job = main_job(progress, beside=named_beside)
        build = steps.as_known(job, instant(as_known_at)) if as_known_at else steps.rebuild(job)
    rows = sum(build.facts["rows"].values())
    if as_known_at:
        typer.echo(f'Built {build.id} ({rows:,} rows); ask it with `loki query --build {build.id} "…"`.')
    else:
        typer.echo(f"Published build {build.id} ({rows:,} rows).")
