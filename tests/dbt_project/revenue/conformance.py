"""Compares a build with the reference in everything the rules define, and says in words what differs."""

from __future__ import annotations

from collections import defaultdict
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from tests.dbt_project.revenue.identities import broken_identities
from tests.dbt_project.revenue.reference_billing import bridge
from tests.dbt_project.revenue.reference_forward import Ahead, Forward
from tests.dbt_project.revenue.reference_ledger import Reference
from tests.dbt_project.revenue.reference_months import Months

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    import duckdb

    from tests.dbt_project.revenue.reference_price import Json
    from tests.dbt_project.revenue.worlds import World

LEDGER = """
    select customer_id, movement_date, currency, movement_type, amount, mrr_after, reporting_amount
    from marts.mrr_movements where movement_type != 'fx'
"""
SOURCES = (
    "select customer_id, movement_id, source_event_ids from marts.mrr_movements where movement_type != 'fx'"
)
BRIDGE = "select month, customer_id, currency, item, amount from marts.mrr_invoice_bridge"
LINES = """
    select invoice_line_id, month, item, sum(amount) from marts.mrr_invoice_bridge_lines
    where stage = 'collected' and invoice_line_id is not null and item != 'refunds'
    group by all having sum(amount) != 0
"""
BALANCES = (
    "select month, customer_id, currency, closing_mrr from marts.customer_months where closing_mrr != 0"
)
COHORTS = """
    select cohort_month, cast(cohort_month + to_months(cast(months_since as integer)) as date),
        customers_kept, mrr_kept
    from marts.retention_cohorts where customers_kept > 0
"""
EXCEPTIONS = """
    select object_id, check_name from intermediate.dq_revenue__flaws
    where check_name in ('unbalanced_invoice', 'unbalanced_payment', 'lines_cut_off')
"""
UNEXPLAINED = """
    select distinct unnest(invoice_ids) from marts.mrr_invoice_bridge where item like 'unexplained%'
"""
LAST_CLOSING = "select max_by(closing_mrr, month) from marts.mrr_months_constant"
COMMITTED_NAMES = ["opening_mrr", "scheduled_changes", "scheduled_cancellations"]
COMMITTED_NAMES += ["due_changes", "due_cancellations", "trial_mrr"]
COMMITTED = """
    select month, is_forecast, opening_mrr, scheduled_changes, scheduled_cancellations,
        due_changes, due_cancellations, trial_mrr
    from marts.committed_mrr_months order by month
"""
WINDOWS = [3, 12]
CENT_OF_A_CENT = Fraction(1, 10**4)
# Ratios are kept to twelve places, amounts that were divided to eight.
CLOSE = Fraction(1, 10**8)


def first_difference(found: Mapping[Any, Any], expected: Mapping[Any, Any]) -> str | None:
    """Return the first key whose values differ, with both values."""
    for key in sorted({*found, *expected}, key=str):
        if found.get(key) != expected.get(key):
            return f"{key}: {found.get(key)} instead of {expected.get(key)}"
    return None


def reference_of(world: World, switches: Json, zone: str = "UTC") -> Reference:
    """Return what the rules say about a world."""
    return Reference(world.account.observations, switches, world.until, zone, world.account.rows)


def differences(
    con: duckdb.DuckDBPyConnection, reference: Reference, broken: dict[str, str]
) -> Iterator[str]:
    """Yield what a build computes differently from the reference, and the identities it breaks.

    Args:
        con: The build.
        reference: What the rules say about the same events.
        broken: The invoices that do not add up, by what is wrong with each.
    """
    for name, check in CHECKS.items():
        problem = check(con, reference)
        if problem:
            yield f"{name}: {problem}"
    problem = first_difference(dict(con.execute(EXCEPTIONS).fetchall()), broken)
    if problem:
        yield f"the exceptions: {problem}"
    yield from (f"the identity that {problem}" for problem in broken_identities(con))


def _ledger(con: duckdb.DuckDBPyConnection, reference: Reference) -> str | None:
    found = {
        (c, d, x): (k, *map(Fraction, amounts)) for c, d, x, k, *amounts in con.execute(LEDGER).fetchall()
    }
    rows = reference.movements()
    expected = {(r.customer, r.day, r.currency): (r.kind, r.amount, r.after, r.worth) for r in rows}
    return first_difference(found, expected)


def _balances(con: duckdb.DuckDBPyConnection, reference: Reference) -> str | None:
    found = {(m, c, x): Fraction(a) for m, c, x, a in con.execute(BALANCES).fetchall()}
    return first_difference(found, {(m, c, x): a for m, c, x, a, _ in reference.balances})


def _bridge(con: duckdb.DuckDBPyConnection, reference: Reference) -> str | None:
    found = {tuple(key): Fraction(amount) for *key, amount in con.execute(BRIDGE).fetchall()}
    unexplained = {name for (name,) in con.execute(UNEXPLAINED).fetchall()}
    listed = {name for name, _ in con.execute(EXCEPTIONS).fetchall()}
    if not unexplained <= listed:
        return f"{unexplained - listed} are unexplained, and not listed"
    return first_difference(found, bridge(reference))


def _lines(con: duckdb.DuckDBPyConnection, reference: Reference) -> str | None:
    """Compare what became of each line of the invoices on which no money was returned."""
    book = reference.book
    returned = {
        book.objects["charge"][body["charge"]]["invoice"]
        for kind in ("refund", "dispute")
        for body in book.objects[kind].values()
    }
    expected: dict[Any, Fraction] = defaultdict(Fraction)
    skipped: set[str | None] = set()
    for invoice in book.objects["invoice"].values():
        if invoice["id"] in returned:
            skipped |= {line["id"] for line in invoice["lines"]["data"]}
            continue
        for item, month, amount, line in book.collected(invoice):
            expected[line, month, item] += amount
    found = {
        tuple(key): Fraction(amount)
        for *key, amount in con.execute(LINES).fetchall()
        if key[0] not in skipped
    }
    wanted = {key: amount for key, amount in expected.items() if amount and key[0] is not None}
    return first_difference(found, wanted)


def _sources(con: duckdb.DuckDBPyConnection, reference: Reference) -> str | None:
    for customer, movement, sources in con.execute(SOURCES).fetchall():
        strangers = set(sources) - reference.changes[customer]
        if strangers or not sources:
            return f"{movement} of {customer} names {strangers or 'nothing'}, which changed nothing"
    return None


def _months(con: duckdb.DuckDBPyConnection, reference: Reference) -> str | None:
    return _months_of(con, reference, "mrr_months")


def _months_constant(con: duckdb.DuckDBPyConnection, reference: Reference) -> str | None:
    return _months_of(con, reference, "mrr_months_constant")


def _months_of(con: duckdb.DuckDBPyConnection, reference: Reference, table: str) -> str | None:
    expected = Months(reference, constant=table.endswith("constant")).table()
    names = list(next(iter(expected.values()), {}))
    columns = ", ".join(f'"{name}"' for name in ["month", *names])
    rows = con.execute(f"select {columns} from marts.{table}").fetchall()  # noqa: S608 - our own names
    if {row[0] for row in rows} != set(expected):
        return f"has {len(rows)} months instead of {len(expected)}"
    for month, *values in rows:
        for name, value in zip(names, values, strict=True):
            wanted = expected[month][name]
            if not _close(value, wanted):
                return f"{month} {name}: {value} instead of {wanted and float(wanted)}"
    return None


def _windows(con: duckdb.DuckDBPyConnection, reference: Reference) -> str | None:
    months = Months(reference, constant=True)
    expected = {(end, length): row for length in WINDOWS for end, row in months.trailing(length).items()}
    names = list(next(iter(expected.values()), {}))
    columns = ", ".join(f'"{name}"' for name in ["month", "window_months", *names])
    rows = con.execute(f"select {columns} from marts.mrr_months_trailing").fetchall()  # noqa: S608 - our own names
    if len(rows) != len(WINDOWS) * len(months.months):
        return f"has {len(rows)} rows for {len(months.months)} months"
    for month, length, *values in rows:
        wanted = expected.get((month, length), dict.fromkeys(names))
        for name, value in zip(names, values, strict=True):
            if not _close(value, wanted[name]):
                return f"{length} months to {month} {name}: {value} instead of {wanted[name]}"
    return None


def _forecast(con: duckdb.DuckDBPyConnection, reference: Reference) -> str | None:
    """Compare committed MRR, past and to come; amounts of later phases are rounded coupon by coupon."""
    forward = Forward(reference)
    today = Fraction(con.execute(LAST_CLOSING).fetchall()[0][0] or 0)
    for month, is_forecast, *values in con.execute(COMMITTED).fetchall():
        due, later = Ahead(), Ahead(cancellations=-forward.scheduled_then(month))
        opening, trials = Fraction(values[0]), Fraction(0)
        if is_forecast:
            due, later, fallen = forward.months[month], forward.after(month), forward.until(month)
            opening, trials = today + fallen.changes + fallen.cancellations, forward.trials(month)
        expected = [opening, later.changes, later.cancellations, due.changes, due.cancellations, trials]
        for name, value, wanted in zip(COMMITTED_NAMES, values, expected, strict=True):
            if abs(Fraction(value) - wanted) > CENT_OF_A_CENT:
                return f"{month} {name}: {value} instead of {float(wanted)}"
    return None


def _close(value: Any, wanted: Fraction | int | None) -> bool:
    if value is None or wanted is None:
        return value is wanted is None
    expected = Fraction(wanted)
    return bool(abs(Fraction(value) - expected) <= CLOSE * max(Fraction(1), expected, -expected))


def _cohorts(con: duckdb.DuckDBPyConnection, reference: Reference) -> str | None:
    found = {(begun, month): (n, Fraction(a)) for begun, month, n, a in con.execute(COHORTS).fetchall()}
    return first_difference(found, Months(reference, constant=True).cohorts())


CHECKS = {
    "the ledger": _ledger,
    "the balances": _balances,
    "the sources": _sources,
    "the months": _months,
    "the months at one rate": _months_constant,
    "the windows": _windows,
    "the cohorts": _cohorts,
    "the bridge": _bridge,
    "the lines of the bridge": _lines,
    "the forecast": _forecast,
}
