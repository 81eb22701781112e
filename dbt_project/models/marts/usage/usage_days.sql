with slices as (select * from {{ ref('int_usage__slices') }})

select
    tenant_id,
    meter,
    module,
    endpoint,
    usage_day as day,
    cast(sum(requests) as bigint) as requests,
    cast(sum(units) as decimal(38, 6)) as units,
    cast(sum(succeeded) as bigint) as succeeded,
    cast(sum(requests) - sum(succeeded) as bigint) as failed
from slices
group by tenant_id, meter, module, endpoint, usage_day
