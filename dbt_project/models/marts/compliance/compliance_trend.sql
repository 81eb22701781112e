with verdicts as (select * from {{ ref('int_compliance__module_verdicts') }}),

counted as (
    select
        tenant_id,
        run_day,
        document_type,
        module,
        count(*) filter (where verdict <> 'NOT_APPLICABLE') as runs,
        count(*) filter (where verdict = 'PASS') as passed,
        count(*) filter (where verdict = 'FAIL') as failed,
        count(*) filter (where verdict = 'NEEDS_REVIEW') as needs_review,
        count(*) filter (where verdict = 'NOT_APPLICABLE') as not_applicable,
        count(*) filter (where verdict = 'PASS' and waived_gates > 0) as passed_by_waiver
    from verdicts
    group by tenant_id, run_day, document_type, module
)

select
    tenant_id,
    run_day as day,
    document_type,
    module,
    runs,
    passed,
    cast(round(passed / nullif(runs, 0), 8) as decimal(18, 8)) as pass_rate,
    failed,
    needs_review,
    not_applicable,
    passed_by_waiver
from counted
