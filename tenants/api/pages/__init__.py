"""Pages for people: a few forms in the tenant's name, no script."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from jinja2 import Environment
    from starlette.requests import Request

    from tenants.api.deps import Deps


def render(request: Request, template: str, **facts: object) -> str:
    """Return a page; every fact is shown as text, never as markup."""
    text: str = (
        _templates().get_template(template).render(brand=_brand(request), **{"failure": None, **facts})
    )
    return text


def _brand(request: Request) -> dict[str, str]:
    deps: Deps = request.app.state.deps
    host = deps.hosts.find(request.headers.get("host"))
    if host.tenant_id is None:
        return {"name": "LOKI"}
    return {"name": deps.control.tenants.known(host.tenant_id).name}


@lru_cache(maxsize=1)
def _templates() -> Environment:
    from jinja2 import Environment, FileSystemLoader, StrictUndefined  # noqa: PLC0415 - start-up time

    folder = Path(__file__).parent
    return Environment(loader=FileSystemLoader(folder), autoescape=True, undefined=StrictUndefined)
