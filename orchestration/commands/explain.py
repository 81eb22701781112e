"""`loki explain`: why two policies show different MRR."""

from __future__ import annotations

import sys
from typing import Annotated

import typer

from orchestration.commands.query import Form

app = typer.Typer(add_completion=False)

SWITCHES = """
    select month, switch, from_value, to_value, count(*) as customers, sum(amount) as amount, currency
    from ({gap}) group by all order by month desc, abs(sum(amount)) desc, switch
"""
CUSTOMERS = """
    select month, customer_id, tenant_id, switch, from_value, to_value, amount, currency
    from ({gap}) order by month desc, abs(amount) desc, customer_id, switch
"""
# The names were checked when the policies were resolved: lower case letters, digits and _ only.
GAP = "select * from marts.policy_gap where from_policy = '{start}' and to_policy = '{target}'"
NEWEST = " and month = (select max(month) from marts.mrr_months)"


@app.command()
def explain(
    target: Annotated[str, typer.Option("--to", help="Name or file of the other policy.")],
    start: Annotated[str | None, typer.Option("--from", help="Ours; left out: the configured one.")] = None,
    customers: Annotated[bool, typer.Option("--customers", help="By customer, not only by switch.")] = False,  # noqa: FBT002 - a flag
    every_month: Annotated[bool, typer.Option("--all", help="Every month, not only the newest.")] = False,  # noqa: FBT002 - a flag
    form: Annotated[Form, typer.Option("--format", help="How the answer is written.")] = Form.table,
) -> None:
    """Attribute the gap between two revenue policies to single switches: the shares add up to it exactly.

    Both policies are in the published builds from then on, and all shares in marts.policy_gap of the
    one it is answered from.
    """
    from orchestration.context import main_job, resolve_policy  # noqa: PLC0415 - heavy
    from orchestration.progress import Terminal  # noqa: PLC0415 - as above
    from orchestration.query import answer  # noqa: PLC0415 - as above
    from orchestration.reports import explain_gap  # noqa: PLC0415 - as above

    with Terminal() as progress:
        job = main_job(progress)
        ours = resolve_policy(start) if start else job.reporting.policy
        theirs = resolve_policy(target)
        build = explain_gap(job, ours, theirs)
    gap = GAP.format(start=ours.name, target=theirs.name) + ("" if every_month else NEWEST)
    with job.warehouse.open(build.id) as connection:
        if form is Form.table and not connection.execute(gap).fetchmany(1):
            when = "any month" if every_month else "the newest month; --all shows the others"
            typer.echo(f"{ours.name} and {theirs.name} show the same MRR in {when}.")
            return
        answer(
            connection, (CUSTOMERS if customers else SWITCHES).format(gap=gap), form.value, sys.stdout.buffer
        )
