"""The process that carries out what staff asked for, the erasures among it."""

from __future__ import annotations

import sys
from contextlib import closing
from types import MappingProxyType
from typing import TYPE_CHECKING

from orchestration.context import MainJob, load, reporting
from orchestration.logs import configure
from orchestration.progress import Silent
from orchestration.settings import BuildSettings
from orchestration.state_settings import adopt
from tenants.control import ControlPlane
from tenants.settings import PlatformSettings
from tenants.stores import TenantStores
from tenants.tasks.carrying import carry_out_waiting
from tenants.tasks.kinds import RUNS
from tenants.tasks.records import Kind

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tenants.tasks.kinds import Run
    from tenants.tasks.records import Outcome, Work

COMMAND = (sys.executable, "-m", "orchestration.tasks")


def erase_due(work: Work) -> Outcome:
    """Erase those tenants whose requests are named and due."""
    from orchestration import erasure  # noqa: PLC0415 - heavy, and no other kind needs it

    settings = work.control.settings
    job = MainJob(settings, reporting(settings, load(BuildSettings)), work.control.clock, Silent())
    named = frozenset(work.task.parameters["anonymous_ids"])
    return {"erased": len(erasure.erase_due(job, work.by, named))}


ALL_RUNS: Mapping[Kind, Run] = MappingProxyType({**RUNS, Kind.erase_due: erase_due})


def main() -> None:
    """Carry out all that waits, and end."""
    configure("info")
    adopt()
    settings = load(PlatformSettings)
    with (
        closing(ControlPlane.open(settings, settings.clock())) as control,
        closing(TenantStores(settings, control.clock)) as stores,
    ):
        while carry_out_waiting(control, stores, ALL_RUNS):
            pass


if __name__ == "__main__":
    main()
