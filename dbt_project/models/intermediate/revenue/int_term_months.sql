-- One row for each customer, currency and month in which the part of MRR that is not billed every month changed: what
-- that is until `next_month`, and how much of it counts because it was billed beside the rates.
with items as (
    select
        segments.ledger_customer_id as customer_id,
        items.currency,
        {{ month_of(reporting_date('segments.starts_at')) }} as starts_in,
        {{ month_of(reporting_date('case when not segments.is_current then segments.ends_at end')) }} as ends_in,
        items.mrr,
        case when items.is_billed then items.mrr else 0 end as billed_mrr
    from {{ ref('int_item_mrr') }} as items
    inner join {{ ref('int_subscription_segments') }} as segments on items.segment_id = segments.segment_id
    where
        items.is_live and not segments.is_future
        and (items.is_billed or items.billing_interval is distinct from 'month')
),

deltas as (
    {% for month, sign in [('starts_in', ''), ('ends_in', '-')] %}
        select
            customer_id,
            currency,
            {{ month }} as month,
            {{ sign }}mrr as delta,
            {{ sign }}billed_mrr as billed_delta
        from items
        where {{ month }} is not null and starts_in is distinct from ends_in
        {{ 'union all' if not loop.last }}
    {% endfor %}
),

months as (
    select
        customer_id,
        currency,
        month,
        sum(delta) as delta,
        sum(billed_delta) as billed_delta
    from deltas
    group by customer_id, currency, month
)

select
    customer_id,
    currency,
    month,
    coalesce(
        lead(month) over facts, cast({{ month_of(reporting_today()) }} + interval 1 month as date)
    ) as next_month,
    sum(delta) over facts as other_mrr,
    sum(billed_delta) over facts as billed_mrr
from months
window facts as (partition by customer_id, currency order by month)
