{#-
CTEs `item_taxes` and `invoice_taxes`: the tax that is known to be in the prices of the CTE `items`, and what invoices say
of it.
-#}
{% macro inclusive_taxes() -%}
tax_rates as (
    select
        tax_rate_id,
        max_by(percentage, occurred_at) as percentage,
        max_by(is_inclusive, occurred_at) as is_inclusive
    from {{ sightings('tax_rate') }} as seen
    group by tax_rate_id
),

-- Only where a rate came without its percentage is it looked up.
item_taxes as (
    select
        items.version_id,
        items.item_id,
        sum(coalesce(items.tax.percentage, rates.percentage)) as percentage
    from (
        select
            version_id,
            item_id,
            unnest(tax_rates) as tax
        from items
        where len(tax_rates) > 0
    ) as items
    left join tax_rates as rates on items.tax.tax_rate_id = rates.tax_rate_id
    where coalesce(items.tax.is_inclusive, rates.is_inclusive)
    group by items.version_id, items.item_id
),

-- Where the subscription does not say its tax rate, the newest invoice may.
invoice_taxes as (
    select
        lines.subscription_id,
        max_by(lines.percentage, lines.observed_at) as percentage
    from (
        select
            told.subscription_id,
            told.line_id,
            max(told.observed_at) as observed_at,
            sum(distinct rates.percentage) as percentage
        from (
            select
                subscription_id,
                line_id,
                observed_at,
                unnest(taxes) as tax
            from {{ sightings('invoice_line') }} as seen
            where len(taxes) > 0
        ) as told
        inner join tax_rates as rates on told.tax.tax_rate_id = rates.tax_rate_id
        where told.tax.is_inclusive
        group by told.subscription_id, told.line_id
    ) as lines
    group by lines.subscription_id
),
{%- endmacro %}

{#-
What a discount took off without the tax in it, in whole minor units, half up: a discount lowers a price's tax with it, as
the tax that is left in what is left of the price tells.
-#}
{% macro discount_without_tax(discount, left_over, tax) -%}
    case
        when {{ discount }} = 0 or {{ tax }} = 0 or {{ left_over }} = 0 then {{ discount }}
        else sign({{ discount }}) * (
            (2 * abs(cast({{ discount }} as {{ whole() }}) * ({{ left_over }} - {{ tax }})) + abs({{ left_over }}))
            // (2 * abs({{ left_over }}))
        )
    end
{%- endmacro %}
