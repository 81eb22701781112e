"""Identifiers: a prefix that tells the kind, then 80 random bits."""

from __future__ import annotations

import secrets

_ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz"
_BITS, _CHARACTERS = 80, 16


def new_id(prefix: str) -> str:
    """Return a fresh identifier such as `ten_3v8m…`, safe for paths, hosts and names of databases."""
    number = secrets.randbits(_BITS)
    return f"{prefix}_{''.join([_ALPHABET[number >> 5 * place & 31] for place in range(_CHARACTERS)])}"
