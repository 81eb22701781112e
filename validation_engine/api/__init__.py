"""The data plane over HTTP: validations, corrections, gates and their history."""

from validation_engine.api.router import router

__all__ = ["router"]
