-- One row a tenant, meter and stretch of days with the same limit. Days before the first snapshot take its limit.
with register as (select * from {{ ref('stg_tenants__register') }}),

limits as (
    select
        tenant_id,
        snapshot_on,
        'api_calls' as meter,
        api_calls_quota as quota
    from register
    union all
    select
        tenant_id,
        snapshot_on,
        'conversations' as meter,
        conversations_quota as quota
    from register
    union all
    select
        tenant_id,
        snapshot_on,
        'storage_gb' as meter,
        storage_gb_quota as quota
    from register
    union all
    select
        tenant_id,
        snapshot_on,
        'users' as meter,
        cast(user_limit as decimal(18, 6)) as quota
    from register
),

compared as (
    select
        *,
        row_number() over limit_days as nth,
        lag(quota) over limit_days as quota_before,
        min(snapshot_on) over (partition by tenant_id, meter) as first_known_on
    from limits
    window limit_days as (partition by tenant_id, meter order by snapshot_on)
),

changes as (
    select * from compared
    where nth = 1 or quota is distinct from quota_before
)

select
    tenant_id,
    meter,
    quota,
    first_known_on,
    case when nth = 1 then date '1970-01-01' else snapshot_on end as valid_from,
    lead(snapshot_on) over (partition by tenant_id, meter order by snapshot_on) as valid_to
from changes
