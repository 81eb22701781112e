"""The file of all erasures: beside the databases, so that a restore of older ones does not take it back."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import msgspec

from tenants.protection.erasure_records import Erasure

if TYPE_CHECKING:
    from tenants.settings import PlatformSettings

_NAME = "erasures.ndjson"


class ErasureLedger:
    """Who was erased, known by hashes alone.

    Args:
        settings: Name the state folder.
    """

    def __init__(self, settings: PlatformSettings) -> None:
        self._path = settings.state() / _NAME

    def add(self, done: Erasure) -> None:
        """Add an erasure, durably; adding it twice does no harm."""
        with self._path.open("ab") as file:
            file.write(msgspec.json.encode(done) + b"\n")
            file.flush()
            os.fsync(file.fileno())

    def by_hash(self) -> dict[str, Erasure]:
        """Return the erasures by the hash of their tenant."""
        lines = self._path.read_bytes().splitlines() if self._path.exists() else []
        told = (msgspec.json.decode(line, type=Erasure) for line in lines)
        return {each.tenant_hash: each for each in told}
