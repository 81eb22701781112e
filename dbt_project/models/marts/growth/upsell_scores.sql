with activity as (select * from {{ ref('int_growth__activity') }}),

engagement as (select * from {{ ref('int_growth__engagement') }}),

next_plans as (select * from {{ ref('int_growth__next_plans') }}),

probabilities as (select * from {{ ref('int_growth__probabilities') }}),

signals as (
    select
        tenant_id,
        list(signal order by signal) as signals,
        list(reason order by signal) as reasons
    from {{ ref('int_growth__signals') }}
    group by tenant_id
),

scored as (
    select
        activity.tenant_id,
        {{ build_day() }} as scored_on,
        activity.plan,
        next_plans.next_plan as recommended_plan,
        coalesce(signals.signals, []) as signals,
        engagement.engagement_score,
        probabilities.upgrade_probability,
        next_plans.additional_mrr as potential_additional_mrr,
        probabilities.upgrade_probability * next_plans.additional_mrr as expected_additional_mrr,
        list_concat(coalesce(signals.reasons, []), coalesce(probabilities.reasons, [])) as reasons,
        activity.currency,
        activity.name
    from activity
    inner join engagement on activity.tenant_id = engagement.tenant_id
    left join next_plans on activity.catalogue = next_plans.catalogue and activity.plan = next_plans.plan
    left join signals on activity.tenant_id = signals.tenant_id
    left join probabilities on activity.tenant_id = probabilities.tenant_id
)

select
    tenant_id,
    scored_on,
    plan,
    recommended_plan,
    signals,
    engagement_score,
    cast(upgrade_probability as decimal(18, 8)) as upgrade_probability,
    cast(potential_additional_mrr as decimal(18, 2)) as potential_additional_mrr,
    cast(round(expected_additional_mrr, 2) as decimal(18, 2)) as expected_additional_mrr,
    reasons,
    cast(row_number() over (
        order by
            expected_additional_mrr desc nulls last,
            len(signals) desc,
            potential_additional_mrr desc nulls last,
            engagement_score desc,
            tenant_id
    ) as integer) as rank,
    currency,
    name
from scored
