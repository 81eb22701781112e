-- One row a tenant, meter and usage period: the day its limit was or will be reached, and what the running period is
-- expected to come to. The band is meant to hold at least four in five outcomes: a sum of h days around its expectation
-- has the variance spread² · (h + h² / observed days), the second part being what 28 days do not tell about the mean.
{% set z = 1.2816 %}

with periods as (select * from {{ ref('int_usage__periods') }}),

period_days as (select * from {{ ref('int_usage__period_days') }}),

rates as (select * from {{ ref('int_usage__daily_rates') }}),

running_totals as (
    select
        *,
        case
            when is_level then units
            else sum(units) over (partition by tenant_id, meter, period_starts order by usage_day)
        end as used_so_far
    from period_days
),

reached as (
    select
        periods.tenant_id,
        periods.meter,
        periods.period_starts,
        min(running_totals.usage_day) as exhausted_on
    from periods
    inner join running_totals
        on
            periods.tenant_id = running_totals.tenant_id
            and periods.meter = running_totals.meter
            and periods.period_starts = running_totals.period_starts
    where running_totals.used_so_far >= periods.quota
    group by periods.tenant_id, periods.meter, periods.period_starts
),

offsets as (select cast(generated_number - 1 as integer) as days_ahead from ({{ dbt.generate_series(32) }})),

ahead as (
    select
        periods.*,
        {{ build_day() }} + offsets.days_ahead as forecast_day,
        -- Today and the period's last day count by the part of them that is still to come.
        greatest(0, {{ seconds_between(
            'greatest(' ~ utc_timestamp(build_now()) ~ ', cast(' ~ build_day() ~ ' + offsets.days_ahead as timestamp))',
            'least(periods.period_ends, cast(' ~ build_day() ~ ' + offsets.days_ahead + 1 as timestamp))'
        ) }}) / 86400.0 as day_share
    from periods
    cross join offsets
    where periods.is_running
),

expected as (
    select
        ahead.*,
        sum(rates.expected_units * ahead.day_share) over days_ahead as expected_more,
        {{ z }} * rates.spread * sqrt(
            sum(ahead.day_share) over days_ahead
            + power(sum(ahead.day_share) over days_ahead, 2) / rates.observed_days
        ) as margin
    from ahead
    inner join rates
        on
            ahead.tenant_id = rates.tenant_id
            and ahead.meter = rates.meter
            and {{ weekday('ahead.forecast_day') }} = rates.weekday
    where ahead.day_share > 0
    window days_ahead as (
        partition by ahead.tenant_id, ahead.meter order by ahead.forecast_day
    )
),

forecasts as (
    select
        tenant_id,
        meter,
        period_starts,
        max(cast(used as double) + expected_more) as forecast_used,
        min(forecast_day) filter (where used + expected_more >= quota) as exhausted_on,
        min(forecast_day) filter (where used + expected_more + margin >= quota) as exhausted_on_low,
        min(forecast_day) filter (where used + expected_more - margin >= quota) as exhausted_on_high
    from expected
    group by tenant_id, meter, period_starts
)

select
    periods.tenant_id,
    periods.meter,
    periods.period_starts,
    forecasts.forecast_used,
    coalesce(reached.exhausted_on, forecasts.exhausted_on) as exhausted_on,
    coalesce(reached.exhausted_on, forecasts.exhausted_on_low) as exhausted_on_low,
    coalesce(reached.exhausted_on, forecasts.exhausted_on_high) as exhausted_on_high
from periods
left join reached
    on
        periods.tenant_id = reached.tenant_id
        and periods.meter = reached.meter
        and periods.period_starts = reached.period_starts
left join forecasts
    on
        periods.tenant_id = forecasts.tenant_id
        and periods.meter = forecasts.meter
        and periods.period_starts = forecasts.period_starts
