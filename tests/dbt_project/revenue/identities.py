"""What must hold exactly in every ledger, as queries that return the rows for which it does not."""
# ruff: noqa: E501 - queries read best on few lines

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import duckdb

IDENTITIES = {
    "before + amount = after": "select * from marts.mrr_movements where mrr_before + amount != mrr_after",
    "each movement starts where the last one ended": """
        select * from (
            select *, lag(mrr_after, 1, 0) over (
                partition by customer_id, currency order by movement_date, movement_type = 'fx'
            ) as ended from marts.mrr_movements
        ) where ended != mrr_before
    """,
    "after churn nothing is left": """
        select customer_id, movement_date from marts.mrr_movements
        where movement_type = 'churn' group by all having sum(mrr_after) != 0
    """,
    "types have their signs": """
        select * from (
            select movement_type, sum(amount) as amount from marts.mrr_movements
            where movement_type != 'fx' group by customer_id, movement_date, movement_type having count(*) = 1
        ) where sign(amount) != case when movement_type in ('new', 'expansion', 'reactivation') then 1 else -1 end
    """,
    "one movement a customer, day, currency and type": """
        select customer_id, movement_date, currency, movement_type from marts.mrr_movements
        group by all having count(*) > 1
    """,
    "every movement has a source": "select * from marts.mrr_movements where len(source_event_ids) = 0",
    "no source belongs to another customer": """
        select * from (select customer_id, unnest(source_event_ids) as id from marts.mrr_movements)
        anti join (
            select coalesce(ledger_customer_id, customer_id) as customer_id, id from (
                select customer_id, unnest(source_ids) as id from intermediate.int_subscription_states
                union all select customer_id, deletion_source_id from intermediate.int_customers
                union all select customer_id, event_id from staging.stg_stripe__customers
            ) left join (select customer_id, ledger_customer_id from intermediate.int_customers) using (customer_id)
        ) using (customer_id, id)
    """,
    "who was merged into another customer has no ledger of their own": """
        select customer_id from marts.mrr_movements
        where customer_id in (
            select customer_id from intermediate.int_customers where ledger_customer_id != customer_id
        )
    """,
    "months roll": """
        select * from marts.customer_months
        where opening_mrr + new + expansion + contraction + churn + reactivation + fx != closing_mrr
    """,
    "months follow each other": """
        select * from (
            select *, lag(closing_mrr, 1, 0) over (partition by customer_id, currency order by month) as closed
            from marts.customer_months
        ) where closed != opening_mrr
    """,
    "totals roll": """
        select * from (
            select *, lag(closing_mrr, 1, 0) over (order by month) as closed from marts.mrr_months
        ) where closed != opening_mrr
            or opening_mrr + new + expansion + contraction + churn + reactivation + fx != closing_mrr
    """,
    "constant totals roll": """
        select * from marts.mrr_months_constant
        where opening_mrr + new + expansion + contraction + churn + reactivation + fx != closing_mrr or fx != 0
    """,
    "constant totals are the balances at one rate": """
        select month, closing_mrr from marts.mrr_months_constant
        except select months.month, coalesce(sum(cast(cast(c.closing_mrr as decimal(24, 8)) * r.rate as decimal(38, 8))), 0)
        from marts.mrr_months as months
        left join marts.customer_months as c on months.month = c.month
        left join intermediate.int_exchange_rates as r
            on c.currency = r.currency and r.valid_to = date '9999-12-31'
        group by all
    """,
    "an exchange rate that stays moves nothing": """
        select * from marts.mrr_movements as m
        where movement_type = 'fx' and not exists (
            select 1 from intermediate.int_exchange_rates as r
            where r.currency = m.currency and date_trunc('month', r.valid_from) = date_trunc('month', m.movement_date)
        )
    """,
    "customers add up to the total": """
        select month, sum(closing_mrr) from marts.customer_months where currency = 'usd' group by month
        except select month, sum(mrr_after) from (
            select cast(month as date) as month, customer_id, max_by(mrr_after, movement_date) as mrr_after
            from marts.mrr_movements, (select distinct month from marts.customer_months) as months
            where currency = 'usd' and movement_type != 'fx' and movement_date < month + interval 1 month
            group by all
        ) group by month
    """,
    "plans add up to the ledger": """
        select currency, month, sum(mrr) from marts.plan_months group by all
        except select currency, month, sum(closing_mrr) from marts.customer_months group by all
    """,
    "paying customers are those with a balance": """
        select month, paying_customers from marts.mrr_months
        except select months.month, count(distinct customer_id)
        from marts.mrr_months as months left join marts.customer_months as c on months.month = c.month and c.is_paying
        group by all
    """,
    "committed months roll": """
        select * from marts.committed_mrr_months
        where opening_mrr + scheduled_changes + scheduled_cancellations != committed_mrr
    """,
    "the forecast begins with today's balance and becomes what falls due": """
        select * from (
            select *, (select max_by(closing_mrr, month) from marts.mrr_months_constant) as today,
                row_number() over by_month as place,
                sum(due_changes + due_cancellations) over by_month as due,
                first_value(committed_mrr) over by_month as committed_now
            from marts.committed_mrr_months where is_forecast window by_month as (order by month)
        ) where opening_mrr != today + case when place = 1 then 0 else due end or committed_mrr != committed_now
    """,
    "the bridge carries over from MRR to cash": """
        select month, customer_id, currency from marts.mrr_invoice_bridge group by all
        having sum(case when stage = 'mrr' or (stage = 'invoiced' and item != 'invoiced') then amount else 0 end)
            != sum(case when item = 'invoiced' then amount else 0 end)
            or sum(case when item = 'invoiced' or (stage = 'collected' and item != 'collected') then amount else 0 end)
            != sum(case when item = 'collected' then amount else 0 end)
    """,
    "the lines of an item add up to it": """
        select month, customer_id, currency, item, sum(amount) from marts.mrr_invoice_bridge_lines
        group by all having sum(amount) != 0
        except select month, customer_id, currency, item, amount from marts.mrr_invoice_bridge
    """,
    "what became of a line adds up to the line": """
        select invoice_id, invoice_line_id from marts.mrr_invoice_bridge_lines
        where (item = 'invoiced' or stage = 'collected') and invoice_id in (
            select invoice_id from marts.mrr_invoice_bridge_lines where item = 'invoiced'
            group by all having sum(amount) != 0
        )
        group by all having sum(case when item = 'collected' then -amount else amount end) != 0
    """,
}


def broken_identities(con: duckdb.DuckDBPyConnection) -> list[str]:
    """Return the names of the identities that do not hold, with the first row that breaks each."""
    broken = []
    for name, query in IDENTITIES.items():
        row = con.execute(query).fetchone()
        if row is not None:
            broken.append(f"{name}: {row}")
    return broken
