with activity as (select * from {{ ref('int_growth__activity') }}),

tenant_mrr as (select * from {{ ref('int_growth__tenant_mrr') }}),

risks as (
    select
        tenant_id,
        sum(weight) as weight,
        list(risk order by weight desc, risk) as risks,
        list(reason order by weight desc, risk) as reasons
    from {{ ref('int_growth__risks') }}
    group by tenant_id
),

measured as (
    select
        activity.tenant_id,
        activity.name,
        activity.plan,
        cast(greatest(0, 100 - coalesce(risks.weight, 0)) as integer) as health,
        coalesce(risks.risks, []) as risks,
        coalesce(risks.reasons, []) as reasons,
        coalesce(tenant_mrr.mrr, 0) as mrr
    from activity
    left join risks on activity.tenant_id = risks.tenant_id
    left join tenant_mrr on activity.tenant_id = tenant_mrr.tenant_id
)

select
    tenant_id,
    {{ build_day() }} as as_of,
    health,
    risks,
    reasons,
    cast(case when health < 75 then mrr else 0 end as decimal(38, 8)) as mrr_at_risk,
    cast(mrr as decimal(38, 8)) as mrr,
    '{{ var("reporting_currency") | lower }}' as reporting_currency,
    plan,
    name
from measured
