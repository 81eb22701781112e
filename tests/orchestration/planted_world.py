"""A platform on which tenants used everything there is: served, billed, logged, pulled, backed up, built."""

from __future__ import annotations

import logging
from contextlib import closing, contextmanager
from dataclasses import dataclass
from random import Random
from typing import TYPE_CHECKING

import orjson
import structlog
from pydantic import SecretStr

from orchestration.context import MainJob, reporting
from orchestration.demo.sandbox import Sandbox
from orchestration.progress import Silent
from orchestration.pull import pull
from orchestration.refresh import build_and_publish
from orchestration.serve import create_app
from orchestration.settings import BuildSettings
from tenants.billing import prices
from tenants.billing.gateway import StripeGateway
from tenants.clock import FixedClock
from tenants.control import ControlPlane
from tenants.protection.backups import Backups
from tenants.settings import PlatformSettings
from tenants.stores import TenantStores
from tests.orchestration.factories import NOW
from tests.orchestration.planting import Garden, Planted
from tests.orchestration.searching import words_in, words_under_keys
from tests.tenants import factories as make
from tests.tenants.api.serving import serving
from tests.tenants.billing.events import signed

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

SECRET = "whsec_of_the_tests"


@dataclass
class World:
    """A platform with tenants that used everything, pulled, backed up and built."""

    job: MainJob
    sandbox: Sandbox
    planted: list[Planted]
    logs: Path

    @property
    def gone(self) -> Planted:
        return self.planted[-1]

    @property
    def staying(self) -> list[Planted]:
        return self.planted[:-1]

    @contextmanager
    def opened(self) -> Iterator[tuple[ControlPlane, TenantStores]]:
        with (
            closing(ControlPlane.open(self.job.settings, self.job.clock)) as control,
            closing(TenantStores(self.job.settings, self.job.clock)) as stores,
        ):
            yield control, stores

    def found(self) -> dict[str, set[str]]:
        """Every word that can be found, with its places; what opens with a key lies in `sealed`."""
        found = words_in(self.job.state)
        with self.opened() as opened:
            for word in words_under_keys(*opened):
                found.setdefault(word, set()).add("sealed")
        return found


@contextmanager
def planted_world(folder: Path, tenants: int) -> Iterator[World]:
    """Make it, with the usage logs in a folder that `LOKI_USAGE_LOGS` has to name."""
    clock = FixedClock(NOW)
    sandbox = Sandbox(folder / "stripe", clock)
    with sandbox.serve(), _everything_logged(folder / "state" / "logs" / "everything.log"):
        settings = PlatformSettings(
            _env_file=None,
            home=folder / "state",
            base_domain="loki.test",
            stripe_api_key=SecretStr(sandbox.api_key),
            stripe_api_base=sandbox.url,
            stripe_webhook_secret=SecretStr(SECRET),
        )
        job = MainJob(settings, reporting(settings, BuildSettings(_env_file=None)), clock, Silent())
        planted = _planted(settings, clock, sandbox, folder / "logs", tenants)
        pull(job)
        build_and_publish(job)
        yield World(job, sandbox, planted, folder / "logs")
    sandbox.close()


@contextmanager
def _everything_logged(path: Path) -> Iterator[None]:
    """Log at the most talkative into the folder of logs."""
    path.parent.mkdir(parents=True)
    before = structlog.get_config()
    with path.open("w") as file:
        structlog.configure(
            processors=[structlog.processors.format_exc_info, structlog.processors.JSONRenderer()],
            logger_factory=structlog.PrintLoggerFactory(file),
            cache_logger_on_first_use=False,
        )
        plain = logging.StreamHandler(file)
        logging.getLogger().addHandler(plain)
        yield
        logging.getLogger().removeHandler(plain)
    structlog.configure(**before)


def _planted(
    settings: PlatformSettings, clock: FixedClock, sandbox: Sandbox, logs: Path, number: int
) -> list[Planted]:
    app = create_app(settings, clock)
    deps = app.state.deps
    prices.create_prices(StripeGateway(settings), deps.control.catalogue)
    with serving(app) as address:
        garden = Garden(deps, address, sandbox, logs, Random(20261126))
        planted = [garden.plant(each) for each in range(number)]
    garden.write_logs(planted)
    for event in sandbox.call("GET", "/v1/events", {"limit": 100})["data"]:
        deps.inbox.receive(*signed(orjson.dumps(event), SECRET, NOW))
    deps.billing.applier.drain()
    for each in planted:
        Backups(deps.control, deps.stores).make(each.tenant, make.BY)
    deps.close()
    return planted
