"""What the isolation matrix knows of the API: whose ids there are, and bodies for routes that have both.

A route with an id that is not told of here fails the test run.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tests.tenants.api.owners import SENTINEL

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.tenants.api.owners import Owner

# Where an id stands in a path or query → the victim's own id of that kind.
IDS: dict[str, Callable[[Owner], str]] = {
    "tenant_id": lambda owner: owner.tenant.tenant_id,
    "user_id": lambda owner: owner.user_id,
    "key_id": lambda owner: owner.key_id,
    "run_id": lambda owner: owner.run_id,
    "batch_id": lambda owner: owner.batch_id,
    "gate_id": lambda owner: owner.gate_id,
    "suppression_id": lambda owner: owner.suppression_id,
    "domain": lambda owner: owner.domain,
    "session_id": lambda owner: owner.session_id,
    "identity_id": lambda owner: owner.identity_id,
    "anonymous_id": lambda owner: f"erased_{owner.tenant.slug}",  # only the operator gets to know one
    "task_id": lambda owner: f"task_{owner.tenant.slug}",  # only staff gets to know one
    "before": lambda owner: owner.run_id,
}
# Parameters that name nothing of anyone's. An `Idempotency-Key` has a test of its own.
NO_IDS = {
    "code",
    "state",
    "next",
    "token",
    "month",
    "limit",
    "action",
    "actor",
    "since",
    "until",
    "kind",
    "module",
    "format",
    "encryption",
    "revision",
    "idempotency-key",
    "stripe-signature",
    "prefer",
}
# Properties of bodies that look like ids and are not a tenant's.
NO_BODY_IDS = {
    "gate_id",  # names a gate of the ruleset or one's own
    "token",  # of a one-time link: what it names is not told
    "client_id",  # our name at an identity provider
    "entity_id",  # an identity provider's own name
    "id",  # of a usage event: the sender's own name for it
}

# Properties of bodies that are a tenant's: whose ids are another's there look as if they did not exist.
BODY_IDS: dict[str, Callable[[Owner], str]] = {"break_glass_user_id": lambda owner: owner.user_id}

BODIES: dict[tuple[str, str], Any] = {
    ("POST", "/v1/tenants/{tenant_id}/sso-recovery"): {"reason": "because"},
    ("POST", "/v1/tenants/{tenant_id}/erasure"): {"slug": f"victim-{SENTINEL}"},
    ("POST", "/v1/tenants/{tenant_id}/erasure/hasten"): {"slug": f"victim-{SENTINEL}"},
    ("POST", "/v1/tenants/{tenant_id}/restores"): {"at": "2026-11-26T01:00:00Z"},
    ("POST", "/v1/tenants/{tenant_id}/deactivate"): {"reason": "because"},
    ("POST", "/v1/tenants/{tenant_id}/reactivate"): {"reason": "because"},
    ("POST", "/v1/tenants/{tenant_id}/close"): {"reason": "because"},
    ("PATCH", "/v1/tenants/{tenant_id}"): {"name": "Renamed by another"},
    ("PATCH", "/v1/users/{user_id}"): {"name": "Renamed by another"},
    ("PATCH", "/v1/staff/{user_id}"): {"role": "operator"},
    ("POST", "/v1/api-keys/{key_id}/rotate"): {"overlap_seconds": 0},
    ("POST", "/v1/staff/billing/comparisons"): {"repair": False},
    ("POST", "/v1/staff/backups/{tenant_id}/verification"): {"at": "2026-11-26T01:00:00Z"},
    ("PUT", "/v1/custom-gates/{gate_id}"): {"body": "id: custom.guarantee"},
}
# Open to whoever has no credentials.
PUBLIC = {
    "/",
    "/billing",
    "/sign-in",
    "/sign-out",
    "/set-password",
    "/forgot-password",
    "/webhooks/stripe",
    "/healthz",
    "/readyz",
    "/v1/domains/tls",
    "/sso/start",
    "/sso/join",
    "/sso/saml/join",
    "/sso/callback",
    "/sso/saml/metadata",
    "/sso/saml/start",
    "/sso/saml/acs",
    "/metrics",
}
