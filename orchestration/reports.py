"""Reports on the ledger that cost builds of their own: why two policies differ, and what was restated."""

from __future__ import annotations

from dataclasses import asdict, replace
from typing import TYPE_CHECKING

from dashboards.queries.restatements import restated
from orchestration import policy_gap, rebuild
from orchestration.context import published_gaps
from tenants.errors import InvalidInput

if TYPE_CHECKING:
    from datetime import datetime

    import polars as pl

    from orchestration.context import MainJob
    from orchestration.variants import Policy
    from tenants.warehouse import Build


def explain_gap(job: MainJob, start: Policy, target: Policy) -> Build:
    """Return the published build once its `marts.policy_gap` leads from one policy to another.

    Where it does not yet, the warehouse is built anew with both in it, and published. Refreshes keep both and
    their gaps to the configured policy; that between them is explained anew on the next request.

    Raises:
        InvalidInput: By both policies every balance is the same.
        Unavailable: Nothing has been published yet.
        BuildFailed: A policy could not be built.
    """
    if not policy_gap.chain(start, target):
        message = (
            f"{start.name} and {target.name} value MRR by the same rules; there is no gap to explain. "
            "Name another policy with --to."
        )
        raise InvalidInput(message, "no_difference")
    published = job.warehouse.published()
    if [asdict(start), asdict(target)] in published.facts.get("policy_gaps", ()):
        return published
    job.progress.step(f"Building the warehouse with {start.name} and {target.name} side by side")
    reporting = job.reporting
    for pair in [*published_gaps(job.settings), (start, target)]:
        reporting = reporting.explaining(*pair)
    return rebuild.rebuild(replace(job, reporting=reporting))


def restate(job: MainJob, earlier: datetime, later: datetime) -> pl.DataFrame:
    """Return what was known differently at two times of what lies before the earlier one, with its cause.

    Raises:
        InvalidInput: The times are out of order, or have not come yet.
        BuildFailed: What was known at one of them could not be built.
    """
    if earlier >= later:
        message = "Give the earlier time first, and a later one second."
        raise InvalidInput(message, "times_out_of_order")
    alone = replace(job, reporting=replace(job.reporting, beside=(), explained=()))
    # The later one first: a time that has not come is refused before anything is built.
    told_later, told_first = (rebuild.as_known(alone, moment) for moment in (later, earlier))
    return restated(job.warehouse, told_first, told_later)
