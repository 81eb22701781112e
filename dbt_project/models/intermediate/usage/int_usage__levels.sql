-- One row a tenant, level meter, day and side of the turn: the newest reading. Users are the one level; they are read
-- from the register, never from reported usage.
with register as (select * from {{ ref('stg_tenants__register') }}),

tenants as (
    select
        tenant_id,
        usage_anchor
    from {{ ref('int_tenants__current') }}
)

select
    register.tenant_id,
    'users' as meter,
    register.snapshot_on as usage_day,
    {{ microseconds_of_day('register.observed_at') }}
    >= {{ microseconds_of_day('tenants.usage_anchor') }} as is_after_turn,
    cast(register.active_users as decimal(18, 6)) as units
from register
inner join tenants on register.tenant_id = tenants.tenant_id
