"""What somebody may have meant by a name that there is not."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

_MOST = 3


def nearest(name: str, known: Iterable[str]) -> list[str]:
    """Return up to three of the known names that are much like a name, the likest first."""
    from difflib import get_close_matches  # noqa: PLC0415 - only what is wrong needs it: start-up time counts

    # Of two long texts the comparison would take by the square.
    return get_close_matches(name[:100].lower(), list(known), n=_MOST)


def meant(name: str, known: Iterable[str]) -> str:
    """Return a clause that names the nearest known names, and nothing where none is near."""
    found = nearest(name, known)
    return f"; the nearest {'is' if len(found) == 1 else 'are'} {listed(found)}" if found else ""


def listed(names: Iterable[str]) -> str:
    """Return names as a sentence shows them."""
    return ", ".join(f"`{name}`" for name in names)
