from __future__ import annotations

from dataclasses import asdict
from decimal import Decimal
from itertools import pairwise
from typing import TYPE_CHECKING

import pytest

from orchestration.build import BuildOrder
from orchestration.context import BuildSettings, MainJob, published_beside, published_gaps, resolve_policy
from orchestration.context import reporting as configured_reporting
from orchestration.policy_gap import SCRATCH, chain, write
from orchestration.progress import Silent
from orchestration.publishing import publish, seal, workspace
from orchestration.reports import explain_gap
from orchestration.variants import Policy, Reporting
from tenants.clock import FixedClock
from tenants.errors import InvalidInput
from tenants.settings import PlatformSettings
from tenants.warehouse import Warehouse, open_for_building
from tests.dbt_project.revenue.account import Account, moment
from tests.dbt_project.revenue.warehouse import compiled

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.early

DEFAULT, STRIPE = resolve_policy("default"), resolve_policy("stripe")
OWN = Policy(
    "own", DEFAULT.switches | {"discounts": "forever", "paused": "keep", "churn_base": "start_plus_new"}
)
NOW = moment("2025-02-20")


def test_the_chain_turns_over_each_switch_that_weighs_once_and_ends_at_the_target() -> None:
    steps = chain(DEFAULT, STRIPE)
    assert [step.switch for step in steps] == ["discounts", "past_due_days", "paused"]
    assert (steps[0].before, steps[-1].after) == (DEFAULT, STRIPE)
    assert all(step.after is following.before for step, following in pairwise(steps))


def test_policies_that_only_divide_otherwise_have_no_gap() -> None:
    divided = Policy("divided", DEFAULT.switches | {"churn_base": "start_plus_new"})
    assert chain(DEFAULT, DEFAULT) == chain(DEFAULT, divided) == []


def test_reporting_remembers_each_policy_and_pair_once() -> None:
    plain = Reporting(DEFAULT, "usd", "UTC", "loki")
    both = plain.explaining(DEFAULT, STRIPE).explaining(STRIPE, OWN).explaining(STRIPE, OWN)
    assert both.beside == (STRIPE, OWN)
    assert both.gaps == [(DEFAULT, STRIPE), (DEFAULT, OWN), (STRIPE, OWN)]


def add_balances(file: Path, landing: Path, policy: Policy, schema: str) -> None:
    """Add the customers' months under a policy to a warehouse, in the schema that a build has them in."""
    built = file.with_name(f"{policy.name}.duckdb")
    compiled(policy.switches).build(landing, NOW, file=built).close()
    with open_for_building(file) as con:
        con.execute("attach ? as built (read_only)", [str(built)])
        con.execute(f"create schema {schema}")
        con.execute(f"create table {schema}.customer_months as from built.marts.customer_months")


def job_of(state: Path, reporting: Reporting) -> MainJob:
    settings = PlatformSettings(home=state)
    return MainJob(settings, reporting, FixedClock(NOW), Silent())


def test_the_gap_is_a_table_of_the_build_by_switch_and_customer(tmp_path: Path) -> None:
    account, start = Account(), moment("2025-01-10")
    price = account.price("10000")
    end = moment("2025-12-01")
    discount = account.discount(start, end, percent_off=10, duration="repeating")
    coupon = account.subscribe(start, [account.item(price)], discounts=[discount])
    paused = account.subscribe(start, [account.item(price)])
    account.change(paused, moment("2025-02-10"), pause_collection={"behavior": "void"})
    account.subscribe(start, [account.item(price)])
    landing = account.land(tmp_path / "landing")
    file = tmp_path / "warehouse.duckdb"
    for policy, schema in ((DEFAULT, "marts"), (OWN, "marts_own")):
        add_balances(file, landing, policy, schema)
    reporting = Reporting(DEFAULT, "usd", "UTC", "loki", (OWN,))
    write(file, BuildOrder(tmp_path, reporting, NOW, NOW), Silent())
    with open_for_building(file) as con:
        rows = con.execute("""
            select cast(month as varchar), customer_id, switch, amount from marts.policy_gap
            order by month, switch
        """).fetchall()
    assert rows == [
        ("2025-01-01", coupon["customer"], "discounts", Decimal(10)),
        ("2025-02-01", coupon["customer"], "discounts", Decimal(10)),
        ("2025-02-01", paused["customer"], "paused", Decimal(100)),
    ]
    assert not (tmp_path / SCRATCH).exists()


def test_an_explained_pair_is_answered_from_the_published_build_until_refreshed(
    tmp_path: Path,
) -> None:
    reporting = Reporting(DEFAULT, "usd", "UTC", "loki").explaining(STRIPE, OWN)
    job = job_of(tmp_path, reporting)
    warehouse = Warehouse(tmp_path)
    workspace(warehouse).mkdir(parents=True)
    facts = {
        "built_at": NOW.isoformat(),
        "policies_beside": [asdict(policy) for policy in reporting.beside],
        "policy_gaps": [[asdict(policy) for policy in pair] for pair in reporting.gaps],
    }
    build = seal(warehouse, workspace(warehouse), "one", facts)
    publish(warehouse, build)
    assert explain_gap(job, DEFAULT, STRIPE) == explain_gap(job, STRIPE, OWN) == build
    assert published_beside(job.settings) == [STRIPE, OWN]
    assert published_gaps(job.settings) == [(STRIPE, OWN)]
    refreshed = configured_reporting(job.settings, BuildSettings(_env_file=None))
    assert (refreshed.beside, refreshed.explained) == ((STRIPE, OWN), ())
    with pytest.raises(InvalidInput, match="default and default value MRR by the same rules"):
        explain_gap(job, DEFAULT, DEFAULT)
