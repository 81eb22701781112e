"""Questions to the published warehouse, and their answers in the form that was asked for."""

from __future__ import annotations

import csv
import json
import math
import sys
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from itertools import islice
from typing import IO, TYPE_CHECKING, Any, Literal

import duckdb

from tenants.errors import InvalidInput

if TYPE_CHECKING:
    from collections.abc import Iterator

Format = Literal["table", "json", "csv", "parquet"]
Row = tuple[Any, ...]

READS = frozenset({"SELECT", "EXPLAIN", "PRAGMA", "MULTI"})
ROWS_OF_A_TABLE = 500
BATCH = 10_000
WIDE = 10_000  # nothing is cut where no terminal sets a width


def check_reads_only(sql: str) -> None:
    """Refuse whatever is not one question.

    Raises:
        InvalidInput: It cannot be parsed, is not one statement, or would change something.
    """
    try:
        statements = duckdb.extract_statements(sql)
    except duckdb.Error as error:
        raise _refused(error) from None
    kinds = [statement.type.name for statement in statements]
    if len(kinds) != 1:
        message = f"`loki query` runs one statement at a time, and this has {len(kinds)}."
        raise InvalidInput(message, code="not_one_statement")
    if kinds[0] not in READS:
        message = (
            f"`loki query` only reads: the published warehouse is never changed, so {kinds[0]} is refused."
        )
        raise InvalidInput(message, code="read_only")


def answer(connection: duckdb.DuckDBPyConnection, sql: str, form: Format, out: IO[bytes]) -> None:
    """Run one question and write its answer.

    Args:
        connection: An open published build.
        sql: The question.
        form: `json` is an array of objects with decimals and times as strings.
        out: Where the bytes go.

    Raises:
        InvalidInput: The question cannot be answered; says why.
    """
    check_reads_only(sql)
    try:
        if form == "parquet":
            _write_parquet(connection, sql, out)
            return
        cursor = connection.execute(sql)
        names = _unique([column[0] for column in cursor.description or []])
        rows = _rows(cursor)
        text = {"json": _as_json, "csv": _as_csv, "table": _as_table}[form](names, rows)
        for part in text:
            out.write(part.encode())
    except duckdb.Error as error:
        raise _refused(error) from None


def _refused(error: duckdb.Error) -> InvalidInput:
    reason = str(error).strip().split("\n\n")[0]
    return InvalidInput(f"The query cannot be answered: {reason}", code="query_refused")


def _rows(cursor: duckdb.DuckDBPyConnection) -> Iterator[Row]:
    while batch := cursor.fetchmany(BATCH):
        yield from batch


def _unique(names: list[str]) -> list[str]:
    """Number the repetitions of a column's name, so that no value is lost in JSON."""
    seen: dict[str, int] = {}
    unique = []
    for name in names:
        seen[name] = seen.get(name, 0) + 1
        unique.append(name if seen[name] == 1 else f"{name}_{seen[name]}")
    return unique


def plain(value: Any) -> Any:  # noqa: ANN401, PLR0911 - any value of SQL, one line a kind
    """Return a value as JSON can hold it without losing anything: decimals and times as strings."""
    if value is None or isinstance(value, bool | int | str):
        return value
    if isinstance(value, float):
        return value if math.isfinite(value) else str(value)
    if isinstance(value, Decimal):
        return f"{value:f}"
    if isinstance(value, datetime | date | time):
        return value.isoformat()
    if isinstance(value, timedelta):
        return str(value)
    if isinstance(value, dict):
        return {str(plain(key)): plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [plain(item) for item in value]
    return value.hex() if isinstance(value, bytes) else str(value)


def _as_json(names: list[str], rows: Iterator[Row]) -> Iterator[str]:
    opening = "["
    for row in rows:
        cells = dict(zip(names, map(plain, row), strict=True))
        yield f"{opening}\n  {json.dumps(cells, ensure_ascii=False)}"
        opening = ","
    yield "[]\n" if opening == "[" else "\n]\n"


def _as_csv(names: list[str], rows: Iterator[Row]) -> Iterator[str]:
    class Line(list[str]):
        def write(self, text: str) -> None:
            self.append(text)

    line = Line()
    writer = csv.writer(line, lineterminator="\n")
    writer.writerow(names)
    for row in rows:
        writer.writerow([_cell(value) for value in row])
        yield line.pop(0)
    yield from line


def _cell(value: object) -> object:
    simple = plain(value)
    return json.dumps(simple, ensure_ascii=False) if isinstance(simple, dict | list) else simple


def _as_table(names: list[str], rows: Iterator[Row]) -> Iterator[str]:
    from rich.console import Console  # noqa: PLC0415 - only tables are drawn
    from rich.table import Table  # noqa: PLC0415 - as above

    table = Table()
    for name in names:
        table.add_column(name, overflow="fold")
    for row in islice(rows, ROWS_OF_A_TABLE):
        table.add_row(*("" if value is None else str(_cell(value)) for value in row))
    console = Console() if sys.stdout.isatty() else Console(width=WIDE)
    with console.capture() as drawn:
        console.print(table)
    yield drawn.get()
    if next(rows, None) is not None:
        yield f"The first {ROWS_OF_A_TABLE} rows; `--format csv` gives them all.\n"


def _write_parquet(connection: duckdb.DuckDBPyConnection, sql: str, out: IO[bytes]) -> None:
    import pyarrow as pa  # noqa: PLC0415 - only Parquet needs it
    import pyarrow.parquet as pq  # noqa: PLC0415 - as above

    reader = connection.sql(sql).to_arrow_reader(BATCH)
    with pq.ParquetWriter(pa.PythonFile(out, "w"), reader.schema) as writer:
        for batch in reader:
            writer.write_batch(batch)
