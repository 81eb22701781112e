-- One row a tenant and stretch of time in which its usage months are counted from one anchor; the stretches of a tenant
-- follow each other without a gap, from the beginning of time to its end. Where one ends, a usage period ends too.
with tenants as (select * from {{ ref('int_tenants__current') }}),

earlier as (
    select
        tenant_id,
        unnest(earlier_anchors) as stretch
    from tenants
),

ends as (
    select
        earlier.tenant_id,
        {{ utc_timestamp('earlier.stretch.until') }} as counts_until,
        {{ utc_timestamp('earlier.stretch.anchor_at') }} as usage_anchor
    from earlier
    union all
    select
        tenant_id,
        timestamp '9999-12-31 00:00:00' as counts_until,
        usage_anchor
    from tenants
)

select
    tenant_id,
    usage_anchor,
    coalesce(
        lag(counts_until) over (partition by tenant_id order by counts_until),
        timestamp '0001-01-01 00:00:00'
    ) as counts_from,
    counts_until
from ends
