-- noqa: disable=AM06
-- Metered prices and overage as invoiced, by the month in which the usage period ended; never part of MRR.
-- An invoice item on its own that carries a quantity is overage that was reported to Stripe for a period.
select
    {{ month_of(reporting_date('least(period_end_at, invoiced_at) - interval 1 second')) }} as month,
    customer_id,
    any_value(tenant_id) as tenant_id,
    currency,
    case when kind = 'usage' then 'metered' else 'overage' end as kind,
    cast(sum(amount - inclusive_tax - discount) as {{ mrr_type() }}) as amount,
    list_sort(array_agg(line_id)) as invoice_line_ids
from {{ ref('int_invoice_lines') }}
where kind = 'usage' or (kind = 'one_off' and period_end_at > period_start_at)
group by 1, customer_id, currency, 5
