"""A key gets no more than its maker and its tenant have."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tenants.errors import InvalidInput, NotAllowed
from tenants.people.roles import checked_permissions

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import timedelta

    from tenants.audit.records import Actor
    from tenants.keys.api_keys import ApiKeys, IssuedKey


def issue_within(
    keys: ApiKeys,
    tenant_id: str,
    name: str,
    by: Actor,
    own: frozenset[str],
    permissions: list[str] | None,
    **fields: Any,  # noqa: ANN401 - expiry and rate limit, as `ApiKeys.issue` takes them
) -> IssuedKey:
    """Issue a key for someone with the permissions `own`.

    Raises:
        InvalidInput: A field is wrong.
        NotAllowed: The key would be allowed what its maker is not.
    """
    wanted = checked_permissions(permissions)
    _require_within(wanted, own)
    return keys.issue(tenant_id, name, by, permissions=wanted, **fields)


def rotate_within(
    keys: ApiKeys, tenant_id: str, key_id: str, by: Actor, own: frozenset[str], overlap: timedelta
) -> IssuedKey:
    """Issue a key in place of another for someone with the permissions `own`.

    Raises:
        NotFound: The tenant has no such key.
        NotAllowed: The key is allowed what whoever would see its successor's text is not.
        Conflict: It has ended already.
    """
    _require_within(keys.get(tenant_id, key_id).permissions, own)
    return keys.rotate(tenant_id, key_id, by, overlap=overlap)


def require_rate_within(wanted: int | None, tenants_own: int) -> None:
    """Refuse a rate limit of a key's own above that of its tenant, which would never be reached.

    Args:
        wanted: Calls a minute; None for as many as the tenant has.
        tenants_own: The calls a minute of all the tenant's keys and people together.

    Raises:
        InvalidInput: It is above.
    """
    if wanted is not None and wanted > tenants_own:
        message = (
            f"The key would have {wanted:,} calls a minute, and its tenant has {tenants_own:,} in all;"
            " give at most as many, or leave it out."
        )
        raise InvalidInput(message, "rate_limit_above_tenants", limit=tenants_own)


def _require_within(wanted: Iterable[str], own: frozenset[str]) -> None:
    beyond = sorted(set(wanted) - own)
    if beyond:
        message = f"You do not have the permission {beyond[0]} and cannot give it to a key; ask an owner."
        raise NotAllowed(message, "permission_beyond_own", permission=beyond[0])
