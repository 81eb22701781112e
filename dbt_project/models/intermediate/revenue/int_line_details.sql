-- noqa: disable=LT02,RF02
-- What an invoice line says of an item and its period, where something is made of it: for charges beside the rates, and
-- where invoices tell the history of a subscription.
{% set lines %}
    select
        line_id,
        subscription_id,
        item_id,
        price_id,
        period_start_at,
        period_end_at,
        quantity,
        unit_amount,
        occurred_at,
        observed_at
    from {{ sightings('invoice_line') }} as seen
{% endset %}
with told as (
    {{ lines }}
    where line_id in (
        select line_id from {{ ref('int_line_amounts') }}
        where kind not in ('monthly', 'longer')
    )
    union all
    {{ lines }}
    where subscription_id in (
        select subscription_id from {{ ref('int_subscription_versions') }}
        where is_first and is_history_missing
    )
)

select * exclude (occurred_at, observed_at)
from told
qualify row_number() over (partition by line_id order by occurred_at desc, observed_at desc) = 1
