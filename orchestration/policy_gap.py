"""Why two policies show different MRR: the gap at each month's end, by customer and by single switch.

The switches in which the policies differ are turned over one after the other, in the order of `switches.yml`;
what a step changes is that switch's share, so the shares add up to the whole gap exactly.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from orchestration.dbt_run import DbtRun, Variant
from orchestration.policies import allowed_values, with_switches
from tenants.warehouse import open_for_building

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from duckdb import DuckDBPyConnection

    from orchestration.policies import Policy

FILE = "policy_gap.duckdb"
# The plans come along so that the test that customers add up to them runs on every step.
SELECTED = ("+customer_months", "+plan_months")
TABLE = """
create or replace table marts.policy_gap (
    from_policy varchar, to_policy varchar, month date, customer_id varchar, tenant_id varchar,
    currency varchar, switch varchar, from_value varchar, to_value varchar, amount decimal(38, 8)
)
"""
SHARE = """
insert into marts.policy_gap
select ?, ?, month, customer_id, coalesce(a.tenant_id, b.tenant_id), currency, ?, ?, ?,
    coalesce(a.closing_mrr, 0) - coalesce(b.closing_mrr, 0) as amount
from marts_{after}.customer_months as a
full outer join marts_{before}.customer_months as b using (month, customer_id, currency)
where coalesce(a.closing_mrr, 0) != coalesce(b.closing_mrr, 0)
"""


@dataclass(frozen=True)
class Step:
    """One switch turned over: the policy before it and after it."""

    switch: str
    before: Policy
    after: Policy


def chain(start: Policy, target: Policy) -> list[Step]:
    """Return the steps from one policy to another, one switch each."""
    steps: list[Step] = []
    current = with_switches(start, "gap_0", {})
    for switch in allowed_values():
        if start.switches[switch] != target.switches[switch]:
            after = with_switches(current, f"gap_{len(steps) + 1}", {switch: target.switches[switch]})
            steps.append(Step(switch, current, after))
            current = after
    return steps


def explain(
    landing: Path,
    folder: Path,
    policies: tuple[Policy, Policy],
    variables: dict[str, Any],
    progress: Callable[[str], None],
) -> Path:
    """Build `marts.policy_gap` and return the DuckDB file that holds it.

    Args:
        landing: The landing zone.
        folder: Where to build; created if need be.
        policies: The policy to start from, and the one to get to.
        variables: dbt's variables for clock, as-known-at time, reporting currency and time zone.
        progress: Is told each model built.

    Raises:
        BuildFailed: A model could not be built; the message names it.
    """
    steps = chain(*policies)
    folder.mkdir(parents=True, exist_ok=True)
    file = folder / FILE
    file.unlink(missing_ok=True)
    wanted = [step.before for step in steps[:1]] + [step.after for step in steps]
    variants = [_variant(policy, variables, folder) for policy in wanted]
    if variants:
        DbtRun(landing, file, folder / "logs", variants).build_and_test(progress)
    with open_for_building(file) as con:
        con.execute("create schema if not exists marts")
        con.execute(TABLE)
        for step in steps:
            _attribute(con, policies, step)
    return file


def _variant(policy: Policy, variables: dict[str, Any], folder: Path) -> Variant:
    own = {"policy": policy.name, "policy_switches": policy.switches, "is_configured_policy": False}
    return Variant(policy.name, variables | own, folder / "dbt" / policy.name, SELECTED)


def _attribute(con: DuckDBPyConnection, policies: tuple[Policy, Policy], step: Step) -> None:
    share = SHARE.format(after=step.after.name, before=step.before.name)
    start, target = policies
    values = [str(policy.switches[step.switch]) for policy in (step.before, step.after)]
    con.execute(share, [start.name, target.name, step.switch, *values])
