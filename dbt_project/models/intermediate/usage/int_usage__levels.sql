-- One row a tenant, level meter, day and side of the turn: the newest reading. Users are the one level; they are read
-- from the register, never from reported usage.
with register as (select * from {{ ref('stg_tenants__register') }}),

anchors as (select * from {{ ref('int_usage__anchors') }})

select
    register.tenant_id,
    'users' as meter,
    register.snapshot_on as usage_day,
    anchors.counts_from,
    {{ microseconds_of_day('register.observed_at') }}
    >= {{ microseconds_of_day('anchors.usage_anchor') }} as is_after_turn,
    cast(register.active_users as decimal(18, 6)) as units
from register
inner join anchors
    on
        register.tenant_id = anchors.tenant_id
        and {{ utc_timestamp('register.observed_at') }} >= anchors.counts_from
        and {{ utc_timestamp('register.observed_at') }} < anchors.counts_until
