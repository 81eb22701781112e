-- Each movement starts from the balance that the one before it left, and adds up.
{{ config(tags=['revenue']) }}
select *
from (
    select
        movement_id,
        mrr_before,
        mrr_after,
        amount,
        lag(mrr_after, 1, 0) over (
            partition by customer_id, currency order by movement_date, case when movement_type = 'fx' then 1 else 0 end
        ) as left_before
    from {{ ref('mrr_movements') }}
) as movements
where mrr_before + amount != mrr_after or mrr_before != left_before
