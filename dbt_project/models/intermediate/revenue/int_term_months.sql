{{ config(meta={'packing': 'light'}) }}
-- One row for each customer, currency and month in which MRR at the month's end changed: the balance until
-- `next_month`, how much of it is billed every month, and how much counts because it was billed beside the rates.
with items as (
    select
        segments.ledger_customer_id as customer_id,
        segments.customer_number,
        segments.tenant_id,
        items.currency,
        {{ month_of(reporting_date('segments.starts_at')) }} as starts_in,
        {{ month_of(reporting_date('case when not segments.is_current then segments.ends_at end')) }} as ends_in,
        items.mrr,
        case when items.billing_interval = 'month' and not items.is_billed then items.mrr else 0 end as monthly_mrr,
        case when items.is_billed then items.mrr else 0 end as billed_mrr
    from {{ ref('int_item_mrr') }} as items
    inner join {{ ref('int_subscription_segments') }} as segments on items.segment_id = segments.segment_id
    where items.is_live and not segments.is_future
),

deltas as (
    select
        customer_number,
        customer_id,
        tenant_id,
        currency,
        starts_in as month,
        mrr as delta,
        monthly_mrr as monthly_delta,
        billed_mrr as billed_delta
    from items
    where starts_in is distinct from ends_in
    union all
    select
        customer_number,
        customer_id,
        tenant_id,
        currency,
        ends_in as month,
        -mrr as delta,
        -monthly_mrr as monthly_delta,
        -billed_mrr as billed_delta
    from items
    where ends_in is not null and starts_in is distinct from ends_in
),

months as (
    select
        customer_number,
        currency,
        month,
        any_value(customer_id) as customer_id,
        any_value(tenant_id) as tenant_id,
        sum(delta) as delta,
        sum(monthly_delta) as monthly_delta,
        sum(billed_delta) as billed_delta
    from deltas
    group by customer_number, currency, month
)

select
    customer_id,
    tenant_id,
    currency,
    month,
    coalesce(
        lead(month) over facts, cast({{ month_of(reporting_today()) }} + interval 1 month as date)
    ) as next_month,
    sum(delta) over facts as mrr,
    sum(monthly_delta) over facts as monthly_mrr,
    sum(billed_delta) over facts as billed_mrr
from months
window facts as (partition by customer_number, currency order by month)
