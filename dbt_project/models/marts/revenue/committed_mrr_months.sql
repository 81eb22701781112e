-- noqa: disable=AM06,LT09,RF02
-- MRR at each month's end with all that was scheduled by then for later, whenever it falls due: a cancellation lowers
-- it from the moment it is scheduled. The running month stands as of now; the months of a year ahead tell what will
-- have fallen due by their end, what will not, and what trials will bring, weighted by measured conversion. Of months
-- that are over the cancellations alone are told: what else was scheduled then, a build as known then tells.
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

{{ changes_ahead() }}

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
        0 as due_changes,
        0 as due_cancellations,
        0 as trial_mrr,
        false as is_forecast
    from past
    left join scheduled_then on past.month = scheduled_then.month
    union all
    select
        ahead.month,
        now_mrr.closing_mrr + {{ due_by_then('changed') }} + {{ due_by_then('canceled') }} as opening_mrr,
        scheduled.changed - {{ due_by_then('changed') }} as scheduled_changes,
        scheduled.canceled - {{ due_by_then('canceled') }} as scheduled_cancellations,
        now_mrr.closing_mrr + scheduled.changed + scheduled.canceled as committed_mrr,
        coalesce(changes.changed, 0) as due_changes,
        coalesce(changes.canceled, 0) as due_cancellations,
        coalesce(sum(trials.mrr) over by_then, 0) as trial_mrr,
        true as is_forecast
    from ahead
    cross join now_mrr
    cross join scheduled
    left join changes on ahead.month = changes.month
    left join trials on ahead.month = trials.month
    window by_then as (order by ahead.month)
)

select
    month,
    cast(opening_mrr as {{ mrr_type() }}) as opening_mrr,
    cast(scheduled_changes as {{ mrr_type() }}) as scheduled_changes,
    cast(scheduled_cancellations as {{ mrr_type() }}) as scheduled_cancellations,
    cast(committed_mrr as {{ mrr_type() }}) as committed_mrr,
    cast(12 * committed_mrr as {{ mrr_type() }}) as committed_arr,
    cast(due_changes as {{ mrr_type() }}) as due_changes,
    cast(due_cancellations as {{ mrr_type() }}) as due_cancellations,
    cast(trial_mrr as {{ mrr_type() }}) as trial_mrr,
    cast(trial_mrr * {{ ratio('conversion.converted', 'conversion.ended') }} as {{ mrr_type() }}) as weighted_trial_mrr,
    is_forecast
from rows_by_month
cross join conversion
order by month
