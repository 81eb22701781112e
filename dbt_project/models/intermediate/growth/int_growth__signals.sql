-- One row a tenant and signal: what points to its next plan, in words with figures.
with periods as (select * from {{ ref('int_usage__periods') }}),

engagement as (select * from {{ ref('int_growth__engagement') }}),

near_limits as (
    select
        *,
        round(100 * used / quota, 1) as use_percent
    from periods
    where is_running and quota > 0 and 100 * used >= 80 * quota
)

select
    tenant_id,
    case when meter = 'users' then 'user_limit_approaching' else meter || '_usage_high' end as signal,
    case
        when meter = 'users'
            then
                cast(cast(used as bigint) as varchar) || ' of ' || cast(cast(quota as bigint) as varchar) || ' users ('
                || cast(cast(use_percent as decimal(18, 1)) as varchar) || ' %)'
        else
            cast(cast(use_percent as decimal(18, 1)) as varchar) || ' % of the ' || replace(meter, '_', ' ')
            || ' limit used'
    end as reason
from near_limits
union all
select
    tenant_id,
    'high_engagement' as signal,
    'engagement score ' || cast(cast(engagement_score as decimal(18, 1)) as varchar) || ' of 100' as reason
from engagement
where engagement_score > 75
