"""`loki restate`: what was known differently at two times, and why."""

from __future__ import annotations

import sys
from enum import StrEnum
from typing import Annotated, Any

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
    if form is Shape.json:
        import orjson  # noqa: PLC0415 - heavy

        sys.stdout.write(orjson.dumps(found.to_dicts(), default=str).decode() + "\n")
        return
    for (cause,), some in found.group_by("cause", maintain_order=True):
        typer.echo(f"{cause}: {some.height:,} movements")
        for row in some.iter_rows(named=True):
            typer.echo(f"  {_told(row)}")
    if found.is_empty():
        typer.echo("Nothing was restated.")


def _told(row: dict[str, Any]) -> str:
    """Say in one line what a movement was told to be and is told to be now."""
    kind = "reporting" if row["amount_before"] == row["amount_after"] else "amount"
    currency = row["reporting_currency" if kind == "reporting" else "currency"]
    change = f"{row[f'{kind}_before']:f} → {row[f'{kind}_after']:f} {currency}"
    return f"{row['movement_date']}  {row['customer_id']}  {row['movement_type']}  {change}"
