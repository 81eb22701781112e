"""Slugs: names that are safe in hosts and files."""

from __future__ import annotations

import re
import unicodedata

from tenants.errors import InvalidInput

_SLUG = re.compile(r"[a-z0-9](?:[a-z0-9-]{0,46}[a-z0-9])?")
_RESERVED = frozenset({"admin", "api", "app", "dashboard", "localhost", "mail", "status", "www"})
_LONGEST = 40


def checked_slug(slug: str) -> str:
    """Return the slug if it is fit for hosts and files.

    Raises:
        InvalidInput: It is not, or it is reserved.
    """
    if not _SLUG.fullmatch(slug) or slug in _RESERVED:
        message = f"{slug!r} is no slug; use up to 48 of a-z, 0-9 and inner hyphens, and none of ours."
        raise InvalidInput(message, "invalid_slug")
    return slug


def slug_from(name: str) -> str:
    """Return a slug made from a name.

    Raises:
        InvalidInput: The name holds nothing that a slug can be made from.
    """
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    slug = re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:_LONGEST].strip("-")
    if not slug or slug in _RESERVED:
        message = f"No slug can be made from the name {name[:50]!r}; give one, of a-z, 0-9 and hyphens."
        raise InvalidInput(message, "slug_needed")
    return checked_slug(slug)
