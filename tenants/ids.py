"""Identifiers: a prefix that tells the kind, then 80 random bits."""

from __future__ import annotations

import secrets

_ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz"
_LENGTH = 16


def new_id(prefix: str) -> str:
    """Return a fresh identifier such as `ten_3v8m…`, safe for paths, hosts and names of databases."""
    return f"{prefix}_{''.join(secrets.choice(_ALPHABET) for _ in range(_LENGTH))}"
