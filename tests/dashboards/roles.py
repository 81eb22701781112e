"""Which pages each role is to see: written out, so that a change shows in review."""

_REVENUE = [
    "revenue",
    "movements",
    "retention",
    "trials",
    "forward",
    "reconciliation",
    "differences",
    "restatements",
]
_SUCCESS = ["upsell", "health", "quotas"]
_PLATFORM = ["tenants", "stripe-billing", "staff", "audit", "backups", "stores", "erasures"]
_TENANT = ["overview", "validations", "compliance", "usage", "billing", "team", "settings", "profile"]
SEEN = {
    "operator": [*_REVENUE, *_SUCCESS, *_PLATFORM, "pipeline", "findings", "builds"],
    "revenue": [*_REVENUE, "tenants", "stripe-billing"],
    "success": [*_SUCCESS, "tenants"],
    "owner": [*_TENANT[:-1], "sign-on", "profile"],
    "admin": _TENANT,
    "manager": ["overview", "validations", "compliance", "usage", "team", "profile"],
    "agent": ["validations", "usage", "profile"],
    "viewer": ["overview", "validations", "compliance", "usage", "profile"],
}
