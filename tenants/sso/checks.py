"""What every kind of connection to an identity provider has to hold."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from tenants.errors import InvalidInput, NotAllowed
from tenants.people.roles import TENANT_ROLES

if TYPE_CHECKING:
    from tenants.catalogue import Catalogue
    from tenants.tenancy import Entitlements

FEATURE = "sso"
_LOOPBACK = {"127.0.0.1", "localhost"}
_LONGEST = 2000


def require_feature(catalogue: Catalogue, entitlements: Entitlements) -> None:
    """Refuse single sign-on to a plan without it.

    Raises:
        NotAllowed: The plan has none; which one has is told.
    """
    if FEATURE not in entitlements.features:
        plan = catalogue.first_plan_with(feature=FEATURE)
        message = f"The plan has no single sign-on; {plan.id if plan else 'no plan'} has it."
        raise NotAllowed(message, "feature_not_in_plan", feature=FEATURE)


def checked_text(text: str, what: str, longest: int = 500) -> str:
    """Return a text that identity providers and databases take as it is.

    Args:
        text: What was given.
        what: What it is, for the sentence that refuses it.
        longest: Characters at most.

    Raises:
        InvalidInput: It is empty, too long, or holds what cannot be printed.
    """
    if not (1 <= len(text) <= longest and text.isprintable()):
        message = f"The {what} needs 1 to {longest} printable characters."
        raise InvalidInput(message, "invalid_text", field=what)
    return text


def checked_role(role: str) -> str:
    """Return what who comes for the first time becomes.

    Raises:
        InvalidInput: There is no such role, or it is the owner's.
    """
    if role not in TENANT_ROLES or role == "owner":
        message = (
            f"Who comes for the first time cannot be {role[:20]!r}; choose admin, manager, agent or viewer."
        )
        raise InvalidInput(message, "invalid_default_role")
    return role


def is_local_host(name: str) -> bool:
    """Return whether a host name is this machine's own, where browsers take plain HTTP for safe."""
    return name in _LOOPBACK or name.endswith(".localhost")


def is_safe_address(address: str, *, is_local: bool) -> bool:
    """Return whether it is an address that a browser or token may be sent to.

    Args:
        address: What was given.
        is_local: Whether this is a machine of one's own, where plain HTTP to itself is safe.
    """
    is_plain = address.isascii() and address.isprintable() and not set(address) & set(" \"'<>\\`{|}^")
    if not is_plain or len(address) > _LONGEST:
        return False
    try:
        parts = urlsplit(address)
        port = parts.port
    except ValueError:
        return False
    is_encrypted = parts.scheme == "https" or (
        is_local and parts.scheme == "http" and parts.hostname in _LOOPBACK
    )
    is_bare = not parts.username and parts.password is None and not parts.fragment
    return is_encrypted and bool(parts.hostname) and is_bare and port != 0
