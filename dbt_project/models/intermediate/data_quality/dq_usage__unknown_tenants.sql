{{ config(materialized="ephemeral") }}
-- Usage and validations of tenants that no register has ever named.
with register as (select distinct tenant_id from {{ ref('stg_tenants__register') }}),

slices as (select * from {{ ref('int_usage__slices') }}),

runs as (select * from {{ ref('validation_runs') }}),

named as (
    select
        tenant_id,
        'usage' as kind,
        sum(requests) as records,
        min(first_observed_at) as observed_at
    from slices
    group by tenant_id
    union all
    select
        tenant_id,
        'validations' as kind,
        count(*) as records,
        min(observed_at) as observed_at
    from runs
    group by tenant_id
)

select
    'unknown_tenant' as check_name,
    coalesce(named.tenant_id, 'null') as object_id,
    cast(named.records as varchar) || ' records of ' || named.kind || ' name a tenant that is not in the register'
        as detail,
    named.observed_at as first_seen_at
from named
left join register on named.tenant_id = register.tenant_id
where register.tenant_id is null
