"""The control plane: who the tenants are, their people and keys, and what each may use."""

from tenants.control.plane import ControlPlane

__all__ = ["ControlPlane"]
