"""What request handlers work with, opened once for a process."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from tenants.access.daily import DailyCalls
from tenants.access.hosts import Hosts
from tenants.access.rates import RateLimiter
from tenants.billing.gateway import StripeGateway
from tenants.billing.inbox import Inbox
from tenants.billing.service import Billing
from tenants.control import ControlPlane
from tenants.secret import platform_secret
from tenants.sessions import Sessions
from tenants.stores import TenantStores

if TYPE_CHECKING:
    from tenants.clock import Clock
    from tenants.settings import PlatformSettings


@dataclass(frozen=True)
class Deps:
    """The platform as a process holds it."""

    settings: PlatformSettings
    clock: Clock
    control: ControlPlane
    stores: TenantStores
    sessions: Sessions
    hosts: Hosts
    rates: RateLimiter
    inbox: Inbox
    billing: Billing

    @classmethod
    def open(cls, settings: PlatformSettings, clock: Clock) -> Deps:
        """Open everything that the settings name."""
        control = ControlPlane.open(settings, clock)
        inbox = Inbox(control)
        return cls(
            settings=settings,
            clock=clock,
            control=control,
            stores=TenantStores(settings, clock),
            sessions=Sessions(control),
            hosts=Hosts(control),
            rates=RateLimiter(settings.redis_url, _daily(control).count),
            inbox=inbox,
            billing=Billing(control, inbox, StripeGateway(settings)),
        )

    def close(self) -> None:
        """Close what is open."""
        self.stores.close()
        self.control.close()


def _daily(control: ControlPlane) -> DailyCalls:
    return DailyCalls(control.database, platform_secret(control.settings, "daily-calls"))
