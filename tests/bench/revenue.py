"""The revenue marts anew: dbt model time at 100,000 subscriptions and at ten times that, beside a peer.

The peer is the usual month spine: every subscription joined to every month, same engine, same files.
"""

from __future__ import annotations

import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import duckdb

from tests.bench.revenue_world import write_world

PROJECT = Path(__file__).parents[2] / "dbt_project"
LIMIT_SECONDS, LIMIT_GROWTH = 6.0, 12.0
SPINE = """
create table spine as
select month, customer_id, sum(amount) as mrr
from (
    select months.month, s.object_id, s.customer_id, sum(item.unit_amount * item.quantity / 100) as amount
    from (
        select *, lead(occurred_at) over (partition by object_id order by occurred_at) as until
        from read_parquet('{landing}/stripe_subscription/*/*.parquet', union_by_name = true)
    ) as s
    join (
        select unnest(generate_series(
            timestamptz '2024-01-01', timestamptz '2025-12-01', interval 1 month
        )) as month
    ) as months on s.occurred_at <= months.month and coalesce(s.until > months.month, true)
    cross join unnest(s.items) as listed (item)
    where s.status = 'active'
    group by all
)
group by all
"""


def main() -> bool:
    """Print both sizes, their ratio and the peer; return whether the limits are kept."""
    sizes = [int(size) for size in os.environ.get("LOKI_BENCH_SUBSCRIPTIONS", "100000,1000000").split(",")]
    seconds = [_measure(size) for size in sizes]
    kept = seconds[0] < LIMIT_SECONDS
    _say(f"limit at the first size {LIMIT_SECONDS} s: {'kept' if kept else 'not kept'}")
    for larger in seconds[1:]:
        growth = larger / seconds[0]
        kept = kept and growth <= LIMIT_GROWTH
        _say(f"growth {growth:.1f}, limit {LIMIT_GROWTH}: {'kept' if growth <= LIMIT_GROWTH else 'not kept'}")
    return kept


def _say(text: str) -> None:
    sys.stdout.write(f"revenue: {text}\n")
    sys.stdout.flush()


def _measure(size: int) -> float:
    """Build a world of so many subscriptions and the peer; return the seconds of ours."""
    with tempfile.TemporaryDirectory() as folder:
        landing = Path(folder) / "landing"
        lines = write_world(landing, size)
        taken, megabytes = _models(landing, Path(folder))
        peer = _peer(landing)
    _say(f"{size} subscriptions, {lines} lines: {taken:.1f} s of model time, peak {megabytes} MB")
    _say(f"a month spine over the same subscriptions, without lineage or invoices: {peer:.1f} s")
    return taken


def _models(landing: Path, folder: Path) -> tuple[float, int]:
    """Run dbt in a process of its own; return the sum of its models' seconds and its peak memory."""
    target = folder / "target"
    variables = {"now": "2026-01-15T00:00:00+00:00", "reporting_currency": "USD"}
    common = [
        *("--quiet", "--log-level", "none", "--log-level-file", "info"),  # as the main job runs it
        *("--project-dir", str(PROJECT), "--profiles-dir", str(PROJECT)),
        *("--target-path", str(target), "--log-path", str(folder / "logs"), "--vars", json.dumps(variables)),
    ]
    dbt, chosen = (
        str(Path(sys.executable).parent / "dbt"),
        ("--select", "tag:revenue", "path:models/staging/stripe"),
    )
    state = {"LOKI_LANDING_ROOT": str(landing), "LOKI_BUILD_PATH": str(folder / "build.duckdb")}
    for step in (["seed", *common], ["run", *common, *chosen, "--threads", "1"]):
        subprocess.run([dbt, *step], check=True, env=os.environ | state)  # noqa: S603 - our own dbt
    results = json.loads((target / "run_results.json").read_text())["results"]
    peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss // 1024
    slowest = sorted(results, key=lambda result: -result["execution_time"])[:5]
    for result in slowest:
        _say(f"  {result['execution_time']:.2f} s {result['unique_id'].split('.')[-1]}")
    return sum(result["execution_time"] for result in results), peak


def _peer(landing: Path) -> float:
    con = duckdb.connect()  # noqa: TID251 - a scratch database in memory
    con.execute("set TimeZone = 'UTC'; set threads = 2")
    began = time.perf_counter()
    con.execute(SPINE.format(landing=landing))
    return time.perf_counter() - began


if __name__ == "__main__":
    main()
