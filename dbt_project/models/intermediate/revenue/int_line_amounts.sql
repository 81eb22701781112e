-- noqa: disable=LT02
{{ config(meta={'packing': 'none'}) }}
-- One row a line of an invoice, without what its invoice tells already (`int_invoice_lines` has both): what kind of
-- charge it is, and what tax and discounts changed: the tax inside the amount where the policy leaves it out, and the
-- discounts that its MRR does not know, without the tax that they took off.
{% set placed_lines %}
    select
        lines.*,
        {{ row_key('invoices') }} as invoice_key
    from {{ sightings('invoice_line') }} as lines
    inner join {{ ref('int_invoices') }} as invoices on lines.invoice_id = invoices.invoice_id
{% endset %}
-- A line is landed with its invoice: only where that was seen twice can the line have been.
{% set newest_lines %}
    {{ placed_lines }}
    where not invoices.is_seen_twice
    union all
    {{ placed_lines }}
    where invoices.is_seen_twice
    qualify row_number() over (partition by lines.line_id order by lines.occurred_at desc, lines.observed_at desc) = 1
{% endset %}
with uncounted as (
    select
        list.line_id,
        sum(list.part.amount) as amount
    from (
        select
            line_id,
            unnest(discount_amounts) as part
        from ({{ newest_lines }}) as newest
        where len(discount_amounts) > 0
    ) as list
    left join {{ ref('int_discounts') }} as discounts on list.part.discount_id = discounts.discount_id
    where coalesce(discounts.duration not in {{ counted_durations() }}, true)
    group by list.line_id
),

judged as (
    select
        newest.*,
        coalesce(uncounted.amount, 0) as uncounted_amount,
        {{ list_total('discount_amounts', 'amount') }} as discount_amount,
        {{ list_total('taxes', 'amount', 'part.is_inclusive') if switch('tax') == 'exclude' else 0 }} as tax_inside,
        units.digits,
        case
            when newest.is_proration then 'proration'
            when coalesce(newest.usage_type, prices.usage_type) = 'metered' then 'usage'
            when newest.subscription_id is null or newest.invoiceitem_id is not null then 'one_off'
            when coalesce(prices.billing_unit, 'month') = 'month' and coalesce(prices.interval_count, 1) = 1
                then 'monthly'
            else 'longer'
        end as kind
    from ({{ newest_lines }}) as newest
    left join {{ ref('minor_units') }} as units on newest.currency = units.currency
    left join {{ ref('int_prices') }} as prices on newest.price_id = prices.price_id
    left join uncounted on newest.line_id = uncounted.line_id
)

select
    line_id,
    invoice_key,
    {{ one_of('kind', ['monthly', 'longer', 'usage', 'proration', 'one_off']) }} as kind,
    {{ major('amount', 'digits') }} as amount,
    {{ major('tax_inside', 'digits') }} as inclusive_tax,
    {{ major(list_total('taxes', 'amount', 'not part.is_inclusive'), 'digits') }} as exclusive_tax,
    {{ major('discount_amount', 'digits') }} as discount,
    {{ major(discount_without_tax('uncounted_amount', 'amount - discount_amount', 'tax_inside'), 'digits') }}
        as uncounted_discount
from judged
