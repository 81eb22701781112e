"""What the process holds for all sessions: settings, clock, control plane, warehouse, stores."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import streamlit as st

from tenants.control import ControlPlane
from tenants.sessions import Sessions
from tenants.settings import PlatformSettings
from tenants.stores import TenantStores
from tenants.warehouse import Warehouse

if TYPE_CHECKING:
    from tenants.clock import Clock


@dataclass(frozen=True)
class Runtime:
    """The platform as the dashboards use it."""

    settings: PlatformSettings
    clock: Clock
    control: ControlPlane
    sessions: Sessions
    warehouse: Warehouse
    stores: TenantStores


def runtime() -> Runtime:
    """Return the process's one runtime for the present settings."""
    return _runtime(PlatformSettings().model_dump_json())


@st.cache_resource(show_spinner=False)
def _runtime(_settings_text: str) -> Runtime:
    settings = PlatformSettings()
    clock = settings.clock()
    control = ControlPlane.open(settings, clock)
    stores = TenantStores(settings, clock)
    return Runtime(settings, clock, control, Sessions(control), Warehouse(settings.state()), stores)
