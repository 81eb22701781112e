"""The API as a process of its own, as `loki up` starts it, with one tenant to call it."""

from __future__ import annotations

import socket
import subprocess
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

import requests

from tenants.control import ControlPlane
from tenants.stores import TenantStores
from tenants.tenancy import NewTenant, Overrides
from tenants.tenancy.provisioning import provision
from tests.tenants import factories as make

if TYPE_CHECKING:
    from tenants.settings import PlatformSettings

_ROOT = Path(__file__).parents[3]
_STARTS_WITHIN = 120.0


def tenant_with_key(settings: PlatformSettings, plan: str = "starter") -> tuple[str, str]:
    """Make a tenant without limits; return its id and the text of a key."""
    control, stores = ControlPlane.open(settings, make.CLOCK), TenantStores(settings, make.CLOCK)
    own = Overrides(rate_limit_per_minute=1_000_000, quotas={"api_calls": None})
    tenant = provision(control, stores, NewTenant(name="Acme", plan=plan, overrides=own), make.BY)
    issued = control.keys.issue(tenant.tenant_id, "test", make.BY)
    stores.close()
    control.close()
    return tenant.tenant_id, issued.text


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def start_api(home: Path, port: int) -> subprocess.Popen[bytes]:
    """Start it and wait until it is ready."""
    environment = {"LOKI_HOME": str(home), "LOKI_API_PORT": str(port), "PATH": ""}
    command = [sys.executable, "-m", "orchestration.serve"]
    api = subprocess.Popen(command, cwd=_ROOT, env=environment)  # noqa: S603 - our own interpreter and module
    deadline = time.monotonic() + _STARTS_WITHIN
    while time.monotonic() < deadline:
        try:
            requests.get(f"http://127.0.0.1:{port}/readyz", timeout=5).raise_for_status()
        except requests.RequestException:
            time.sleep(0.02)
        else:
            return api
    api.kill()
    raise TimeoutError


def workers_of(api: subprocess.Popen[bytes]) -> list[int]:
    """Return the processes that validate for it."""
    return [int(pid) for pid in Path(f"/proc/{api.pid}/task/{api.pid}/children").read_text().split()]
