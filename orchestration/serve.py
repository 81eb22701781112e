"""The HTTP application: control plane and data plane as one, under one address."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fastapi import FastAPI

if TYPE_CHECKING:
    from tenants.clock import Clock
    from tenants.settings import PlatformSettings


def create_app(settings: PlatformSettings, clock: Clock) -> FastAPI:
    """Return the application; it opens its stores when it starts and closes them when it stops."""
    raise NotImplementedError
