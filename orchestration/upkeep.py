"""What is done every night beside the main job, each step on its own: one failure stops no other."""

from __future__ import annotations

from contextlib import closing
from dataclasses import dataclass
from typing import TYPE_CHECKING

import structlog

from tenants.audit import Actor
from tenants.errors import PlatformError

if TYPE_CHECKING:
    from collections.abc import Callable

    from ingest.landing import LandingZone
    from orchestration.context import MainJob
    from tenants.control import ControlPlane
    from tenants.stores import TenantStores

log = structlog.get_logger()
NIGHTLY = Actor("system", "nightly")
PATIENCE_SECONDS = 600


@dataclass(frozen=True)
class Done:
    """What one step did, or why it could not."""

    step: str
    sentence: str
    failed: bool = False


def nightly(job: MainJob) -> list[Done]:
    """Erase what is due, apply retention, back up, compare billing, check domains again, sign the audit."""
    from tenants.control import ControlPlane  # noqa: PLC0415 - heavy
    from tenants.stores import TenantStores  # noqa: PLC0415 - as above

    with (
        closing(ControlPlane.open(job.settings, job.clock)) as control,
        closing(TenantStores(job.settings, job.clock)) as stores,
    ):
        done = [_tried(name, lambda step=step: step(job, control, stores)) for name, step in STEPS.items()]  # type: ignore[misc]
    for each in done:
        log.info("nightly_step_done", step=each.step, failed=each.failed)
    return done


def _backups(job: MainJob, control: ControlPlane, stores: TenantStores) -> str:  # noqa: ARG001 - a step's shape
    from tenants.tasks import Kind  # noqa: PLC0415 - heavy
    from tenants.tasks.carrying import run_here  # noqa: PLC0415 - as above

    did = run_here(control, stores, Kind.back_up_all, NIGHTLY, forget_old=True).outcome or {}
    return f"{did['tenants']:,} tenants backed up"


def _retention(job: MainJob, control: ControlPlane, stores: TenantStores) -> str:
    from ingest.streams import open_landing  # noqa: PLC0415 - heavy
    from tenants.protection.retention import apply_retention  # noqa: PLC0415 - as above

    landing = open_landing(job.settings, job.clock)
    try:
        blanked = _landed_retention(job, control, landing)
    finally:  # a refresh that does not end keeps nothing in the stores
        removed = apply_retention(
            control, stores, lambda tenant_id: landing.cursor(f"usage_records/{tenant_id}") or 0
        )
    return f"details of {len(removed):,} tenants removed, {blanked:,} landed rows blanked"


def _landed_retention(job: MainJob, control: ControlPlane, landing: LandingZone) -> int:
    """Blank details that have landed, while nobody builds of them; return of how many rows."""
    from ingest.retention import Bounds, blank_details  # noqa: PLC0415 - heavy
    from orchestration.locking import only_one  # noqa: PLC0415 - as above
    from tenants.protection.retention import bounds, tell_landed  # noqa: PLC0415 - as above

    with only_one(job.state, wait_seconds=PATIENCE_SECONDS):
        blanked = blank_details(landing, Bounds(*bounds(control)))
    for tenant_id in blanked.usage.keys() | blanked.rejected.keys():
        usage, rejected = blanked.usage[tenant_id], blanked.rejected[tenant_id]
        tell_landed(control, tenant_id, landed_usage=usage, rejected_usage=rejected)
    if blanked.damaged_files:
        tell_landed(control, None, damaged_files=blanked.damaged_files)
    return blanked.usage.total() + blanked.rejected.total()


def _billing(job: MainJob, control: ControlPlane, stores: TenantStores) -> str:
    from tenants.billing.closing import Closing  # noqa: PLC0415 - heavy
    from tenants.tasks import Kind  # noqa: PLC0415 - as above
    from tenants.tasks.carrying import run_here  # noqa: PLC0415 - as above

    if job.settings.stripe_api_key is None:
        return "no Stripe key is set; nothing to compare"
    run_here(control, stores, Kind.apply_events, NIGHTLY)
    Closing.of(control).settle()
    charged = run_here(control, stores, Kind.charge_overage, NIGHTLY).outcome or {}
    compared = run_here(control, stores, Kind.compare_billing, NIGHTLY, repair=True).outcome or {}
    differences, sent = compared["differences"], charged["sent"]
    return f"{differences:,} differences with Stripe repaired, {sent:,} overage charges sent"


def _erasures(job: MainJob, control: ControlPlane, stores: TenantStores) -> str:  # noqa: ARG001 - a step's shape
    from orchestration.erasure import erase_due  # noqa: PLC0415 - heavy

    return f"{len(erase_due(job, NIGHTLY)):,} tenants erased"


def _domains(job: MainJob, control: ControlPlane, stores: TenantStores) -> str:  # noqa: ARG001 - a step's shape
    return f"{control.domains.check_again():,} domains have lost their proof"


def _audit(job: MainJob, control: ControlPlane, stores: TenantStores) -> str:  # noqa: ARG001 - a step's shape
    from tenants.audit.heads import Heads  # noqa: PLC0415 - heavy

    heads = Heads(control)
    verdict = heads.verify()
    if not verdict.is_sound:
        message = "The audit trail is not whole; run `loki audit verify` and compare it with an export."
        raise PlatformError(message, "audit_not_whole")
    heads.sign()
    return f"{verdict.entries:,} audit entries verified, the head signed"


STEPS: dict[str, Callable[[MainJob, ControlPlane, TenantStores], str]] = {
    "erasures": _erasures,
    "retention": _retention,
    "backups": _backups,
    "billing": _billing,
    "domains": _domains,
    "audit": _audit,
}


def _tried(name: str, step: Callable[[], str]) -> Done:
    try:
        return Done(name, step())
    except PlatformError as error:
        return Done(name, error.message, failed=True)
    except Exception:  # the night goes on for all other steps, whatever one meets
        log.exception("nightly_step_broke", step=name)
        return Done(name, "It broke for a reason that is not foreseen; the log says which.", failed=True)
