-- One row a tax rate.
select
    tax_rate_id,
    max_by(percentage, occurred_at) as percentage,
    max_by(is_inclusive, occurred_at) as is_inclusive
from {{ ref('stg_stripe__tax_rates') }}
group by tax_rate_id
