with periods as (select * from {{ ref('int_usage__periods') }}),

forecasts as (select * from {{ ref('int_usage__forecasts') }}),

measured as (
    select
        periods.*,
        case
            when periods.quota is null then 0
            when periods.quota = 0 then 100
            else round(100 * periods.used / periods.quota, 8)
        end as use_percent,
        periods.quota is not null and periods.used >= periods.quota as is_over_limit
    from periods
)

select
    measured.tenant_id,
    measured.meter,
    {{ utc_instant('measured.period_starts') }} as period_start,
    {{ utc_instant('measured.period_ends') }} as period_end,
    measured.used,
    measured.quota,
    cast(measured.use_percent as decimal(38, 8)) as use_percent,
    measured.is_over_limit,
    cast(coalesce(forecasts.forecast_used, measured.used) as decimal(38, 2)) as forecast_used,
    forecasts.exhausted_on,
    forecasts.exhausted_on_low,
    forecasts.exhausted_on_high,
    measured.is_running as is_current
from measured
left join forecasts
    on
        measured.tenant_id = forecasts.tenant_id
        and measured.meter = forecasts.meter
        and measured.period_starts = forecasts.period_starts
