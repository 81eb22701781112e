-- noqa: disable=all
-- One row for each invoice line that the policy counts by what was billed: prorations in the month of their invoice,
-- metered charges from their invoice until the next one of the item. Empty where the policy counts neither.
with lines as (
    select
        lines.line_id,
        coalesce(details.subscription_id, lines.subscription_id) as subscription_id,
        details.item_id,
        lines.currency,
        lines.kind,
        lines.month,
        lines.invoiced_at,
        prices.billing_unit,
        prices.interval_count,
        coalesce(prices.plan, details.price_id) as plan,
        lines.amount - lines.inclusive_tax - lines.discount + lines.uncounted_discount as amount
    from {{ ref('int_invoice_lines') }} as lines
    inner join {{ ref('int_line_details') }} as details on lines.line_id = details.line_id
    left join {{ ref('int_prices') }} as prices on details.price_id = prices.price_id
    where
        false
        {% if switch('proration') == 'as_billed' %} or lines.kind = 'proration' {% endif %}
        {% if switch('metered') == 'trailing_month' %} or lines.kind = 'usage' {% endif %}
),

{% set week, day = fraction(switch('week_factor')), fraction(switch('day_factor')) %}
spread as (
    select
        *,
        case
            when kind = 'proration' then {{ day_start('cast(month + interval 1 month as date)') }}
            else lead(invoiced_at) over (partition by subscription_id, item_id, kind order by invoiced_at, line_id)
        end as ends_at,
        case when kind = 'proration' then 1 else case billing_unit
            when 'week' then {{ week[0] }} when 'day' then {{ day[0] }} else 1 end end as factor_over,
        case when kind = 'proration' then 1 else coalesce(interval_count, 1) * case billing_unit
            when 'year' then 12 when 'week' then {{ week[1] }} when 'day' then {{ day[1] }} else 1 end end as factor_under
    from lines
)

select
    line_id,
    subscription_id,
    currency,
    plan,
    case when interval_count = 1 then billing_unit else interval_count || ' ' || billing_unit || 's' end as billing_interval,
    invoiced_at as starts_at,
    ends_at,
    cast(sign(amount) * {{ rounded_quotient(
        'cast(abs(amount) * 100000000 as hugeint) * factor_over', '100000000 * factor_under'
    ) }} as {{ mrr_type() }}) as mrr
from spread
