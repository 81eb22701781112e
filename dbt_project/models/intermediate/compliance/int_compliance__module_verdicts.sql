-- One row a run and module: its verdict. A failure that was waived does not fail the module but is shown apart; a
-- module in which no gate applied has neither passed nor failed.
with outcomes as (select * from {{ ref('gate_outcomes') }}),

runs as (select * from {{ ref('validation_runs') }}),

counted as (
    select
        tenant_id,
        run_id,
        module,
        count(*) as gates,
        count(*) filter (where verdict <> 'NOT_APPLICABLE') as applicable_gates,
        count(*) filter (where verdict = 'FAIL' and not is_waived) as failed_gates,
        count(*) filter (where verdict = 'FAIL' and is_waived) as waived_gates,
        count(*) filter (where verdict = 'NEEDS_REVIEW' and not is_waived) as unsettled_gates
    from outcomes
    group by tenant_id, run_id, module
)

select
    counted.*,
    runs.document_type,
    {{ utc_date('runs.created_at') }} as run_day,
    case
        when counted.failed_gates > 0 then 'FAIL'
        when counted.unsettled_gates > 0 then 'NEEDS_REVIEW'
        when counted.applicable_gates > 0 then 'PASS'
        else 'NOT_APPLICABLE'
    end as verdict
from counted
inner join runs on counted.tenant_id = runs.tenant_id and counted.run_id = runs.run_id
