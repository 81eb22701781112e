"""What the API answers to, one module per group of resources; importing a module registers its routes."""

from __future__ import annotations

from importlib import import_module
from pkgutil import iter_modules


def load() -> None:
    """Register every route."""
    for module in iter_modules(__path__):
        import_module(f"{__name__}.{module.name}")
