"""`loki query`: questions to the published warehouse."""

from __future__ import annotations

import sys
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated

import typer

from orchestration.commands.arguments import instant
from tenants.errors import InvalidInput

if TYPE_CHECKING:
    from contextlib import AbstractContextManager

    from duckdb import DuckDBPyConnection

app = typer.Typer(add_completion=False)


class Form(StrEnum):
    """How the answer is written."""

    table = "table"
    json = "json"
    csv = "csv"
    parquet = "parquet"


@app.command()
def query(
    sql: Annotated[str, typer.Argument(help="One question, such as: select * from marts.mrr_months")],
    form: Annotated[Form, typer.Option("--format", help="How the answer is written.")] = Form.table,
    build: Annotated[str | None, typer.Option(help="Ask this build instead of the published one.")] = None,
    as_known_at: Annotated[
        str | None, typer.Option(help="Ask what was known then (ISO 8601), built from the landing zone.")
    ] = None,
) -> None:
    """Ask the published warehouse. Nothing can be changed through it, and it reads no other file."""
    from orchestration.query import answer, check_reads_only  # noqa: PLC0415 - heavy

    if build and as_known_at:
        message = "Give either --build or --as-known-at: a build already has its as-known-at time."
        raise InvalidInput(message)
    if form is Form.parquet and sys.stdout.isatty():
        message = "Parquet is not for a terminal: redirect it into a file, as in `> answer.parquet`."
        raise InvalidInput(message)
    check_reads_only(sql)
    with _warehouse_of(as_known_at, build) as connection:
        answer(connection, sql, form.value, sys.stdout.buffer)


def _warehouse_of(
    as_known_at: str | None, build_id: str | None
) -> AbstractContextManager[DuckDBPyConnection]:
    from orchestration.context import load, main_job  # noqa: PLC0415 - heavy
    from tenants.settings import PlatformSettings  # noqa: PLC0415 - as above
    from tenants.warehouse import Warehouse  # noqa: PLC0415 - as above

    if as_known_at is None:
        return Warehouse(load(PlatformSettings).state()).open(build_id)
    from orchestration.progress import Terminal  # noqa: PLC0415 - as above
    from orchestration.rebuild import as_known  # noqa: PLC0415 - as above

    with Terminal() as progress:
        job = main_job(progress)
        return job.warehouse.open(as_known(job, instant(as_known_at)).id)
