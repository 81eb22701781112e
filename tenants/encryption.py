"""Keys of tenants' own, wrapped by the platform's secret: destroying one erases all that it sealed."""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING

import sqlalchemy as sa

from tenants.control.tables import tenant_keys
from tenants.errors import Unavailable

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from sqlalchemy.engine import Connection

PLATFORM = "platform"
_NONCE = 12
_KEY = 32
_AT_ONCE = 500
_NOT_OPENED = (
    "The tenants' keys do not open with the platform's secret; put back the LOKI_SECRET_KEY, or the file "
    "secret.key under LOKI_HOME, that they were made under."
)


class TenantKeys:
    """Seals and opens small values under the key of one tenant, or of the platform itself.

    Args:
        wrapping_key: 32 bytes that the keys are wrapped with.
    """

    def __init__(self, wrapping_key: bytes) -> None:
        self._wrapping_key = wrapping_key
        self._unwrapped: dict[bytes, bytes] = {}

    def key(self, connection: Connection, owner: str, now: datetime) -> bytes | None:
        """Return the owner's key, made where it has none; None once it is destroyed."""
        row = connection.execute(_key_of(owner)).one_or_none()
        if row is None:
            return self._make(connection, owner, now)
        return None if row.wrapped_key is None else self._unwrap(row.wrapped_key, owner)

    def existing(self, connection: Connection, owners: Sequence[str]) -> dict[str, bytes | None]:
        """Return the keys of those owners that ever had one, None for a destroyed one."""
        found: dict[str, bytes | None] = {}
        for first in range(0, len(owners), _AT_ONCE):
            some = tenant_keys.c.owner.in_(owners[first : first + _AT_ONCE])
            for row in connection.execute(sa.select(tenant_keys).where(some)):
                found[row.owner] = (
                    None if row.wrapped_key is None else self._unwrap(row.wrapped_key, row.owner)
                )
        return found

    def seal(self, connection: Connection, owner: str, plain: bytes, now: datetime) -> bytes | None:
        """Return the value encrypted; None where the owner's key is destroyed."""
        key = self.key(connection, owner, now)
        return None if key is None else encrypt(key, plain, owner.encode())

    def open(self, connection: Connection, owner: str, sealed: bytes) -> bytes | None:
        """Return the value decrypted; None where the owner's key is destroyed."""
        row = connection.execute(_key_of(owner)).one_or_none()
        if row is None or row.wrapped_key is None:
            return None
        return decrypt(self._unwrap(row.wrapped_key, owner), sealed, owner.encode())

    def destroy(self, connection: Connection, owner: str, now: datetime) -> None:
        """Destroy the owner's key for good: none is ever made again."""
        gone = {"wrapped_key": None, "destroyed_at": now}
        changed = connection.execute(sa.update(tenant_keys).where(tenant_keys.c.owner == owner).values(gone))
        if changed.rowcount == 0:
            connection.execute(sa.insert(tenant_keys).values(owner=owner, created_at=now, **gone))

    def _make(self, connection: Connection, owner: str, now: datetime) -> bytes:
        key = secrets.token_bytes(_KEY)
        wrapped = encrypt(self._wrapping_key, key, owner.encode())
        connection.execute(sa.insert(tenant_keys).values(owner=owner, wrapped_key=wrapped, created_at=now))
        return key

    def _unwrap(self, wrapped: bytes, owner: str) -> bytes:
        from cryptography.exceptions import InvalidTag  # noqa: PLC0415 - start-up time

        if wrapped not in self._unwrapped:
            try:
                self._unwrapped[wrapped] = decrypt(self._wrapping_key, wrapped, owner.encode())
            except InvalidTag as error:
                raise Unavailable(_NOT_OPENED, "secret_changed") from error
        return self._unwrapped[wrapped]


def _key_of(owner: str) -> sa.Select[tuple[bytes | None]]:
    return sa.select(tenant_keys.c.wrapped_key).where(tenant_keys.c.owner == owner)


def encrypt(key: bytes, plain: bytes, bound_to: bytes) -> bytes:
    """Return nonce and AES-256-GCM ciphertext, which opens only with the same `bound_to`."""
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM  # noqa: PLC0415 - start-up time

    nonce = secrets.token_bytes(_NONCE)
    return nonce + AESGCM(key).encrypt(nonce, plain, bound_to)


def decrypt(key: bytes, sealed: bytes, bound_to: bytes) -> bytes:
    """Return what `encrypt` was given; a wrong key or changed bytes raise `InvalidTag`."""
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM  # noqa: PLC0415 - start-up time

    return AESGCM(key).decrypt(sealed[:_NONCE], sealed[_NONCE:], bound_to)
