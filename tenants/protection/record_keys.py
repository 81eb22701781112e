"""Keys of tenants' own, by which usage records are known for ever without their ids being kept."""

from __future__ import annotations

import hmac
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from tenants.control import ControlPlane

_PURPOSE = b"usage record ids"
# Half of SHA-256's output: no two records of a tenant meet by chance, and it is less to keep.
_BYTES = 16


class RecordKeys:
    """Puts a keyed hash in the place of the id that a sender gave to its usage record.

    A tenant's key is made once and stays the same until the tenant is erased, so tenant, source and hash are
    an identity for ever; once the key is destroyed, a hash tells nobody which id it was made of.

    Args:
        fetch: Returns the keys of tenants, None for one that is destroyed.
    """

    def __init__(self, fetch: Callable[[list[str]], Mapping[str, bytes | None]]) -> None:
        self._fetch = fetch
        self._keys: dict[str, bytes | None] = {}

    def load(self, tenant_ids: Iterable[str]) -> None:
        """Get the keys of many tenants in one look."""
        unknown = sorted(set(tenant_ids) - self._keys.keys())
        if unknown:
            self._keys.update({tenant: key and _derived(key) for tenant, key in self._fetch(unknown).items()})

    def is_erased(self, tenant_id: str) -> bool:
        """Whether the tenant's key is destroyed."""
        return self._key(tenant_id) is None

    def hashed(self, tenant_id: str, source: str, record_id: str) -> str | None:
        """Return what stands for a record's id, None where the tenant's key is destroyed."""
        key = self._key(tenant_id)
        if key is None:
            return None
        # With the length of the source: a and bc are not ab and c.
        identity = f"{len(source)}:{source}{record_id}".encode()
        return hmac.digest(key, identity, "sha256")[:_BYTES].hex()

    def _key(self, tenant_id: str) -> bytes | None:
        if tenant_id not in self._keys:
            self.load([tenant_id])
        return self._keys[tenant_id]


def record_keys(control: ControlPlane) -> RecordKeys:
    """Return the keys that the control plane keeps, made where a tenant has none."""
    encryption, database = control.encryption, control.database

    def fetch(tenant_ids: list[str]) -> dict[str, bytes | None]:
        with database.read() as connection:
            found = encryption.existing(connection, tenant_ids)
        missing = [each for each in tenant_ids if each not in found]
        if not missing:
            return found
        now = control.clock.now()
        made = database.write(
            lambda connection: {each: encryption.key(connection, each, now) for each in missing}
        )
        return found | made

    return RecordKeys(fetch)


def _derived(key: bytes) -> bytes:
    """A key serves one purpose; this one is not what values are encrypted with."""
    return hmac.digest(key, _PURPOSE, "sha256")
