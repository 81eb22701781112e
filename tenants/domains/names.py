"""Domain names in the one form in which they are compared."""

from __future__ import annotations

import re

from tenants.errors import InvalidInput

_LABEL = re.compile(r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?")
_LONGEST = 253
_LEAST_LABELS = 2


def checked_domain(text: str, base_domain: str) -> str:
    """Return a domain in lower case, international ones in their ASCII form.

    Raises:
        InvalidInput: It is no name of a host, or one of the platform's own.
    """
    message = (
        f"{text[:100]!r} is no domain that you can claim; give one of yours, such as checks.example.com."
    )
    name = in_ascii(text)
    if name is None:
        raise InvalidInput(message, "invalid_domain")
    labels = name.split(".")
    is_name = len(labels) >= _LEAST_LABELS and all(_LABEL.fullmatch(label) for label in labels)
    is_ours = name == base_domain or name.endswith(f".{base_domain}")
    if not is_name or is_ours or len(name) > _LONGEST or labels[-1].isdigit():
        raise InvalidInput(message, "invalid_domain")
    return name


def in_ascii(text: str) -> str | None:
    """Return a name as it is compared, None where it cannot be written so."""
    try:
        return text.strip().rstrip(".").encode("idna").decode().lower()
    except UnicodeError:
        return None
