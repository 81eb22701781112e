"""Reads the operator's CSV files: each row once, and a file with a bad row not at all.

Rates and merges decide about money, so half a file would be worse than the one before; the sentence names
file, line and reason.
"""

from __future__ import annotations

import csv
import re
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING, Any

import pyarrow as pa

from ingest import ledger
from ingest.errors import SourceUnreadable
from ingest.reference_files.schema import SCHEMAS

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from ingest.landing import LandingZone

Row = dict[str, Any]

CURRENCY = re.compile(r"[A-Za-z]{3}\Z")
RATE_PLACES = 18
RATE_DIGITS_BEFORE_POINT = 20


def pull(stream: str, setting: str, path: Path, landing: LandingZone) -> int:
    """Land the rows of a file that differ from what its newest landed rows say; return how many.

    Args:
        stream: `fx_rates` or `customer_merges`.
        setting: The setting that names the file, for errors.
        path: The file.
        landing: Where to.

    Raises:
        SourceUnreadable: The file is missing, or a row does not fit; nothing was landed.
    """
    columns, key, read = _FILES[stream]
    about = _about(path, setting)
    with landing.writer():
        if landing.cursor(f"reference_files/{stream}") == about:
            return 0
        rows = _read(path, setting, columns, key, read)
        if stream == "customer_merges":
            _refuse_circles(path, setting, rows)
        now = landing.clock.now()
        changed = [row | {"observed_at": now} for row in _changed(stream, rows, key, columns, landing)]
        table = pa.Table.from_pylist(changed, SCHEMAS[stream])
        pulled = ledger.Pull(stream, now, rows=table.num_rows, complete_until=now, detail=path.name)
        tables = {stream: table, "sync_ledger": ledger.pulls([pulled], now)}
        landing.commit(tables, {f"reference_files/{stream}": about})
    return len(changed)


def _about(path: Path, setting: str) -> list[Any]:
    try:
        facts = path.stat()
    except OSError as error:
        message = f"{setting} names {path}, which cannot be read ({error.strerror}); correct the setting."
        raise SourceUnreadable(message, path=str(path)) from error
    return [str(path), facts.st_size, facts.st_mtime_ns]


def _read(
    path: Path, setting: str, columns: tuple[str, ...], key: tuple[str, ...], read: Callable[[Row], Row]
) -> list[Row]:
    told: dict[tuple[Any, ...], Row] = {}
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            lines = csv.DictReader(file, skipinitialspace=True, strict=True)
            header = [name.strip() for name in lines.fieldnames or ()]
            if missing := [name for name in columns if name not in header]:
                raise _refused(path, setting, 1, f"the header lacks {', '.join(missing)}")
            lines.fieldnames = header
            for line in filter(lambda line: any(line.values()), lines):
                row = _row(path, setting, lines.line_num, line, read)
                earlier = told.setdefault(tuple(row[name] for name in key), row)
                if any(earlier[name] != row[name] for name in columns):
                    about = " ".join(str(row[name]) for name in key)
                    raise _refused(path, setting, lines.line_num, f"an earlier line tells {about} otherwise")
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise _refused(path, setting, 0, str(error)) from error
    return list(told.values())


def _refuse_circles(path: Path, setting: str, merges: list[Row]) -> None:
    """Refuse merges that lead back to where they began; one into itself only says that there is none."""
    into = {row["customer_id"]: row["merged_into"] for row in merges}
    ended: set[str] = set()
    for start, target in into.items():
        chain, customer = [start], target
        while customer in into and customer not in ended and customer != chain[-1]:
            if customer in chain:
                circle = " → ".join([*chain[chain.index(customer) :], customer])
                raise _refused(path, setting, 0, f"the merges {circle} lead back to where they began")
            chain.append(customer)
            customer = into[customer]
        ended.update(chain)


def _row(path: Path, setting: str, line: int, row: Row, read: Callable[[Row], Row]) -> Row:
    if None in row:
        raise _refused(path, setting, line, "more fields than the header")
    try:
        return read({name: (value or "").strip() for name, value in row.items()})
    except ValueError as problem:
        raise _refused(path, setting, line, str(problem)) from problem


def _refused(path: Path, setting: str, line: int, problem: str) -> SourceUnreadable:
    where = f"{path}, line {line}" if line else str(path)
    message = f"{where}: {problem}. Correct the file that {setting} names; nothing of it was taken."
    return SourceUnreadable(message, path=str(path), line=line)


def _changed(
    stream: str, rows: list[Row], key: tuple[str, ...], columns: tuple[str, ...], landing: LandingZone
) -> list[Row]:
    landed = landing.read(stream, [*columns, "observed_at"]).sort_by("observed_at").to_pylist()
    newest = {tuple(row[name] for name in key): [row[name] for name in columns] for row in landed}
    wanted = {tuple(row[name] for name in key): row for row in rows}
    gone = [dict(zip(key, one, strict=True)) for one in newest.keys() - wanted]
    undone = _no_merge if stream == "customer_merges" else _no_rate
    wanted |= {tuple(one.values()): undone(one) for one in gone}
    return [row for identity, row in wanted.items() if newest.get(identity) != [row[n] for n in columns]]


def _rate(row: Row) -> Row:
    """One exchange rate: units of `to_currency` for one unit of `from_currency` on a day."""
    for name in ("from_currency", "to_currency"):
        if not CURRENCY.match(row[name]):
            message = f"{name} {row[name]!r} is no three-letter currency"
            raise ValueError(message)
    try:
        rate, day = Decimal(row["rate"]), date.fromisoformat(row["date"])
    except InvalidOperation as error:
        message = f"rate {row['rate']!r} is no decimal number"
        raise ValueError(message) from error
    except ValueError as error:
        message = f"date {row['date']!r} is no day such as 2026-04-30"
        raise ValueError(message) from error
    if not rate.is_finite() or rate <= 0 or rate.adjusted() >= RATE_DIGITS_BEFORE_POINT:
        message = f"rate {row['rate']} is no positive number"
        raise ValueError(message)
    if -int(rate.normalize().as_tuple().exponent) > RATE_PLACES:
        message = f"rate {row['rate']} has more than {RATE_PLACES} decimal places"
        raise ValueError(message)
    return {
        "date": day,
        "from_currency": row["from_currency"].lower(),
        "to_currency": row["to_currency"].lower(),
        "rate": rate.quantize(Decimal(1).scaleb(-RATE_PLACES)),
        "source": row.get("source") or "file",
    }


def _merge(row: Row) -> Row:
    """One merge: the customer's revenue counts under the other one."""
    for name in ("customer_id", "merged_into"):
        if not row[name]:
            message = f"{name} is empty"
            raise ValueError(message)
    return {"customer_id": row["customer_id"], "merged_into": row["merged_into"]}


def _no_merge(key: Row) -> Row:
    """A merge that left the file: the customer counts for itself again."""
    return key | {"merged_into": key["customer_id"]}


def _no_rate(key: Row) -> Row:
    """A rate that left the file: the day has none of the file's any more."""
    return key | {"rate": None, "source": "file"}


_FILES: dict[str, tuple[tuple[str, ...], tuple[str, ...], Callable[[Row], Row]]] = {
    "fx_rates": (
        ("date", "from_currency", "to_currency", "rate"),
        ("date", "from_currency", "to_currency"),
        _rate,
    ),
    "customer_merges": (("customer_id", "merged_into"), ("customer_id",), _merge),
}
