"""What a page is given: who looks, at which build, and how to speak of time."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import datetime

    from dashboards.marts import Marts
    from dashboards.runtime import Runtime
    from tenants.sessions import Principal
    from tenants.warehouse import Build


@dataclass(frozen=True)
class Context:
    """Everything a view may use.

    Attributes:
        principal: Who is signed in.
        marts: What may be read: the warehouse for staff, one tenant's file for a tenant's people.
        build: The published build that all numbers of this rerun come from; an empty one on a live page of a
            platform that has published none.
        now: The present, by the platform's clock.
        live: The platform: control plane, warehouse and settings, for what is not in a mart.
        is_live: Whether the page shows the control plane as it is now instead of a build.
    """

    principal: Principal
    marts: Marts
    build: Build
    now: datetime
    live: Runtime
    is_live: bool = False

    @property
    def stamp(self) -> str:
        """Return what files name the state of the numbers by: the build, or the time on a live page."""
        return f"{self.now:%Y%m%dT%H%M%SZ}-live" if self.is_live else self.build.id
