"""Ids that look like Stripe's and come out the same for the same seed."""

from __future__ import annotations

from hashlib import blake2b

_DIGITS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"


def base62(number: int, length: int) -> str:
    """Return the last `length` digits of a number in base 62."""
    digits = []
    for _ in range(length):
        number, digit = divmod(number, 62)
        digits.append(_DIGITS[digit])
    return "".join(digits)


class Ids:
    """Numbers objects per prefix and scrambles the numbers, so that nobody can read an order out of them.

    Args:
        seed: The same seed and the same calls give the same ids.
        counters: How many ids each prefix has given out; kept by whoever keeps the state.
    """

    def __init__(self, seed: int, counters: dict[str, int] | None = None) -> None:
        self._key = str(seed).encode()
        self.counters = counters if counters is not None else {}

    def new(self, prefix: str, length: int = 24) -> str:
        """Return the next id of a prefix, such as `cus`."""
        number = self.counters.get(prefix, 0) + 1
        self.counters[prefix] = number
        digest = blake2b(f"{prefix}:{number}".encode(), key=self._key, digest_size=20).digest()
        return f"{prefix}_{base62(int.from_bytes(digest, 'big'), length)}"
