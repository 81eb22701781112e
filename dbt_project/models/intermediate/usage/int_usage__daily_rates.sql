-- One row a tenant, flow meter and weekday: what such a day is expected to bring, learned from the up to 28 complete
-- days before the build's day, days without usage included. A weekday's own mean is drawn towards the mean of all days
-- as if half an average day more had been seen. `spread` is the standard deviation of a day around its expectation,
-- never below that of independent single calls.
with period_days as (
    select
        tenant_id,
        meter,
        usage_day,
        sum(units) as units
    from {{ ref('int_usage__period_days') }}
    where not is_level and usage_day < {{ build_day() }}
    group by tenant_id, meter, usage_day
),

offsets as ({{ dbt.generate_series(28) }}),

observed_since as (
    select
        tenant_id,
        meter,
        min(usage_day) as first_day
    from period_days
    group by tenant_id, meter
),

days as (
    select
        observed_since.tenant_id,
        observed_since.meter,
        {{ build_day() }} - cast(offsets.generated_number as integer) as usage_day
    from observed_since
    cross join offsets
    where {{ build_day() }} - cast(offsets.generated_number as integer) >= observed_since.first_day
),

filled as (
    select
        days.tenant_id,
        days.meter,
        {{ weekday('days.usage_day') }} as weekday,
        cast(coalesce(period_days.units, 0) as double) as units
    from days
    left join period_days
        on
            days.tenant_id = period_days.tenant_id
            and days.meter = period_days.meter
            and days.usage_day = period_days.usage_day
),

levels as (
    select
        *,
        avg(units) over (partition by tenant_id, meter) as daily_mean,
        count(*) over (partition by tenant_id, meter) as observed_days
    from filled
),

expected as (
    select
        *,
        (sum(units) over same_weekday + 0.5 * daily_mean) / (count(*) over same_weekday + 0.5) as expected_units
    from levels
    window same_weekday as (partition by tenant_id, meter, weekday)
),

spreads as (
    select
        *,
        -- Rounded, because a sum of fractions depends in its last digits on the order of the rows.
        round(sqrt(greatest(
            sum(power(units - expected_units, 2)) over (partition by tenant_id, meter) / greatest(observed_days - 1, 1),
            daily_mean
        )), 6) as spread
    from expected
),

weekdays as (
    select generated_number - 1 as weekday from ({{ dbt.generate_series(7) }})
)

select distinct
    spreads.tenant_id,
    spreads.meter,
    weekdays.weekday,
    coalesce(
        max(case when spreads.weekday = weekdays.weekday then spreads.expected_units end)
            over (partition by spreads.tenant_id, spreads.meter, weekdays.weekday),
        spreads.daily_mean
    ) as expected_units,
    spreads.daily_mean,
    spreads.observed_days,
    spreads.spread
from spreads
cross join weekdays
