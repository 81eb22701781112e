"""The streams that the tenant register fills."""

from __future__ import annotations

import pyarrow as pa

from ingest.ledger import TIME

QUOTA = pa.decimal128(18, 6)
MONEY = pa.decimal128(18, 6)
TEXTS = pa.list_(pa.string())
EARLIER = pa.list_(pa.struct([("until", TIME), ("anchor_at", TIME)]))

TENANT_REGISTER = pa.schema(
    [
        ("snapshot_on", pa.date32()),
        ("tenant_id", pa.string()),
        ("name", pa.string()),
        ("slug", pa.string()),
        ("plan", pa.string()),
        ("catalogue", pa.string()),
        ("status", pa.string()),
        ("region", pa.string()),
        ("modules", TEXTS),
        ("user_limit", pa.int32()),
        ("active_users", pa.int32()),
        ("quiet_users", pa.int32()),
        ("features_in_use", TEXTS),
        ("api_calls_quota", QUOTA),
        ("conversations_quota", QUOTA),
        ("storage_gb_quota", QUOTA),
        ("overage_allowed", pa.bool_()),
        ("usage_anchor_at", TIME),
        ("earlier_anchors", EARLIER),
        ("stripe_customer_id", pa.string()),
        ("cancel_at_period_end", pa.bool_()),
        ("payment_failures", pa.int32()),
        ("created_at", TIME),
        ("erased_at", TIME),
        ("observed_at", TIME),
    ]
)

PLAN_CATALOGUE = pa.schema(
    [
        ("snapshot_on", pa.date32()),
        ("catalogue", pa.string()),
        ("plan", pa.string()),
        ("position", pa.int32()),
        ("currency", pa.string()),
        ("month_price", MONEY),
        ("is_custom_price", pa.bool_()),
        ("user_limit", pa.int32()),
        ("api_calls_quota", QUOTA),
        ("conversations_quota", QUOTA),
        ("storage_gb_quota", QUOTA),
        ("modules", TEXTS),
        ("features", TEXTS),
        ("observed_at", TIME),
    ]
)

SCHEMAS = {"tenant_register": TENANT_REGISTER, "plan_catalogue": PLAN_CATALOGUE}
