{{ config(materialized="ephemeral") }}
-- Verdicts of runs that never landed.
with runs as (select * from {{ ref('validation_runs') }}),

outcomes as (select * from {{ ref('gate_outcomes') }})

select
    'orphan_outcomes' as check_name,
    outcomes.run_id as object_id,
    cast(count(*) as varchar) || ' verdicts without their run' as detail,
    min(outcomes.observed_at) as first_seen_at
from outcomes
left join runs on outcomes.tenant_id = runs.tenant_id and outcomes.run_id = runs.run_id
where runs.run_id is null
group by outcomes.run_id
