"""Two commands put one tenant of many back to last night's backup, while the others keep working."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
from contextlib import closing
from dataclasses import dataclass, field
from hashlib import sha256
from typing import TYPE_CHECKING

import pytest

from orchestration.serve import create_app
from tenants.people.roles import ALL_PERMISSIONS
from tenants.protection.portable import read_rows
from tenants.settings import PlatformSettings
from tenants.stores import TenantStores
from tenants.tenancy import NewTenant, Overrides
from tenants.tenancy.provisioning import provision
from tests.orchestration.factories import NOW
from tests.tenants import factories as make
from tests.tenants.api.serving import Client, serving
from tests.validation_engine.factories import GATE

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tenants.api.deps import Deps

_DOCUMENT = {"document": "Our returns are guaranteed.", "modules": ["fca_uk"]}
_THREADS = 4


@dataclass
class Worker:
    """One tenant with a client that validates for it, and what it was answered."""

    tenant_id: str
    client: Client
    run_ids: list[str] = field(default_factory=list)
    refused: list[str] = field(default_factory=list)

    def work(self) -> None:
        answer = self.client.post("/v1/validations", json=_DOCUMENT)
        if answer.status_code == 200:
            self.run_ids.append(answer.json()["id"])
        else:
            self.refused.append(answer.text)


@dataclass
class Platform:
    """The API as it is served, and the tenants behind it."""

    deps: Deps
    workers: list[Worker]

    def loki(self, *arguments: str) -> str:
        state = str(self.deps.settings.state())
        environment = os.environ | {"LOKI_HOME": state, "LOKI_NOW": NOW.isoformat()}
        command = [sys.executable, "-m", "orchestration.cli", *arguments]
        done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)  # noqa: S603 - ours
        assert done.returncode == 0, done.stderr
        return done.stdout

    def rows(self, tenant_id: str) -> list[str]:
        """A hash for each row of a tenant's store, read as another process would."""
        with (
            closing(TenantStores(self.deps.settings, self.deps.clock)) as stores,
            stores.leased(tenant_id) as database,
            database.read() as connection,
        ):
            return [sha256(repr(row).encode()).hexdigest() for row in read_rows(connection)]


@pytest.fixture
def platform(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Platform]:
    settings = PlatformSettings(_env_file=None, home=tmp_path / "state", base_domain="loki.test", now=NOW)
    app = create_app(settings, settings.clock())
    deps = app.state.deps
    with serving(app) as address:
        workers = [_worker(deps, address, number) for number in range(request.param)]
        for each in workers:
            each.work()
        yield Platform(deps, workers)
    deps.close()


def _worker(deps: Deps, address: str, number: int) -> Worker:
    own = Overrides(rate_limit_per_minute=100_000, quotas={"api_calls": None})
    new = NewTenant(name=f"Firm {number}", plan="professional", overrides=own)
    tenant = provision(deps.control, deps.stores, new, make.BY)
    issued = deps.control.keys.issue(tenant.tenant_id, "k", make.BY, permissions=sorted(ALL_PERMISSIONS))
    client = Client(address, "loki.test", {"Authorization": f"Bearer {issued.text}"})
    assert client.post("/v1/custom-gates", json={"body": GATE}).status_code == 201
    return Worker(tenant.tenant_id, client)


@pytest.mark.parametrize(
    "platform",
    [
        pytest.param(3, id="3 tenants"),
        pytest.param(50, id="50 tenants", marks=[pytest.mark.long, pytest.mark.timeout(1800)]),
    ],
    indirect=True,
)
def test_one_tenant_is_restored_from_last_nights_backup_while_the_others_keep_working(
    platform: Platform,
) -> None:
    lost, *others = platform.workers
    assert f"{len(platform.workers)} tenants backed up" in platform.loki("nightly")
    before = platform.rows(lost.tenant_id)
    for _ in range(3):
        lost.work()
    assert lost.client.delete("/v1/custom-gates/custom.no_jargon").status_code == 200
    assert platform.rows(lost.tenant_id) != before
    with _working(others) as done:
        backup = json.loads(platform.loki("backup", "list", lost.tenant_id, "--format", "json"))[0]["path"]
        started = len(done)
        told = platform.loki("restore", lost.tenant_id, backup)
        assert len(done) > started  # the others were served while it ran
    assert f"Restored {len(before):,} rows" in told
    assert platform.rows(lost.tenant_id) == before
    _are_served_as_before(lost)
    _lost_nothing(platform, others)


class _working:  # noqa: N801 - reads as what it does
    """Lets tenants validate on several threads until the block ends; the list grows with each call."""

    def __init__(self, workers: list[Worker]) -> None:
        self._workers = workers
        self._stop = threading.Event()
        self._done: list[str] = []
        self._threads = [
            threading.Thread(target=self._run, args=(workers[number::_THREADS],))
            for number in range(min(_THREADS, len(workers)))
        ]

    def _run(self, workers: list[Worker]) -> None:
        while not self._stop.is_set():
            for each in workers:
                each.work()
                self._done.append(each.tenant_id)

    def __enter__(self) -> list[str]:
        for each in self._threads:
            each.start()
        return self._done

    def __exit__(self, *_: object) -> None:
        self._stop.set()
        for each in self._threads:
            each.join()
        assert set(self._done) == {each.tenant_id for each in self._workers}


def _are_served_as_before(restored: Worker) -> None:
    first, *later = restored.run_ids
    assert restored.client.get(f"/v1/validations/{first}").json()["id"] == first
    assert {restored.client.get(f"/v1/validations/{each}").status_code for each in later} == {404}
    assert restored.client.get("/v1/custom-gates/custom.no_jargon").status_code == 200
    restored.work()
    assert restored.refused == []


def _lost_nothing(platform: Platform, others: list[Worker]) -> None:
    for each in others:
        kept = platform.deps.stores.open(each.tenant_id).rows_after("validation_runs", 0, 1_000_000)
        assert each.refused == []
        assert sorted(row["run_id"] for row in kept) == sorted(each.run_ids)
