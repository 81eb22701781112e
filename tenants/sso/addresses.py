"""Where a tenant's people sign in: the addresses that its identity provider has to know."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tenants.access.hosts import Hosts
    from tenants.control import ControlPlane

CALLBACK_PATH = "/sso/callback"


def origins(
    control: ControlPlane, hosts: Hosts, tenant_id: str, scheme: str, port: str, here: str | None = None
) -> list[str]:
    """Return the origin of each host of a tenant.

    Args:
        control: Where the tenant and its domains are known.
        hosts: Tells which names are the tenant's.
        tenant_id: Whose hosts.
        scheme: How the platform is reached from outside.
        port: Where, with its colon; empty for the scheme's own.
        here: The host, with its port, to name first where it is the tenant's.
    """
    base = base_host(control, tenant_id)
    names_of_ours = [base, *(each.domain for each in control.domains.of(tenant_id))]
    found = [here, *(f"{name}{port}" for name in names_of_ours)]
    own = dict.fromkeys(host for host in found if hosts.find(host).tenant_id == tenant_id)
    return [f"{scheme}://{host}" for host in own]


def base_host(control: ControlPlane, tenant_id: str) -> str:
    """Return the tenant's name below the platform's own domain."""
    return f"{control.tenants.known(tenant_id).slug}.{control.settings.base_domain}"
