"""Passwords: argon2id, nothing else, and nothing that tells an unknown address from a wrong password."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from tenants.errors import InvalidInput

if TYPE_CHECKING:
    from argon2 import PasswordHasher

SHORTEST = 10
LONGEST = 256


def hash_password(password: str) -> str:
    """Return the hash to keep.

    Raises:
        InvalidInput: The password is too short, or longer than anyone types.
    """
    if not SHORTEST <= len(password) <= LONGEST:
        message = f"A password needs {SHORTEST} to {LONGEST} characters; choose another one."
        raise InvalidInput(message, "weak_password")
    return _hasher().hash(password)


def is_password(password: str, kept: str | None) -> bool:
    """Return whether the password is right; without a kept hash it takes as long to say no."""
    from argon2.exceptions import InvalidHashError, VerificationError  # noqa: PLC0415 - start-up time

    try:
        return _hasher().verify(kept or _unknown(), password[:LONGEST]) and kept is not None
    except (VerificationError, InvalidHashError):
        return False


@lru_cache(maxsize=1)
def _hasher() -> PasswordHasher:
    from argon2 import PasswordHasher  # noqa: PLC0415 - start-up time

    return PasswordHasher()


@lru_cache(maxsize=1)
def _unknown() -> str:
    return _hasher().hash("a password that nobody has")
