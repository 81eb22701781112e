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
_TENANT = ["overview", "validations", "compliance", "usage", "billing", "team", "settings", "profile"]
SEEN = {
    "operator": [*_REVENUE, *_SUCCESS, "pipeline", "findings", "builds"],
    "revenue": _REVENUE,
    "success": _SUCCESS,
    "owner": _TENANT,
    "admin": _TENANT,
    "manager": ["overview", "validations", "compliance", "usage", "team", "profile"],
    "agent": ["validations", "usage", "profile"],
    "viewer": ["overview", "validations", "compliance", "usage", "profile"],
}
