{{ config(materialized="ephemeral") }}
-- Every document against every gate that ought to exist: under one ruleset each run of a module answers with the same
-- gates, not applicable ones included. Expected are as many as any run of the ruleset has answered in that module (of
-- the tenant's own gates: any run of the tenant and revision); a module that answered with none is missing whole.
with runs as (select * from {{ ref('validation_runs') }}),

outcomes as (select * from {{ ref('gate_outcomes') }}),

asked as (
    select
        tenant_id,
        run_id,
        ruleset_hash,
        coalesce(cast(custom_gates_revision as varchar), '') as custom_gates_revision,
        created_at,
        observed_at,
        unnest(modules) as module
    from runs
),

answered as (
    select
        tenant_id,
        run_id,
        module,
        count(*) as gates
    from outcomes
    group by tenant_id, run_id, module
),

compared as (
    select
        asked.*,
        coalesce(answered.gates, 0) as gates,
        max(answered.gates) over (
            partition by
                asked.module,
                asked.ruleset_hash,
                case when asked.module = 'custom' then asked.tenant_id || asked.custom_gates_revision end
        ) as expected_gates
    from asked
    left join answered
        on
            asked.tenant_id = answered.tenant_id
            and asked.run_id = answered.run_id
            and asked.module = answered.module
)

select
    'missing_outcomes' as check_name,
    run_id || ' ' || module as object_id,
    case
        when gates = 0 then 'the run asked for this module and no gate answered'
        else cast(gates as varchar) || ' of ' || cast(expected_gates as varchar) || ' gates answered'
    end as detail,
    observed_at as first_seen_at
from compared
where gates = 0 or gates < expected_gates
