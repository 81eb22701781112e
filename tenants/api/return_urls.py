"""Where a person may come back to from Stripe: to us, or to their own tenant's address."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tenants.errors import InvalidInput

if TYPE_CHECKING:
    from pydantic import HttpUrl
    from starlette.requests import Request

    from tenants.api.access import Granted

_USUAL = frozenset({80, 443})


def checked_return(request: Request, granted: Granted, url: HttpUrl) -> str:
    """Return an address as Stripe gets it; one of somebody else's would lead people astray.

    Raises:
        InvalidInput: It is neither ours nor one of the tenant's verified domains.
    """
    settings = granted.deps.settings
    ports = _USUAL | {settings.api_port, settings.dashboard_port, request.url.port}
    host = granted.deps.hosts.find(url.host)
    is_own = host.kind == "platform" or host.tenant_id == granted.tenant.tenant_id
    if not is_own or url.port not in ports or url.username is not None or url.password is not None:
        message = (
            "The return address must lead to this platform or to one of your verified domains, such as "
            f"https://{granted.tenant.slug}.{settings.base_domain}/billing."
        )
        raise InvalidInput(message, "return_url_elsewhere", field="return_url")
    return str(url)
