from __future__ import annotations

import multiprocessing
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from decimal import Decimal
from typing import TYPE_CHECKING

import pytest

from tenants.settings import PlatformSettings
from tenants.stores import TenantStores
from tests.tenants import factories as make

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.early

_PROCESSES = 4
_THREADS = 16


@pytest.mark.parametrize("rounds", [5, pytest.param(500, marks=pytest.mark.long)])
def test_of_64_calls_over_processes_with_one_unit_left_exactly_one_passes(
    rounds: int, tmp_path: Path
) -> None:
    stores = TenantStores(PlatformSettings(home=tmp_path), make.CLOCK)
    tenants = [f"ten_{number}" for number in range(rounds)]
    for tenant_id in tenants:
        stores.create(tenant_id).commit_validation(make.validation(charge=make.charge(limit=10, units=9)))
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(_PROCESSES, mp_context=context) as processes:
        for tenant_id in tenants:
            calls = [processes.submit(_call_at_once, str(tmp_path), tenant_id) for _ in range(_PROCESSES)]
            assert sum(call.result() for call in calls) == 1
            assert stores.open(tenant_id).usage(make.NOVEMBER).units == {"api_calls": Decimal(10)}
    stores.close()


def _call_at_once(home: str, tenant_id: str) -> int:
    from pathlib import Path  # noqa: PLC0415 - runs in its own process

    stores = TenantStores(PlatformSettings(home=Path(home)), make.CLOCK)
    store = stores.open(tenant_id)
    commits = [make.validation(run=make.run(run_id=_unique())) for _ in range(_THREADS)]
    commits = [make.validation(run=each.run, charge=make.charge(limit=10)) for each in commits]
    with ThreadPoolExecutor(_THREADS) as threads:
        kinds = [outcome.kind for outcome in threads.map(store.commit_validation, commits)]
    stores.close()
    return kinds.count("committed")


def _unique() -> str:
    from uuid import uuid4  # noqa: PLC0415 - as above

    return uuid4().hex
