"""The one table of permissions: what each role may do."""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING

from tenants.errors import InvalidInput, NotAllowed

if TYPE_CHECKING:
    from collections.abc import Mapping

_VIEW = frozenset(
    {
        "validations:read",
        "usage:read",
        "analytics:read",
        "conversations:read",
        "knowledge:read",
        "onboarding:read",
        "gates:read",
        "branding:read",
    }
)
_AGENT = frozenset(
    {"validations:read", "usage:read", "onboarding:read", "gates:read", "branding:read"}
    | {
        "documents:validate",
        "documents:correct",
        "conversations:read",
        "conversations:write",
        "knowledge:read",
    }
)
_MANAGER = _AGENT | {"analytics:read", "users:read", "knowledge:write", "gates:manage"}
_ADMIN = _MANAGER | {
    "users:manage",
    "settings:read",
    "settings:manage",
    "integrations:manage",
    "billing:read",
    "billing:manage",
    "usage:write",
    "keys:read",
    "keys:manage",
    "domains:read",
    "domains:manage",
    "branding:manage",
    "audit:read",
}
_OWNER = _ADMIN | {"sso:manage", "tenant:export", "tenant:close"}

TENANT_ROLES: Mapping[str, frozenset[str]] = MappingProxyType(
    {
        "owner": frozenset(_OWNER),
        "admin": frozenset(_ADMIN),
        "manager": frozenset(_MANAGER),
        "agent": _AGENT,
        "viewer": _VIEW,
    }
)
_STAFF_OF_SUCCESS = {"growth:read", "health:read", "usage:read_all", "tenants:read"}
_STAFF_OF_REVENUE = {"revenue:read", "tenants:read"}
STAFF_ROLES: Mapping[str, frozenset[str]] = MappingProxyType(
    {
        "operator": frozenset(
            _OWNER
            | _STAFF_OF_SUCCESS
            | _STAFF_OF_REVENUE
            | {"tenants:manage", "operations:read", "staff:manage"}
        ),
        "revenue": frozenset(_STAFF_OF_REVENUE),
        "success": frozenset(_STAFF_OF_SUCCESS),
    }
)
ALL_PERMISSIONS: frozenset[str] = TENANT_ROLES["owner"]
DEFAULT_ROLE = "agent"
_OTHER_NAMES = {"user": "agent", "readonly": "viewer"}


def tenant_role(name: str) -> str:
    """Return the role for a name, also for LOKI's older names `user` and `readonly`.

    Raises:
        InvalidInput: There is no such role.
    """
    role = _OTHER_NAMES.get(name, name)
    if role not in TENANT_ROLES:
        message = f"There is no role {name!r}; choose one of {', '.join(TENANT_ROLES)}."
        raise InvalidInput(message, "unknown_role")
    return role


def staff_role(name: str) -> str:
    """Return the name of a staff role.

    Raises:
        InvalidInput: There is no such role.
    """
    if name not in STAFF_ROLES:
        message = f"There is no staff role {name!r}; choose one of {', '.join(STAFF_ROLES)}."
        raise InvalidInput(message, "unknown_role")
    return name


def permissions_of(role: str, *, is_staff: bool) -> frozenset[str]:
    """Return what a role may do."""
    return (STAFF_ROLES if is_staff else TENANT_ROLES)[role]


def checked_permissions(names: list[str] | None) -> list[str]:
    """Return the permissions of a key in order; None means those that developers usually need.

    Raises:
        InvalidInput: One of them does not exist.
    """
    if names is None:
        return ["documents:correct", "documents:validate", "gates:read", "usage:read", "validations:read"]
    unknown = sorted(set(names) - ALL_PERMISSIONS)
    if unknown:
        message = f"There is no permission {unknown[0]!r}; choose among {', '.join(sorted(ALL_PERMISSIONS))}."
        raise InvalidInput(message, "unknown_permission")
    return sorted(set(names))


def require_grantable(role: str, own: frozenset[str]) -> None:
    """Refuse to grant, change or take a tenant's role that goes beyond one's own permissions.

    Raises:
        NotAllowed: The role may do more than who grants it.
    """
    if not TENANT_ROLES[role] <= own:
        message = f"The role {role} may do more than you; ask someone with that role."
        raise NotAllowed(message, "role_beyond_own", role=role)
