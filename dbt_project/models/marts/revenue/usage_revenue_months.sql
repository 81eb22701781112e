-- noqa: disable=AM06
-- Metered prices and overage as invoiced, by the month in which the usage period ended; never part of MRR.
-- An invoice item on its own that carries a quantity is overage that was reported to Stripe for a period.
select
    {{ month_of(reporting_date('least(details.period_end_at, lines.invoiced_at) - interval 1 second')) }} as month,
    lines.customer_id,
    any_value(lines.tenant_id) as tenant_id,
    lines.currency,
    case when lines.kind = 'usage' then 'metered' else 'overage' end as kind,
    cast(sum(lines.amount - lines.inclusive_tax - lines.discount) as {{ mrr_type() }}) as amount,
    list_sort(array_agg(lines.line_id)) as invoice_line_ids
from {{ ref('int_invoice_lines') }} as lines
inner join {{ ref('int_line_details') }} as details on lines.line_id = details.line_id
where lines.kind = 'usage' or (lines.kind = 'one_off' and details.period_end_at > details.period_start_at)
group by 1, lines.customer_id, lines.currency, 5
