-- noqa: disable=AM06
-- Of the customers who first paid in one month: how many still paid so many months later, and how much.
-- A customer who returns is counted in the first cohort again. Amounts at today's rates, so that only behaviour shows.
-- What begins and what ends in each month is summed up; customers of several currencies are looked at month by month.
with months as (
    select
        changes.customer_number,
        changes.currency,
        changes.month,
        changes.next_month,
        {{ in_reporting_currency('changes.closing_mrr', 'rates.rate') }} as mrr
    from {{ ref('int_customer_months') }} as changes
    inner join {{ ref('int_exchange_rates') }} as rates
        on
            changes.currency = rates.currency
            and {{ reporting_today() }} >= rates.valid_from and {{ reporting_today() }} < rates.valid_to
    where changes.closing_mrr > 0
),

cohorts as (
    select
        customer_number,
        {{ month_of('min(movement_date)') }} as cohort_month
    from {{ ref('int_ledger_days') }}
    where is_paying
    group by customer_number
),

of_several_currencies as (
    select customer_number from months
    group by customer_number
    having min(currency) != max(currency)
),

spans as (
    select
        customer_number,
        month,
        next_month
    from months
    where customer_number not in (select several.customer_number from of_several_currencies as several)
    union all
    select distinct
        months.customer_number,
        cast(listed.month as date) as month,
        cast(listed.month + interval 1 month as date) as next_month
    from months
    cross join
        unnest(generate_series(
            cast(months.month as timestamp), cast(months.next_month as timestamp) - interval 1 month, interval 1 month
        )) as listed (month)
    where months.customer_number in (select several.customer_number from of_several_currencies as several)
),

deltas as (
    {% for month, sign in [('month', ''), ('next_month', '-')] %}
        select
            customer_number,
            {{ month }} as month,
            {{ sign }}1 as customers,
            0 as mrr
        from spans
        union all
        select
            customer_number,
            {{ month }} as month,
            0 as customers,
            {{ sign or '+' }}mrr as mrr
        from months
        {{ 'union all' if not loop.last }}
    {% endfor %}
),

changes as (
    select
        cohorts.cohort_month,
        deltas.month,
        sum(deltas.customers) as customers,
        sum(deltas.mrr) as mrr
    from deltas
    inner join cohorts on deltas.customer_number = cohorts.customer_number
    group by 1, 2
),

sizes as (
    select
        cohort_month,
        count(*) as customers_at_start
    from cohorts
    group by 1
),

kept as (
    select
        sizes.cohort_month,
        cast(listed.month as date) as month,
        sizes.customers_at_start,
        coalesce(sum(changes.customers) over facts, 0) as customers_kept,
        coalesce(sum(changes.mrr) over facts, 0) as mrr_kept
    from sizes
    cross join
        unnest(generate_series(
            cast(sizes.cohort_month as timestamp),
            cast({{ month_of(reporting_today()) }} as timestamp),
            interval 1 month
        )) as listed (month)
    left join changes on sizes.cohort_month = changes.cohort_month and cast(listed.month as date) = changes.month
    window facts as (partition by sizes.cohort_month order by listed.month)
)

select
    cohort_month,
    cast({{ dbt.datediff('cohort_month', 'month', 'month') }} as bigint) as months_since,
    cast(customers_at_start as bigint) as customers_at_start,
    cast(customers_kept as bigint) as customers_kept,
    cast(first_value(mrr_kept) over (partition by cohort_month order by month) as {{ mrr_type() }}) as mrr_at_start,
    cast(mrr_kept as {{ mrr_type() }}) as mrr_kept
from kept
