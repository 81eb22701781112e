"""Puts together, from the settings, what the main job needs."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeVar

from pydantic import ValidationError
from pydantic_settings import BaseSettings

from orchestration.dbt_run import DbtRun
from orchestration.progress import Silent
from orchestration.settings import BuildSettings
from orchestration.variants import Policy, Reporting, variants
from tenants.errors import InvalidInput, PlatformError
from tenants.settings import PlatformSettings
from tenants.warehouse import Warehouse

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from orchestration.progress import Progress
    from tenants.clock import Clock

Settings = TypeVar("Settings", bound=BaseSettings)


@dataclass(frozen=True)
class MainJob:
    """Everything the main job is run with.

    Attributes:
        settings: The platform's settings.
        reporting: Policies, currency, time zone.
        clock: The present.
        progress: Told what is being done.
    """

    settings: PlatformSettings
    reporting: Reporting
    clock: Clock
    progress: Progress

    @property
    def state(self) -> Path:
        """The folder of all run-time state."""
        return self.settings.state()

    @property
    def warehouse(self) -> Warehouse:
        """The builds under that folder."""
        return Warehouse(self.state)


def load(kind: type[Settings]) -> Settings:
    """Read one group of settings.

    Raises:
        InvalidInput: All that is wrong with them, by name.
    """
    try:
        return kind()
    except ValidationError as error:
        wrong = "; ".join(
            f"LOKI_{'_'.join(str(part) for part in item['loc']).upper()}: {item['msg']}"
            for item in error.errors()
        )
        message = f"The settings cannot be used: {wrong}. They come from the environment or from .env."
        raise InvalidInput(message, code="invalid_settings") from None


def main_job(progress: Progress, *, beside: Iterable[str] | None = None) -> MainJob:
    """Return the main job as the environment configures it.

    Args:
        progress: Told what is being done.
        beside: Names or files of the policies to build beside the configured one; None keeps those that
            are published.
    """
    settings = load(PlatformSettings)
    return MainJob(settings, reporting(settings, load(BuildSettings), beside), settings.clock(), progress)


def reporting(
    settings: PlatformSettings, build: BuildSettings, beside: Iterable[str] | None = None
) -> Reporting:
    """Resolve policies and reporting currency."""
    from tenants.catalogue import load_catalogue  # noqa: PLC0415 - not every command needs it

    catalogue = load_catalogue(settings.catalogue)
    configured = resolve_policy(build.mrr_policy)
    others = published_beside(settings) if beside is None else map(resolve_policy, beside)
    currency = (build.reporting_currency or catalogue.currency).lower()
    found = Reporting(configured, currency, build.reporting_timezone, catalogue.name)
    for policy in others:
        found = found.explaining(configured, policy)
    return found


def resolve_policy(name_or_file: str) -> Policy:
    """Return a revenue policy with all its switches."""
    from orchestration.policies import resolve  # noqa: PLC0415 - not every command needs it

    found = resolve(name_or_file)
    return Policy(found.name, found.switches)


def published_beside(settings: PlatformSettings) -> list[Policy]:
    """Return the policies that readers have beside the configured one."""
    return [Policy(**policy) for policy in _published_fact(settings, "policies_beside")]


def published_gaps(settings: PlatformSettings) -> list[tuple[Policy, Policy]]:
    """Return the pairs whose gap was explained on request, beside those that begin at the configured policy.

    Each takes builds of the policies between the two, so that a refresh leaves them out until asked again.
    """
    names = {policy.name for policy in published_beside(settings)}
    pairs = _published_fact(settings, "policy_gaps")
    return [(Policy(**start), Policy(**target)) for start, target in pairs if start["name"] in names]


def _published_fact(settings: PlatformSettings, name: str) -> list[Any]:
    try:
        published = Warehouse(settings.state()).published()
    except PlatformError:
        return []
    return list(published.facts.get(name, ()))


def parsed_project() -> Path:
    """Return dbt's manifest of the configured variant, parsed anew only where something changed."""
    from ingest.streams import open_landing  # noqa: PLC0415 - heavy

    job = main_job(Silent())
    with suppress(PlatformError), open_landing(job.settings, job.clock).writer():
        pass  # every stream then has a file to read, also before anything was pulled
    built = variants(job.reporting, job.state, job.clock.now(), None)[:1]
    DbtRun(job.state / "landing", job.state / "dbt" / "warehouse.duckdb", job.state / "logs", built).parse()
    return built[0].target / "manifest.json"
