-- One row for each customer, month and foreign currency whose open balance is worth more or less than it was booked at.
{% set reporting = var('reporting_currency') | lower %}
with open_months as (
    select
        changes.*,
        cast(listed.month as date) as open_month,
        cast(listed.month as date) = changes.month as is_change_month,
        least(
            cast(listed.month + interval 1 month as date) - 1, {{ reporting_today() }}
        ) as revalued_on
    from {{ ref('int_customer_months') }} as changes
    cross join
        unnest(generate_series(
            cast(changes.month as timestamp),
            cast(changes.next_month as timestamp) - interval 1 month,
            interval 1 month
        )) as listed (month)
    where
        changes.currency != '{{ reporting }}'
        and (changes.closing_mrr != 0 or cast(listed.month as date) = changes.month)
),

rates as (select * from {{ ref('int_exchange_rates') }}),

valued as (
    select
        open_months.*,
        {{ in_reporting_currency('open_months.closing_mrr', 'at_end.rate') }}
        - {{ in_reporting_currency(
            'case when open_months.is_change_month then open_months.opening_mrr else open_months.closing_mrr end',
            'at_start.rate'
        ) }}
        - case when open_months.is_change_month then open_months.reporting_net else 0 end as revaluation
    from open_months
    inner join rates as at_end
        on
            open_months.currency = at_end.currency
            and open_months.revalued_on >= at_end.valid_from
            and open_months.revalued_on < at_end.valid_to
    inner join rates as at_start
        on
            open_months.currency = at_start.currency
            and open_months.open_month - 1 >= at_start.valid_from
            and open_months.open_month - 1 < at_start.valid_to
)

select
    valued.customer_number,
    valued.customer_id,
    valued.tenant_id,
    valued.currency,
    valued.revalued_on as movement_date,
    valued.closing_mrr,
    valued.revaluation,
    last_days.source_event_ids,
    last_days.subscription_ids,
    valued.known_at
from valued
inner join {{ ref('int_ledger_days') }} as last_days
    on
        valued.customer_number = last_days.customer_number
        and valued.currency = last_days.currency
        and valued.last_movement_date = last_days.movement_date
where valued.revaluation != 0
