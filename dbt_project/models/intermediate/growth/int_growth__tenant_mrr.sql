-- One row a tenant: its present MRR in the reporting currency.
select
    cast(null as varchar) as tenant_id,
    cast(null as decimal(38, 8)) as mrr
where false
