-- noqa: disable=AM06,LT09,RF02
-- MRR with what is already certain to change it: for past months the cancellations that were scheduled at their end,
-- from the running month on each month's changes up to a year ahead, and trials weighted by measured conversion.
with rates as (
    select currency, rate
    from {{ ref('int_exchange_rates') }}
    where {{ reporting_today() }} >= valid_from and {{ reporting_today() }} < valid_to
),

past as (
    select
        month,
        closing_mrr,
        {{ day_start('cast(month + interval 1 month as date)') }} as ended_at
    from {{ ref('mrr_months_constant') }}
    where month < {{ month_of(reporting_today()) }}
),

canceling as (
    select
        segments.starts_at,
        segments.ends_at,
        sum({{ in_reporting_currency('items.mrr', 'rates.rate') }}) as mrr
    from {{ ref('int_subscription_segments') }} as segments
    inner join {{ ref('int_subscription_states') }} as states on segments.state_id = states.state_id
    inner join {{ ref('int_item_mrr') }} as items on segments.segment_id = items.segment_id and items.is_live
    inner join rates on items.currency = rates.currency
    where states.is_cancel_at_period_end or states.cancel_at is not null
    group by segments.segment_id, segments.starts_at, segments.ends_at
),

scheduled_then as (
    select
        past.month,
        sum(canceling.mrr) as mrr
    from past
    inner join canceling
        on canceling.starts_at < past.ended_at and coalesce(canceling.ends_at >= past.ended_at, true)
    group by past.month
),

ahead as (
    select cast(listed.month as date) as month
    from unnest(generate_series(
        cast({{ month_of(reporting_today()) }} as timestamp),
        cast({{ month_of(reporting_today()) }} as timestamp) + interval 11 month,
        interval 1 month
    )) as listed (month)
),

changes as (
    select
        {{ month_of(reporting_date('changes.changes_at')) }} as month,
        coalesce(sum({{ in_reporting_currency('delta', 'rates.rate') }}) filter (where kind = 'change'), 0) as changed,
        coalesce(sum({{ in_reporting_currency('delta', 'rates.rate') }}) filter (where kind = 'cancellation'), 0)
            as canceled
    from {{ ref('int_scheduled_changes') }} as changes
    inner join rates on changes.currency = rates.currency
    group by 1
),

{{ trials_ahead() }}

conversion as (
    select sum(trials_converted) as converted, sum(trials_ended) as ended
    from {{ ref('trial_months') }}
),

now_mrr as (
    select closing_mrr from {{ ref('mrr_months_constant') }}
    order by month desc limit 1
),

rows_by_month as (
    select
        past.month,
        past.closing_mrr as opening_mrr,
        0 as scheduled_changes,
        -coalesce(scheduled_then.mrr, 0) as scheduled_cancellations,
        past.closing_mrr - coalesce(scheduled_then.mrr, 0) as committed_mrr,
        0 as trial_mrr,
        false as is_forecast
    from past
    left join scheduled_then on past.month = scheduled_then.month
    union all
    select
        ahead.month,
        now_mrr.closing_mrr
        + coalesce(sum(changes.changed + changes.canceled) over earlier, 0) as opening_mrr,
        coalesce(changes.changed, 0) as scheduled_changes,
        coalesce(changes.canceled, 0) as scheduled_cancellations,
        now_mrr.closing_mrr
        + coalesce(sum(changes.changed + changes.canceled) over by_then, 0) as committed_mrr,
        coalesce(sum(trials.mrr) over by_then, 0) as trial_mrr,
        true as is_forecast
    from ahead
    cross join now_mrr
    left join changes on ahead.month = changes.month
    left join trials on ahead.month = trials.month
    window
        by_then as (order by ahead.month),
        earlier as (order by ahead.month rows between unbounded preceding and 1 preceding)
)

select
    month,
    cast(opening_mrr as {{ mrr_type() }}) as opening_mrr,
    cast(scheduled_changes as {{ mrr_type() }}) as scheduled_changes,
    cast(scheduled_cancellations as {{ mrr_type() }}) as scheduled_cancellations,
    cast(committed_mrr as {{ mrr_type() }}) as committed_mrr,
    cast(12 * committed_mrr as {{ mrr_type() }}) as committed_arr,
    cast(trial_mrr as {{ mrr_type() }}) as trial_mrr,
    cast(
        trial_mrr * {{ ratio('conversion.converted', 'conversion.ended') }} as {{ mrr_type() }}
    ) as weighted_trial_mrr,
    is_forecast
from rows_by_month
cross join conversion
order by month
