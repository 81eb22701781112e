"""The control plane over HTTP, and the one access decision that the data plane shares."""

from tenants.api.router import router

__all__ = ["router"]
