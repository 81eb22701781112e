-- One row a tenant, level meter, day and side of the turn: the newest reading. Users are read from the register,
-- storage from usage events, whose units are the gigabytes stored at that moment.
with records as (select * from {{ ref('stg_usage__records') }}),

register as (select * from {{ ref('stg_tenants__register') }}),

tenants as (select tenant_id, usage_anchor from {{ ref('int_tenants__current') }}),

readings as (
    select tenant_id, meter, occurred_at, units
    from records
    where meter in {{ level_meters() }} and coalesce(succeeded, true)
    union all
    select tenant_id, 'users' as meter, observed_at as occurred_at, cast(active_users as decimal(18, 6)) as units
    from register
),

sided as (
    select
        readings.*,
        {{ utc_date('readings.occurred_at') }} as usage_day,
        {{ microseconds_of_day('readings.occurred_at') }} >= {{ microseconds_of_day('tenants.usage_anchor') }} as is_after_turn
    from readings
    inner join tenants on readings.tenant_id = tenants.tenant_id
)

select
    tenant_id,
    meter,
    usage_day,
    is_after_turn,
    units
from sided
qualify row_number() over (partition by tenant_id, meter, usage_day, is_after_turn order by occurred_at desc, units desc) = 1
