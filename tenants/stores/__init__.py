"""Each tenant's own store: validation history, usage, quotas, idempotency keys and custom gates."""

from tenants.stores.records import (
    API_SOURCE,
    Batch,
    CommitOutcome,
    CustomGate,
    GateOutcome,
    GateVersion,
    IdempotencyKey,
    MeteredCall,
    Period,
    QuotaCharge,
    QuotaState,
    StreamTable,
    Suppression,
    UsageEvent,
    UsageSummary,
    ValidationCommit,
    ValidationRun,
)
from tenants.stores.store import TenantStore
from tenants.stores.tenant_stores import TenantStores

__all__ = [
    "API_SOURCE",
    "Batch",
    "CommitOutcome",
    "CustomGate",
    "GateOutcome",
    "GateVersion",
    "IdempotencyKey",
    "MeteredCall",
    "Period",
    "QuotaCharge",
    "QuotaState",
    "StreamTable",
    "Suppression",
    "TenantStore",
    "TenantStores",
    "UsageEvent",
    "UsageSummary",
    "ValidationCommit",
    "ValidationRun",
]
