"""Pages for people: a few forms in the tenant's name, no script."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from starlette.responses import HTMLResponse

from tenants.branding.looks import look_of

if TYPE_CHECKING:
    from jinja2 import Environment
    from starlette.requests import Request

    from tenants.api.deps import Deps
    from tenants.errors import RateLimited

_POLICY = (
    "default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; frame-ancestors 'none'"
)


def render(request: Request, template: str, **facts: object) -> str:
    """Return a page; every fact is shown as text, never as markup.

    Raises:
        NotFound: The host is nobody's: no page of ours is shown at a name that someone lets lead here.
    """
    deps: Deps = request.app.state.deps
    look = look_of(deps.control, deps.hosts.served(request.headers.get("host")).tenant_id)
    text: str = _templates().get_template(template).render(brand=look, **{"failure": None, **facts})
    return text


def answer(
    request: Request, text: str, status: int = 200, *, leads_to_provider: bool = False
) -> HTMLResponse:
    """Return a page as an answer that runs no script, loads nothing and sends its forms nowhere else.

    Args:
        request: What it answers.
        text: The page.
        status: Of the answer.
        leads_to_provider: Whether its form goes on to an identity provider, which may be anywhere: browsers
            hold the addresses that a form is redirected to against the policy too.
    """
    targets = _providers(request) if leads_to_provider else _own(request)
    return HTMLResponse(text, status, {"Content-Security-Policy": f"{_POLICY}; form-action 'self' {targets}"})


def limited(request: Request, text: str, refusal: RateLimited) -> HTMLResponse:
    """Return a page as the answer to whoever tried too often."""
    response = answer(request, text, 429)
    response.headers["Retry-After"] = str(refusal.context["retry_after"])
    return response


def _own(request: Request) -> str:
    """Return where signing in leads: the host at any port, as the dashboards have one of their own."""
    host = request.url.hostname or ""
    # A policy cannot name an address of IPv6, which is this machine's own: no other is served.
    return f"{request.url.scheme}:" if ":" in host else f"{request.url.scheme}://{host}:*"


def _providers(request: Request) -> str:
    deps: Deps = request.app.state.deps
    return "https: http:" if deps.settings.base_domain == "localhost" else "https:"


@lru_cache(maxsize=1)
def _templates() -> Environment:
    from jinja2 import Environment, FileSystemLoader, StrictUndefined  # noqa: PLC0415 - start-up time

    folder = Path(__file__).parent
    return Environment(loader=FileSystemLoader(folder), autoescape=True, undefined=StrictUndefined)
