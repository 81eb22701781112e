"""What an application serves at a path."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from fastapi.routing import iter_route_contexts
from starlette.routing import compile_path

if TYPE_CHECKING:
    import re

    from fastapi import FastAPI


def methods_at(app: FastAPI, path: str) -> list[str]:
    """Return the methods that an application's routes take at a path, in the order of their names."""
    served = [each for each in iter_route_contexts(app.routes) if each.path is not None]
    return sorted({name for each in served if _pattern(each.path).match(path) for name in each.methods or ()})


@lru_cache(maxsize=1_000)
def _pattern(path: str) -> re.Pattern[str]:
    return compile_path(path)[0]
