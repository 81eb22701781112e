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


def answer(text: str, status: int = 200) -> HTMLResponse:
    """Return a page as an answer that runs no script and loads nothing from anywhere."""
    return HTMLResponse(text, status, {"Content-Security-Policy": _POLICY})


def limited(text: str, refusal: RateLimited) -> HTMLResponse:
    """Return a page as the answer to whoever tried too often."""
    response = answer(text, 429)
    response.headers["Retry-After"] = str(refusal.context["retry_after"])
    return response


@lru_cache(maxsize=1)
def _templates() -> Environment:
    from jinja2 import Environment, FileSystemLoader, StrictUndefined  # noqa: PLC0415 - start-up time

    folder = Path(__file__).parent
    return Environment(loader=FileSystemLoader(folder), autoescape=True, undefined=StrictUndefined)
