{{ config(materialized="ephemeral") }}
-- Usage on meters that no catalogue has.
with slices as (select * from {{ ref('int_usage__slices') }})

select
    'unknown_meter' as check_name,
    tenant_id || ' ' || meter as object_id,
    cast(sum(requests) as varchar) || ' records on a meter that no catalogue has; it is neither limited nor billed'
        as detail,
    min(first_observed_at) as first_seen_at
from slices
where meter not in ('api_calls', 'conversations', 'storage_gb', 'users')
group by tenant_id, meter
