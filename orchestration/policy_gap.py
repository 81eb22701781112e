"""Why two policies show different MRR: the gap at each month's end, by customer and by single switch.

The switches in which the policies differ are turned over one after the other, in the order of `switches.yml`;
what a step changes is that switch's share, so the shares add up to the whole gap exactly.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from typing import TYPE_CHECKING

from orchestration.dbt_run import DbtRun
from orchestration.policies import allowed_values
from orchestration.variants import Policy, balances_only, common_variables
from tenants.warehouse import open_for_building

if TYPE_CHECKING:
    from pathlib import Path

    from duckdb import DuckDBPyConnection

    from orchestration.build import BuildOrder
    from orchestration.progress import Progress

# These name and divide movements; they change no balance, so that no gap comes from them.
WITHOUT_SHARE = frozenset({"reactivation_gap", "churn_base"})
SCRATCH = "policy_gap.duckdb"
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
from {after}.customer_months as a
full outer join {before}.customer_months as b using (month, customer_id, currency)
where coalesce(a.closing_mrr, 0) != coalesce(b.closing_mrr, 0)
"""


@dataclass(frozen=True)
class Step:
    """One switch turned over: the policy before it and after it."""

    switch: str
    before: Policy
    after: Policy


def chain(start: Policy, target: Policy) -> list[Step]:
    """Return the steps from one policy to another, one switch each; none where no balance can differ."""
    turned = [
        switch
        for switch in allowed_values()
        if switch not in WITHOUT_SHARE and start.switches.get(switch) != target.switches.get(switch)
    ]
    steps: list[Step] = []
    before = start
    for switch in turned:
        after = target if switch == turned[-1] else _between(before, switch, target)
        steps.append(Step(switch, before, after))
        before = after
    return steps


def _between(before: Policy, switch: str, target: Policy) -> Policy:
    """Return a policy with one more switch turned over, named by its rules: dbt keeps what it parsed."""
    switches = before.switches | {switch: target.switches[switch]}
    digest = hashlib.sha256(json.dumps(switches, sort_keys=True).encode()).hexdigest()[:12]
    return Policy(f"gap_{digest}", switches)


def write(file: Path, order: BuildOrder, progress: Progress) -> None:
    """Add `marts.policy_gap` to a warehouse being built that holds the order's policies already.

    Raises:
        BuildFailed: A policy between two others could not be built; the message names the model.
    """
    pairs = order.reporting.gaps
    scratch = _build_between(file, order, progress)
    with open_for_building(file) as con:
        con.execute(TABLE)
        if scratch.exists():
            con.execute("attach ? as between_policies (read_only)", [str(scratch)])
        places = _places(order)
        for pair in pairs:
            for step in chain(*pair):
                _attribute(con, pair, step, places)
    scratch.unlink(missing_ok=True)


def _build_between(file: Path, order: BuildOrder, progress: Progress) -> Path:
    """Build the policies that lie between two others into a file of their own, and return it."""
    scratch = file.with_name(SCRATCH)
    steps = [step for pair in order.reporting.gaps for step in chain(*pair)[:-1]]
    policies = {step.after.name: step.after for step in steps}
    if policies:
        progress.step("Attributing the gaps between policies to single switches")
        common = common_variables(order.reporting, order.now, order.as_known_at)
        wanted = balances_only(list(policies.values()), common, order.state)
        run = DbtRun(order.state / "landing", scratch, order.state / "logs", wanted)
        run.build_and_test(lambda name: progress.detail(f"built {name}"))
    return scratch


def _places(order: BuildOrder) -> dict[str, str]:
    """Return in which schema the customers' months of each policy of the build lie."""
    beside = {policy.name: f"marts_{policy.name}" for policy in order.reporting.beside}
    return beside | {order.reporting.policy.name: "marts"}


def _attribute(
    con: DuckDBPyConnection, pair: tuple[Policy, Policy], step: Step, places: dict[str, str]
) -> None:
    before, after = (
        places.get(policy.name) or f"between_policies.marts_{policy.name}"
        for policy in (step.before, step.after)
    )
    values = [str(policy.switches[step.switch]) for policy in (step.before, step.after)]
    given = [*(policy.name for policy in pair), step.switch, *values]
    con.execute(SHARE.format(before=before, after=after), given)
