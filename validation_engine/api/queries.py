"""What stands after the question mark: one value for each parameter that there is, as JSON has fields."""

from __future__ import annotations

from typing import TYPE_CHECKING

from starlette.requests import Request  # noqa: TC002 - FastAPI reads the annotation

from tenants.errors import InvalidInput
from validation_engine.names import listed

if TYPE_CHECKING:
    from collections.abc import Collection


def strict_query(request: Request) -> None:
    """Refuse parameters that the route does not know, or that are given twice; a dependency of routers.

    Raises:
        InvalidInput: Which one, and what there is.
    """
    refuse_misfits(request, [one.alias for one in request.scope["route"].dependant.query_params])


def refuse_misfits(request: Request, known: Collection[str]) -> None:
    """Refuse parameters but these, and values that no database can be asked for.

    Raises:
        InvalidInput: As for `strict_query`.
    """
    given = [name for name, _ in request.query_params.multi_items()]
    if "\0" in "".join(request.query_params.values()):
        message = "A query parameter has the character NUL; leave it out."
        raise InvalidInput(message, "invalid_query")
    for name in dict.fromkeys(given):
        if name not in known:
            message = f"There is no query parameter `{name[:80]}` here; it takes {listed(known) or 'none'}."
            raise InvalidInput(message, "invalid_query")
        if given.count(name) > 1:
            message = f"The query parameter `{name}` is given {given.count(name)} times; give it once."
            raise InvalidInput(message, "invalid_query")
