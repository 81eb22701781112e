-- One row a customer, month, currency and kind of charge: metered and overage charges, never part of MRR.
select
    cast(null as date) as "month",
    cast(null as varchar) as "customer_id",
    cast(null as varchar) as "tenant_id",
    cast(null as varchar) as "currency",
    cast(null as varchar) as "kind",
    cast(null as decimal(38,8)) as "amount",
    cast(null as varchar[]) as "invoice_line_ids"
where false
