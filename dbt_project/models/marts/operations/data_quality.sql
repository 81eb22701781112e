{#- Each check is one model dq_<subject>__<what> under intermediate/data_quality; a new one is named here. -#}
{%- set checks = [
    'dq_landing__quarantined_rows',
    'dq_landing__sync_gaps',
    'dq_revenue__flaws',
    'dq_usage__late_records',
    'dq_usage__unknown_meters',
    'dq_usage__unknown_tenants',
    'dq_validation__missing_outcomes',
    'dq_validation__orphan_outcomes',
] -%}
with findings as (
    {%- for check in checks %}
        select
            check_name,
            object_id,
            detail,
            first_seen_at
        from {{ ref(check) }}
        {%- if not loop.last %} union all {%- endif %}
    {%- endfor %}
)

select
    check_name as "check",
    cast(object_id as varchar) as object_id,
    cast(detail as varchar) as detail,
    cast(first_seen_at as timestamptz) as first_seen_at
from findings
