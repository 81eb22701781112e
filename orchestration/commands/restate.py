"""`loki restate`: what was known differently at two times, and why."""

from __future__ import annotations

import sys
from enum import StrEnum
from typing import Annotated

import typer

from orchestration.commands.arguments import instant

app = typer.Typer(add_completion=False)


class Shape(StrEnum):
    """How the report is written."""

    table = "table"
    json = "json"


@app.command()
def restate(
    earlier: Annotated[str, typer.Argument(help="As known then (ISO 8601), such as 2026-04-03.")],
    later: Annotated[str | None, typer.Argument(help="And as known then; left out: now.")] = None,
    form: Annotated[Shape, typer.Option("--format", help="How the report is written.")] = Shape.table,
) -> None:
    """List the movements that two times tell differently, each with its cause."""
    from orchestration.context import main_job  # noqa: PLC0415 - heavy
    from orchestration.progress import Terminal  # noqa: PLC0415 - as above
    from orchestration.reports import restate as report  # noqa: PLC0415 - as above

    with Terminal() as progress:
        job = main_job(progress)
        until = instant(later) if later else job.clock.now()
        found = report(job, instant(earlier), until)
    rows = [{"cause": each.cause, **each.row} for each in found]
    if form is Shape.json:
        import orjson  # noqa: PLC0415 - heavy

        sys.stdout.write(orjson.dumps(rows, default=str).decode() + "\n")
        return
    for cause in sorted({each.cause for each in found}):
        some = [each.row for each in found if each.cause == cause]
        typer.echo(f"{cause}: {len(some):,} movements")
        for row in some:
            change = f"{row['amount_before']:f} → {row['amount_after']:f} {row['currency']}"
            typer.echo(f"  {row['movement_date']}  {row['customer_id']}  {row['movement_type']}  {change}")
    if not found:
        typer.echo("Nothing was restated.")
