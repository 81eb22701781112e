-- One row an invoice whose payment failed.
select
    cast(null as varchar) as "invoice_id",
    cast(null as varchar) as "customer_id",
    cast(null as varchar) as "tenant_id",
    cast(null as varchar) as "subscription_id",
    cast(null as varchar) as "currency",
    cast(null as decimal(38,8)) as "amount_due",
    cast(null as timestamp with time zone) as "first_failed_at",
    cast(null as timestamp with time zone) as "last_failed_at",
    cast(null as bigint) as "attempts",
    cast(null as timestamp with time zone) as "recovered_at",
    cast(null as timestamp with time zone) as "lost_at",
    cast(null as bigint) as "age_days",
    cast(null as varchar) as "state",
    cast(null as decimal(38,8)) as "recovered_amount",
    cast(null as decimal(38,8)) as "lost_amount",
    cast(null as decimal(38,8)) as "at_risk_amount",
    cast(null as decimal(38,8)) as "mrr_at_risk"
where false
