"""A revenue world of any size, written straight as typed Parquet: what a big account's landing zone holds."""
# ruff: noqa: E501 - queries read best on few lines

from __future__ import annotations

from typing import TYPE_CHECKING

import duckdb
import pyarrow.parquet as pq

from ingest.stripe.typed import STREAMS
from tests.dbt_project.revenue.account import OTHER_STREAMS

if TYPE_CHECKING:
    from pathlib import Path

MONTHS = 12
LINES_PER_INVOICE = 2
# Each subscription starts somewhere in the first year, changes its quantity twice, and one in five ends.
VERSIONS = """
create table subscriptions as
select
    n,
    timestamptz '2024-01-01 00:00:00Z' + interval (n * 7919 % 31536000) second as started,
    1 + n % 4 as version_count
from range({subscriptions}) as numbers (n);

create table versions as
select
    n,
    version,
    case version
        when 0 then started
        else started + interval (version * 60 + n % 25) day + interval (n % 86400) second
    end as happened,
    case when version = 3 and n % 5 = 0 then 'canceled' else 'active' end as status,
    1 + (n + version) % 9 as quantity
from subscriptions cross join range(4) as numbers (version)
where version < version_count;
"""
SUBSCRIPTIONS = """
select
    'sub_' || n as object_id,
    md5('sub_' || n || version) as content_hash,
    happened + interval 2 second as observed_at,
    'event' as origin,
    happened as occurred_at,
    'evt_' || n || '_' || version as event_id,
    case when version = 0 then 'customer.subscription.created'
        when status = 'canceled' then 'customer.subscription.deleted'
        else 'customer.subscription.updated' end as event_type,
    false as is_deleted,
    'cus_' || (n - n % 5 % 2) as customer_id,
    status,
    'usd' as currency,
    happened as created_at,
    happened as start_at,
    case when status = 'canceled' then happened end as ended_at,
    case when n % 10 = 0 then ['di_' || n] else [] end as discount_ids,
    [
        {{
            'item_id': 'si_' || n || '_' || item, 'quantity': quantity, 'discount_ids': []::varchar[],
            'price_id': 'price_' || (n + item) % 20, 'product_id': 'prod_' || (n + item) % 10, 'currency': 'usd',
            'billing_scheme': 'per_unit', 'unit_amount': (1000 + 100 * ((n + item) % 20))::decimal(38, 12),
            'interval': 'month', 'interval_count': 1, 'usage_type': 'licensed', 'price_type': 'recurring',
            'tax_rates': []::struct(tax_rate_id varchar, percentage decimal(12, 8), is_inclusive boolean)[]
        }} for item in [0, 1]
    ] as items,
    true as has_all_items,
    hash(n, version)::bigint_ as state_hash,
    case when version > 0 then hash(n, version - 1)::bigint_ end as previous_hash,
    false as is_before
from versions
"""
INVOICES = """
select
    'in_' || n || '_' || month as object_id,
    md5('in_' || n || month) as content_hash,
    billed + interval 1 hour as observed_at,
    'event' as origin,
    billed + interval 1 hour as occurred_at,
    'evt_in_' || n || '_' || month as event_id,
    'invoice.paid' as event_type,
    false as is_deleted,
    'cus_' || (n - n % 5 % 2) as customer_id,
    'sub_' || n as subscription_id,
    'paid' as status,
    'subscription_cycle' as billing_reason,
    'usd' as currency,
    billed as created_at,
    billed as finalized_at,
    billed as paid_at,
    (2000 + 100 * (n % 20) + 100 * ((n + 1) % 20))::bigint as total,
    (2000 + 100 * (n % 20) + 100 * ((n + 1) % 20))::bigint as amount_due,
    (2000 + 100 * (n % 20) + 100 * ((n + 1) % 20))::bigint as amount_paid,
    0::bigint as amount_remaining,
    1::bigint as attempt_count,
    true as has_all_lines
from (
    select n, month, started + interval (month * 30) day as billed
    from subscriptions cross join range({months}) as numbers (month)
)
"""
LINES = """
select
    'il_' || n || '_' || month || '_' || item as object_id,
    md5('il_' || n || month || item) as content_hash,
    billed + interval 1 hour as observed_at,
    'event' as origin,
    billed + interval 1 hour as occurred_at,
    false as is_deleted,
    'in_' || n || '_' || month as invoice_id,
    'cus_' || (n - n % 5 % 2) as customer_id,
    'sub_' || n as subscription_id,
    'si_' || n || '_' || item as item_id,
    'price_' || (n + item) % 20 as price_id,
    'usd' as currency,
    (1000 + 100 * ((n + item) % 20))::bigint as amount,
    1::bigint as quantity,
    false as is_proration,
    billed as period_start_at,
    billed + interval 30 day as period_end_at
from (
    select n, month, item, started + interval (month * 30) day as billed
    from subscriptions cross join range({months}) as a (month) cross join range({lines}) as b (item)
)
"""
DISCOUNTS = """
select
    'di_' || n as object_id, started as observed_at, 'event' as origin, started as occurred_at, false as is_deleted,
    'co' as coupon_id, 20::decimal(12, 8) as percent_off, 'repeating' as duration, 6::bigint as duration_in_months,
    started as start_at, started + interval 180 day as end_at
from subscriptions where n % 10 = 0
"""


def write_world(folder: Path, subscriptions: int) -> int:
    """Write a landing zone with so many subscriptions, 24 invoice lines each; return the number of lines."""
    for stream, schema in {**STREAMS, **OTHER_STREAMS}.items():
        path = folder / stream / "2024-01-01"
        path.mkdir(parents=True, exist_ok=True)
        pq.write_table(schema.empty_table(), path / "empty.parquet")
    con = duckdb.connect()  # noqa: TID251 - makes Parquet, opens no database file
    con.execute("set TimeZone = 'UTC'; set preserve_insertion_order = false; set threads = 2")
    con.execute(VERSIONS.format(subscriptions=subscriptions))
    queries = {
        "stripe_subscription": SUBSCRIPTIONS.format().replace("::bigint_", " % 4611686018427387904"),
        "stripe_invoice": INVOICES.format(months=MONTHS),
        "stripe_invoice_line": LINES.format(months=MONTHS, lines=LINES_PER_INVOICE),
        "stripe_discount": DISCOUNTS,
    }
    for stream, query in queries.items():
        target = folder / stream / "2024-01-01" / "world.parquet"
        con.execute(f"copy ({query}) to '{target}' (format parquet)")
    con.close()
    return subscriptions * MONTHS * LINES_PER_INVOICE
