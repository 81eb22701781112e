-- One row a line of a finalised invoice, without what its invoice tells already (`int_invoice_lines` has both): what
-- kind of charge it is, net of tax and of the discounts that the policy's MRR knows, and what tax and other discounts
-- changed.
{% set counted = {
    'none': [], 'forever': ['forever'], 'recurring': ['forever', 'repeating'], 'all': ['forever', 'repeating', 'once']
}[switch('discounts')] %}
with line_ids_seen_twice as (
    {{ seen_twice('stg_stripe__invoice_lines', 'line_id') }}
),

newest as (
    {{ newest_of('stg_stripe__invoice_lines', 'line_id', 'observed_at desc, occurred_at desc') }}
),

uncounted as (
    select
        list.line_id,
        sum(list.part.amount) as amount
    from (
        select
            line_id,
            unnest(discount_amounts) as part
        from newest
        where len(discount_amounts) > 0
    ) as list
    left join {{ ref('int_discounts') }} as discounts on list.part.discount_id = discounts.discount_id
    where coalesce(discounts.duration not in ({{ "'" ~ (counted or ['never']) | join("', '") ~ "'" }}), true)
    group by list.line_id
)

select
    newest.line_id,
    invoices.invoice_key,
    newest.item_id,
    newest.price_id,
    nullif(newest.subscription_id, invoices.subscription_id) as other_subscription_id,
    newest.period_start_at,
    newest.period_end_at,
    newest.quantity,
    newest.unit_amount,
    newest.is_proration and newest.amount < 0 as is_credit,
    case
        when newest.is_proration then 'proration'
        when coalesce(newest.usage_type, prices.usage_type) = 'metered' then 'usage'
        when newest.subscription_id is null or newest.invoiceitem_id is not null then 'one_off'
        when coalesce(prices.billing_unit, 'month') = 'month' and coalesce(prices.interval_count, 1) = 1 then 'monthly'
        else 'longer'
    end as kind,
    {{ major('newest.amount', 'invoices.digits') }} as amount,
    {{ major(list_total('newest.taxes', 'amount', 'part.is_inclusive'), 'invoices.digits') }} as inclusive_tax,
    {{ major(list_total('newest.taxes', 'amount', 'not part.is_inclusive'), 'invoices.digits') }} as exclusive_tax,
    {{ major(list_total('newest.discount_amounts', 'amount'), 'invoices.digits') }} as discount,
    {{ major('coalesce(uncounted.amount, 0)', 'invoices.digits') }} as uncounted_discount
from newest
inner join {{ ref('int_invoices') }} as invoices on newest.invoice_id = invoices.invoice_id
left join {{ ref('int_prices') }} as prices on newest.price_id = prices.price_id
left join uncounted on newest.line_id = uncounted.line_id
