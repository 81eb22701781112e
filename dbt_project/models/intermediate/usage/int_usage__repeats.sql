-- One row a record that landed again: every sighting but the first of a (tenant, source, record id). Normally none: the
-- hashes of all identities are counted, and only where one occurs twice are the identities themselves compared.
with records as (select * from {{ ref('stg_usage__records') }}),

suspects as (
    select {{ identity_hash(['tenant_id', 'source', 'record_id']) }} as identity_hash
    from records
    group by 1
    having count(*) > 1
),

sightings as (
    select * from records
    where {{ identity_hash(['tenant_id', 'source', 'record_id']) }} in (select suspects.identity_hash from suspects)
)

select *
from sightings
qualify row_number() over (
    partition by tenant_id, source, record_id order by observed_at, occurred_at, meter, units
) > 1
