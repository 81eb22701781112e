-- noqa: disable=AM06
-- Of the customers who first paid in one month: how many still paid so many months later, and how much.
-- A customer who returns is counted in the first cohort again. Amounts at today's rates, so that only behaviour shows.
with months as (
    select
        changes.customer_id,
        changes.month,
        changes.next_month,
        {{ in_reporting_currency('changes.closing_mrr', 'rates.rate') }} as mrr,
        changes.closing_mrr > 0 as is_paying
    from {{ ref('int_customer_months') }} as changes
    inner join {{ ref('int_exchange_rates') }} as rates
        on
            changes.currency = rates.currency
            and {{ reporting_today() }} >= rates.valid_from and {{ reporting_today() }} < rates.valid_to
),

cohorts as (
    select
        customer_id,
        {{ month_of('min(movement_date)') }} as cohort_month
    from {{ ref('int_ledger_days') }}
    where is_paying
    group by customer_id
),

customer_months as (
    select
        cohorts.cohort_month,
        months.customer_id,
        cast(listed.month as date) as month,
        sum(months.mrr) as mrr
    from months
    inner join cohorts on months.customer_id = cohorts.customer_id
    cross join
        unnest(generate_series(
            cast(months.month as timestamp), cast(months.next_month as timestamp) - interval 1 month, interval 1 month
        )) as listed (month)
    where months.is_paying
    group by 1, 2, 3
),

sizes as (
    select
        cohorts.cohort_month,
        count(*) as customers_at_start,
        coalesce(sum(customer_months.mrr), 0) as mrr_at_start
    from cohorts
    left join customer_months
        on cohorts.customer_id = customer_months.customer_id and cohorts.cohort_month = customer_months.month
    group by 1
),

kept as (
    select
        cohort_month,
        month,
        count(*) as customers_kept,
        sum(mrr) as mrr_kept
    from customer_months
    group by 1, 2
)

select
    sizes.cohort_month,
    cast({{ dbt.datediff('sizes.cohort_month', 'cast(listed.month as date)', 'month') }} as bigint) as months_since,
    cast(sizes.customers_at_start as bigint) as customers_at_start,
    cast(coalesce(kept.customers_kept, 0) as bigint) as customers_kept,
    cast(sizes.mrr_at_start as {{ mrr_type() }}) as mrr_at_start,
    cast(coalesce(kept.mrr_kept, 0) as {{ mrr_type() }}) as mrr_kept
from sizes
cross join
    unnest(generate_series(
        cast(sizes.cohort_month as timestamp), cast({{ month_of(reporting_today()) }} as timestamp), interval 1 month
    )) as listed (month)
left join kept on sizes.cohort_month = kept.cohort_month and cast(listed.month as date) = kept.month
