"""`loki explain`: why two policies show different MRR."""

from __future__ import annotations

import sys
from typing import Annotated

import typer

from orchestration.commands.query import Form

app = typer.Typer(add_completion=False)

SWITCHES = """
    select month, switch, from_value, to_value, count(*) as customers, sum(amount) as amount, currency
    from marts.policy_gap where {month} group by all order by month desc, abs(sum(amount)) desc, switch
"""
CUSTOMERS = """
    select month, customer_id, tenant_id, switch, from_value, to_value, amount, currency
    from marts.policy_gap where {month} order by month desc, abs(amount) desc, customer_id, switch
"""
_NEWEST = "month = (select max(month) from marts.policy_gap)"


@app.command()
def explain(
    target: Annotated[str, typer.Option("--to", help="Name or file of the other policy.")],
    start: Annotated[str, typer.Option("--from", help="Name or file of ours.")] = "default",
    customers: Annotated[bool, typer.Option("--customers", help="By customer, not only by switch.")] = False,  # noqa: FBT002 - a flag
    every_month: Annotated[bool, typer.Option("--all", help="Every month, not only the newest.")] = False,  # noqa: FBT002 - a flag
    form: Annotated[Form, typer.Option("--format", help="How the answer is written.")] = Form.table,
) -> None:
    """Attribute the gap between two revenue policies to single switches: the shares add up to it exactly."""
    from orchestration.context import main_job  # noqa: PLC0415 - heavy
    from orchestration.progress import Terminal  # noqa: PLC0415 - as above
    from orchestration.query import answer  # noqa: PLC0415 - as above
    from orchestration.reports import explain_gap  # noqa: PLC0415 - as above
    from tenants.warehouse import open_read_only  # noqa: PLC0415 - as above

    with Terminal() as progress:
        progress.step("Turning the switches over, one after the other")
        file = explain_gap(main_job(progress), start, target)
    question = (CUSTOMERS if customers else SWITCHES).format(month="true" if every_month else _NEWEST)
    with open_read_only(file) as connection:
        answer(connection, question, form.value, sys.stdout.buffer)
