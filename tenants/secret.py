"""The platform's own secret: given by the operator, else made once at first start and kept with the state."""

from __future__ import annotations

import os
import secrets
from contextlib import suppress
from hashlib import blake2b
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

    from tenants.settings import PlatformSettings

_FILE = "secret.key"
_BYTES = 32


def platform_secret(settings: PlatformSettings, purpose: str) -> bytes:
    """Return 32 bytes for one purpose, different for each, the same at every start."""
    if settings.secret_key is not None:
        root = settings.secret_key.get_secret_value().encode()
    else:
        root = _kept_secret(settings)
    return blake2b(purpose.encode(), key=blake2b(root).digest(), digest_size=_BYTES).digest()


def _kept_secret(settings: PlatformSettings) -> bytes:
    folder = settings.state()
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / _FILE
    if not path.exists():
        _make(path)
    return path.read_bytes()


def _make(path: Path) -> None:
    temporary = path.with_name(f"{path.name}.{secrets.token_hex(8)}")
    descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(secrets.token_bytes(_BYTES))
        file.flush()
        os.fsync(file.fileno())
    # A link fails where another process was first; a rename would replace its secret.
    with suppress(FileExistsError):
        path.hardlink_to(temporary)
    temporary.unlink()
