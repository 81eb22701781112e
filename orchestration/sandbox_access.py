"""The Stripe sandbox of a demo state: found from the settings, served while something needs it."""

from __future__ import annotations

import socket
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tenants.settings import PlatformSettings


@dataclass(frozen=True)
class OwnSandbox:
    """Where a state's own sandbox lies and listens."""

    home: Path
    port: int


def own_sandbox(settings: PlatformSettings) -> OwnSandbox | None:
    """Return the state's sandbox where it is the configured Stripe, else None."""
    address, home = urlsplit(settings.stripe_api_base), settings.state() / "sandbox"
    is_here = address.hostname in ("127.0.0.1", "localhost") and address.port is not None
    return OwnSandbox(home, address.port or 0) if is_here and (home / "stripe.sqlite").exists() else None


@contextmanager
def sandbox_while_needed(settings: PlatformSettings) -> Iterator[None]:
    """Serve the state's sandbox until the block ends, where it is the configured Stripe and nobody else does.

    Its time stands still meanwhile: what was pulled once is all there is.
    """
    own = own_sandbox(settings)
    if own is None or _is_served(own.port):
        yield
        return
    from orchestration.demo.sandbox import Sandbox  # noqa: PLC0415 - heavy, and real accounts need none

    sandbox = Sandbox(own.home, settings.clock(), follows_clock=False)
    try:
        with sandbox.serve(own.port):
            yield
    finally:
        sandbox.close()


def _is_served(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0
