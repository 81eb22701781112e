"""Pages for people: a few forms in the tenant's name, no script."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from starlette.responses import HTMLResponse

from tenants.access.situations import account_of
from tenants.branding.brandings import FEATURE

if TYPE_CHECKING:
    from jinja2 import Environment
    from starlette.requests import Request

    from tenants.api.deps import Deps

_POLICY = (
    "default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; frame-ancestors 'none'"
)
_PRIMARY = "#1769AA"
# Perceived brightness, of 255, above which black reads better than white.
_BRIGHT = 150


def render(request: Request, template: str, **facts: object) -> str:
    """Return a page; every fact is shown as text, never as markup."""
    text: str = (
        _templates().get_template(template).render(brand=_brand(request), **{"failure": None, **facts})
    )
    return text


def answer(text: str, status: int = 200) -> HTMLResponse:
    """Return a page as an answer that runs no script and loads nothing from anywhere."""
    return HTMLResponse(text, status, {"Content-Security-Policy": _POLICY})


def _brand(request: Request) -> dict[str, str]:
    deps: Deps = request.app.state.deps
    host = deps.hosts.find(request.headers.get("host"))
    if host.tenant_id is None:
        return {"name": "LOKI", "primary": _PRIMARY, "on_primary": "#FFFFFF"}
    account = account_of(deps.control, host.tenant_id)
    primary = _PRIMARY
    if FEATURE in account.entitlements.features:
        primary = deps.control.brandings.of(host.tenant_id).primary_colour
    return {"name": account.tenant.name, "primary": primary, "on_primary": _readable_on(primary)}


def _readable_on(colour: str) -> str:
    """Return black or white, whichever stands out more from a colour."""
    red, green, blue = (int(colour[at : at + 2], 16) for at in (1, 3, 5))
    return "#000000" if (299 * red + 587 * green + 114 * blue) / 1000 > _BRIGHT else "#FFFFFF"


@lru_cache(maxsize=1)
def _templates() -> Environment:
    from jinja2 import Environment, FileSystemLoader, StrictUndefined  # noqa: PLC0415 - start-up time

    folder = Path(__file__).parent
    return Environment(loader=FileSystemLoader(folder), autoescape=True, undefined=StrictUndefined)
