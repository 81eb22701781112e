-- noqa: disable=AM06
-- One row a month since the first trial or movement, quiet ones as well. A trial converts when the first invoice after
-- it is paid.
with trials as (
    select
        subscription_id,
        min(valid_from) as started_at,
        case when bool_and(valid_to is not null) then max(valid_to) end as last_ended_at
    from {{ ref('int_subscription_states') }}
    where status = 'trialing'
    group by subscription_id
),

first_invoices as (
    select
        trials.subscription_id,
        min_by(invoices.status, invoices.created_at) as first_status
    from trials
    inner join {{ ref('int_invoices') }} as invoices
        on
            trials.subscription_id = invoices.subscription_id
            and invoices.created_at >= trials.last_ended_at - interval 1 hour
            and invoices.created_at > trials.started_at
    group by trials.subscription_id
),

begun as (
    select {{ month_of(reporting_date('started_at')) }} as month, count(*) as trials_started
    from trials
    group by 1
),

ended as (
    select
        {{ month_of(reporting_date('trials.last_ended_at')) }} as month,
        count(*) as trials_ended,
        count(*) filter (where first_invoices.first_status = 'paid') as trials_converted
    from trials
    left join first_invoices on trials.subscription_id = first_invoices.subscription_id
    where trials.last_ended_at is not null
    group by 1
),

calendar as (
    select cast(listed.month as date) as month
    from (
        select min(month) as first_month
        from (
            select month from begun
            union all
            select month from {{ ref('int_month_totals') }}
        ) as told
    ) as bounds
    cross join unnest(generate_series(
        cast(bounds.first_month as timestamp), cast({{ month_of(reporting_today()) }} as timestamp), interval 1 month
    )) as listed (month)
),

months as (
    select
        calendar.month,
        coalesce(begun.trials_started, 0) as trials_started,
        coalesce(ended.trials_ended, 0) as trials_ended,
        coalesce(ended.trials_converted, 0) as trials_converted
    from calendar
    left join begun on calendar.month = begun.month
    left join ended on calendar.month = ended.month
)

select
    month,
    cast(trials_started as bigint) as trials_started,
    cast(trials_ended as bigint) as trials_ended,
    cast(trials_converted as bigint) as trials_converted,
    cast({{ ratio('trials_converted', 'trials_ended') }} as {{ ratio_type() }}) as conversion_rate
from months
