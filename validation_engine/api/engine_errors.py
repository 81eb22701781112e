"""The engine's refusals as the platform's errors."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

from tenants.errors import InvalidInput, TooLarge
from validation_engine.errors import EngineError

if TYPE_CHECKING:
    from collections.abc import Iterator

_TOO_LARGE = "document_too_large"


@contextmanager
def as_platform_errors() -> Iterator[None]:
    """Turn what the engine refuses inside the block into invalid input."""
    try:
        yield
    except EngineError as error:
        kind = TooLarge if error.code == _TOO_LARGE else InvalidInput
        raise kind(error.message, error.code, **error.facts) from error
