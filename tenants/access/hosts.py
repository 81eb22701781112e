"""Which tenant a host name belongs to. It narrows what a caller reaches and never widens it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from ipaddress import ip_address
from typing import TYPE_CHECKING, Literal

import sqlalchemy as sa

from tenants.branding.brandings import FEATURE
from tenants.control.generations import AccessCache
from tenants.control.tables import tenants
from tenants.errors import NotFound

if TYPE_CHECKING:
    from tenants.control import ControlPlane


@dataclass(frozen=True, slots=True)
class Host:
    """The platform's own host, a tenant's, or one that we know nothing of."""

    kind: Literal["platform", "tenant", "unknown"]
    tenant_id: str | None = None


# Addresses are made with the header as it came, so nothing may follow the port.
_WITH_PORT = re.compile(
    r"(?:\[(?P<bare>[0-9A-Fa-f:.]+)\]|(?P<name>[\w.-]+))(?::(?P<port>\d{0,5}))?", re.ASCII
)
_HIGHEST_PORT = 65535
PLATFORM_HOST = Host("platform")
UNKNOWN_HOST = Host("unknown")


class Hosts:
    """Knows the base domain, the tenants' subdomains of it and their own domains.

    Args:
        control: Where slugs are known.
    """

    def __init__(self, control: ControlPlane) -> None:
        self._base = control.settings.base_domain.lower()
        self._control = control
        self._known: AccessCache[Host] = AccessCache(control.database)

    def find(self, header: str | None) -> Host:
        """Return whose host a `Host` header names."""
        name = _name(header or "")
        if name in {self._base, "localhost"} or _is_loopback(name):
            return PLATFORM_HOST
        return self._known.get(name, lambda: self._load(name))

    def served(self, header: str | None) -> Host:
        """Return whose host a `Host` header names.

        Raises:
            NotFound: It is nobody's.
        """
        host = self.find(header)
        if host.kind == "unknown":
            message = "Nothing is served at this address; check the host name."
            raise NotFound(message, "unknown_host")
        return host

    def _load(self, name: str) -> Host:
        slug, _, domain = name.partition(".")
        tenant_id = self._by_slug(slug) if domain == self._base else self._by_domain(name)
        return UNKNOWN_HOST if tenant_id is None else Host("tenant", tenant_id)

    def _by_slug(self, slug: str) -> str | None:
        with self._control.database.read() as connection:
            tenant_id: str | None = connection.scalar(
                sa.select(tenants.c.tenant_id).where(tenants.c.slug == slug)
            )
        return tenant_id

    def _by_domain(self, name: str) -> str | None:
        """Return whose verified domain it is, as long as the plan has white label."""
        tenant_id = self._control.domains.owner_of(name)
        if tenant_id is None:
            return None
        may = self._control.tenants.entitlements(self._control.tenants.known(tenant_id))
        return tenant_id if FEATURE in may.features else None


def _name(header: str) -> str:
    """Return the name without its port; empty, which is nobody's, where it is no name with a port."""
    found = _WITH_PORT.fullmatch(header)
    if found is None or int(found["port"] or 0) > _HIGHEST_PORT:
        return ""
    return (found["bare"] or found["name"]).lower().rstrip(".")


def _is_loopback(name: str) -> bool:
    try:
        return ip_address(name).is_loopback
    except ValueError:
        return False
