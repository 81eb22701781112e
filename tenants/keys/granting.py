"""A key gets no more than its maker has."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tenants.errors import NotAllowed
from tenants.people.roles import checked_permissions

if TYPE_CHECKING:
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
    beyond = sorted(set(wanted) - own)
    if beyond:
        message = f"You do not have the permission {beyond[0]} and cannot give it to a key; leave it out."
        raise NotAllowed(message, "permission_beyond_own", permission=beyond[0])
    return keys.issue(tenant_id, name, by, permissions=wanted, **fields)
