with outcomes as (
    select
        *,
        {{ dbt.date_trunc('month', utc_date('created_at')) }} as month
    from {{ ref('gate_outcomes') }}
    where verdict <> 'NOT_APPLICABLE'
),

-- Across all tenants only the platform's own gates are compared: a custom gate is its tenant's business.
grouped as (
    select
        coalesce(tenant_id, 'all') as tenant_id,
        month,
        module,
        gate_id,
        max_by(title, created_at) as title,
        count(*) filter (where verdict = 'FAIL' and not is_waived) as failures,
        count(*) as runs,
        count(*) filter (where verdict = 'FAIL' and is_waived) as waived
    from outcomes
    group by grouping sets ((tenant_id, month, module, gate_id), (month, module, gate_id))
)

select
    tenant_id,
    cast(month as date) as month,
    module,
    gate_id,
    title,
    failures,
    runs,
    cast(
        row_number() over (partition by tenant_id, month order by failures desc, runs, gate_id, module) as integer
    ) as rank,
    waived
from grouped
where failures > 0 or waived > 0
