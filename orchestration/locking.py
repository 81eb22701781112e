"""One writer of the warehouse at a time, whoever started it."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

from filelock import FileLock, Timeout

from tenants.errors import Conflict

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@contextmanager
def only_one(state: Path, *, wait_seconds: float = 0) -> Iterator[None]:
    """Hold the right to pull, build and publish; it ends with the process, however that ends.

    Raises:
        Conflict: Another process holds it, also after waiting.
    """
    state.mkdir(parents=True, exist_ok=True)
    lock = FileLock(state / "refresh.lock")
    try:
        lock.acquire(timeout=wait_seconds)
    except Timeout:
        message = f"Another refresh is running on {state}: wait for it to end, then try again."
        raise Conflict(message, code="refresh_running") from None
    try:
        yield
    finally:
        lock.release()
