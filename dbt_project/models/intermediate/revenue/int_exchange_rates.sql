-- One row for each currency and stretch of days: units of the reporting currency for one unit of it.
{% set reporting = var('reporting_currency') | lower %}
with told as (
    -- The operator's file, as read last, wins.
    select
        date as rate_date,
        lower(from_currency) as from_currency,
        lower(to_currency) as to_currency,
        rate,
        1 as preference
    from {{ source('landing', 'fx_rates') }}
    where {{ was_known() }}
    qualify
        row_number() over (
            partition by date, lower(from_currency), lower(to_currency) order by observed_at desc, rate
        ) = 1
    union all
    select
        {{ reporting_date('answers.observed_at') }} as rate_date,
        answers.from_currency,
        listed.rate.to_currency,
        listed.rate.rate,
        2 as preference
    from {{ sightings('exchange_rate') }} as answers
    cross join unnest(answers.rates) as listed (rate)
    qualify row_number() over (
        partition by {{ reporting_date('answers.observed_at') }}, answers.from_currency, listed.rate.to_currency
        order by answers.observed_at desc
    ) = 1
),

directed as (
    select
        rate_date,
        from_currency as currency,
        preference,
        cast(rate as decimal(24, 12)) as rate
    from told
    where to_currency = '{{ reporting }}' and from_currency != '{{ reporting }}'
    union all
    select
        rate_date,
        to_currency as currency,
        preference + 2 as preference,
        cast(
            {{ rounded_quotient('1', 'cast(rate * 1000000000000 as hugeint)', 24) }} * 1000000000000 as decimal(24, 12)
        )
    from told
    where from_currency = '{{ reporting }}' and to_currency != '{{ reporting }}' and rate > 0
),

daily as (
    select
        currency,
        rate_date,
        rate,
        preference
    from directed
    where rate > 0
    qualify row_number() over (partition by currency, rate_date order by preference, rate) = 1
),

needed as (
    select distinct currency from {{ ref('int_item_mrr') }}
    where mrr > 0
),

checked as (
    select
        needed.currency,
        case
            when count(daily.currency) = 0 and needed.currency != '{{ reporting }}' then error(
                'There is no exchange rate from ' || upper(needed.currency) || ' to {{ reporting | upper }}: '
                || 'add one to the file that LOKI_FX_RATES names, or sync Stripe''s exchange rates.'
            )
        end as problem
    from needed
    left join daily on needed.currency = daily.currency
    group by needed.currency
)

select
    '{{ reporting }}' as currency,
    date '0001-01-01' as valid_from,
    date '9999-12-31' as valid_to,
    cast(1 as decimal(24, 12)) as rate,
    cast(null as date) as first_known_on
union all
select
    daily.currency,
    case
        when lag(daily.rate_date) over by_day is null then date '0001-01-01' else daily.rate_date
    end as valid_from,
    coalesce(lead(daily.rate_date) over by_day, date '9999-12-31') as valid_to,
    daily.rate,
    min(daily.rate_date) over (partition by daily.currency) as first_known_on
from daily
left join checked on daily.currency = checked.currency
where checked.problem is null
window by_day as (partition by daily.currency order by daily.rate_date)
