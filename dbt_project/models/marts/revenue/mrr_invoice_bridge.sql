-- One row a month, customer, currency and bridge item between MRR, what was invoiced and what was collected.
select
    cast(null as date) as "month",
    cast(null as varchar) as "customer_id",
    cast(null as varchar) as "tenant_id",
    cast(null as varchar) as "currency",
    cast(null as bigint) as "position",
    cast(null as varchar) as "stage",
    cast(null as varchar) as "item",
    cast(null as decimal(38,8)) as "amount",
    cast(null as varchar[]) as "invoice_ids",
    cast(null as varchar[]) as "invoice_line_ids"
where false
