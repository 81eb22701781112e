"""Every stream of the landing zone with its columns, and the landing zone that holds them."""

from __future__ import annotations

from contextlib import closing, contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    import pyarrow as pa

    from ingest.landing import LandingZone
    from tenants.clock import Clock
    from tenants.protection.record_keys import RecordKeys
    from tenants.settings import PlatformSettings


def schemas() -> dict[str, pa.Schema]:
    """Return the columns of every stream."""
    # Imported here, because pyarrow is heavy and most commands need no landing zone.
    from ingest import ledger  # noqa: PLC0415
    from ingest.reference_files import schema as reference_files  # noqa: PLC0415
    from ingest.register import schema as register  # noqa: PLC0415
    from ingest.stripe import schema as stripe  # noqa: PLC0415
    from ingest.tenant_stores import schema as tenant_stores  # noqa: PLC0415

    return (
        ledger.SCHEMAS | stripe.schemas() | tenant_stores.SCHEMAS | register.SCHEMAS | reference_files.SCHEMAS
    )


def open_landing(settings: PlatformSettings, clock: Clock) -> LandingZone:
    """Return the landing zone under `LOKI_HOME`, as it was last committed; its first writer upgrades it."""
    from ingest import record_ids  # noqa: PLC0415 - start-up time
    from ingest.landing import LandingZone  # noqa: PLC0415 - as above

    def upgrade(zone: LandingZone) -> None:
        record_ids.upgrade(zone, lambda: _keys(settings, clock))

    return LandingZone(settings.state() / "landing", schemas(), clock, upgrade).load()


@contextmanager
def _keys(settings: PlatformSettings, clock: Clock) -> Iterator[RecordKeys]:
    from tenants.control import ControlPlane  # noqa: PLC0415 - only an upgrade needs it
    from tenants.protection.record_keys import record_keys  # noqa: PLC0415 - as above

    with closing(ControlPlane.open(settings, clock)) as control:
        yield record_keys(control)
