-- One row a tenant with enough history behind it: the probability of an upgrade within 90 days.
select
    cast(null as varchar) as tenant_id,
    cast(null as decimal(18, 8)) as upgrade_probability,
    cast(null as varchar []) as reasons
where false
