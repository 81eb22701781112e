{{ config(materialized="ephemeral") }}
-- Usage that arrived more than three days after it happened: it reopened a day already reported.
with slices as (select * from {{ ref('int_usage__slices') }})

select
    'late_usage' as check_name,
    tenant_id || ' ' || cast(usage_day as varchar) as object_id,
    cast(sum(late_records) as varchar) || ' records of this day arrived more than three days later' as detail,
    max(observed_at) as first_seen_at
from slices
where late_records > 0
group by tenant_id, usage_day
