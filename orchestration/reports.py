"""Reports on the ledger that cost builds of their own: why two policies differ, and what was restated."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

from orchestration import policy_gap, rebuild
from orchestration.locking import only_one
from orchestration.policies import resolve
from orchestration.restatement import restated
from orchestration.variants import variants
from tenants.errors import InvalidInput
from tenants.warehouse import open_for_building

if TYPE_CHECKING:
    from datetime import datetime
    from pathlib import Path

    from orchestration.context import MainJob
    from orchestration.restatement import Restated


def explain_gap(job: MainJob, start: str, target: str) -> Path:
    """Attribute the gap between two policies to single switches, and return the file of `marts.policy_gap`.

    It is computed on what the published build was made from, and kept beside it until that build goes.

    Args:
        job: The main job as configured.
        start: Name or file of the policy to start from.
        target: Name or file of the policy to get to.

    Raises:
        InvalidInput: A policy is unknown, or both have the same rules.
        BuildFailed: A step could not be built.
    """
    policies = resolve(start), resolve(target)
    if not policy_gap.chain(*policies):
        message = f"{start} and {target} count by the same rules; there is nothing to explain."
        raise InvalidInput(message, "no_difference")
    published = job.warehouse.published()
    place = job.warehouse.gap_file(published.id, policies[0].name, policies[1].name)
    if place.exists():
        return place
    workspace = job.state / "policy_gaps" / ".building"
    with only_one(job.state):
        shutil.rmtree(workspace, ignore_errors=True)
        known = published.facts.get("as_known_at")
        moment = _moment(str(published.facts["now"]))
        until = _moment(str(known)) if known else None
        variables = variants(job.reporting, job.state, moment, until)[0].variables
        made = policy_gap.explain(
            job.state / "landing", workspace, policies, dict(variables), job.progress.detail
        )
        place.parent.mkdir(parents=True, exist_ok=True)
        made.replace(place)
        shutil.rmtree(workspace)
        _forget_old(job)
    return place


def restate(job: MainJob, earlier: datetime, later: datetime) -> list[Restated]:
    """Return what was known differently at two times of what lies before the earlier one, with its cause."""
    if earlier >= later:
        message = "Give the earlier time first, and a later one second."
        raise InvalidInput(message, "times_out_of_order")
    builds = [rebuild.as_known(job, moment) for moment in (earlier, later)]
    with open_for_building() as connection:
        return restated(connection, *builds)


def _forget_old(job: MainJob) -> None:
    kept = set(job.warehouse.build_ids())
    for folder in (job.state / "policy_gaps").iterdir():
        if folder.name not in kept:
            shutil.rmtree(folder, ignore_errors=True)


def _moment(text: str) -> datetime:
    from datetime import datetime  # noqa: PLC0415 - only for reading a fact

    return datetime.fromisoformat(text)
