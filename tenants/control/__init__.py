"""The control plane: who the tenants are, their people and keys, and what each may use."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tenants.control.plane import ControlPlane

__all__ = ["ControlPlane"]


def __getattr__(name: str) -> object:
    """Import the whole when it is first asked for: its parts import this package's tables."""
    if name != "ControlPlane":
        message = f"module {__name__!r} has no attribute {name!r}"
        raise AttributeError(message)
    from tenants.control.plane import ControlPlane  # noqa: PLC0415 - see above

    return ControlPlane
