-- noqa: disable=all
-- One row a customer: whose tenant it is, into which other one it was merged, and when it was deleted. A number stands for
-- the customer of the ledger, so that what is put in order by customers has small keys.
with sightings as (
    select
        customer_id,
        max_by(tenant_id, occurred_at) filter (where tenant_id is not null) as tenant_id,
        min(occurred_at) filter (where is_deleted) as deleted_at,
        min(observed_at) filter (where is_deleted) as deletion_known_at,
        min_by(coalesce(event_id, customer_id), occurred_at) filter (where is_deleted) as deletion_source_id
    from {{ ref('stg_stripe__customers') }}
    group by customer_id
),

-- Newest reading of the operator's file.
merges as (
    select customer_id, merged_into, observed_at
    from {{ source('landing', 'customer_merges') }}
    where {{ was_known() }}
    qualify row_number() over (partition by customer_id order by observed_at desc, merged_into) = 1
),

-- A chain of merges ends at its last link. The file may hold no circle; one that landed before that was asked is cut.
chains as (
    with recursive followed as (
        select customer_id, merged_into, observed_at, 1 as links from merges
        union all
        select followed.customer_id, merges.merged_into, greatest(followed.observed_at, merges.observed_at), links + 1
        from followed
        inner join merges on followed.merged_into = merges.customer_id
        where links < 1000 and merges.merged_into not in (followed.customer_id, merges.customer_id)
    )

    select customer_id, max_by(merged_into, links) as merged_into, max_by(observed_at, links) as merge_known_at
    from followed
    group by customer_id
),

everyone as (
    select customer_id from sightings
    union
    select customer_id from {{ ref('stg_stripe__subscriptions') }}
    union
    select merged_into from chains
)

select
    everyone.customer_id,
    coalesce(chains.merged_into, everyone.customer_id) as ledger_customer_id,
    cast(dense_rank() over (order by coalesce(chains.merged_into, everyone.customer_id)) as integer) as customer_number,
    coalesce(target.tenant_id, own.tenant_id) as tenant_id,
    chains.merge_known_at,
    own.deleted_at,
    own.deletion_known_at,
    own.deletion_source_id
from everyone
left join sightings as own on everyone.customer_id = own.customer_id
left join chains on everyone.customer_id = chains.customer_id
left join sightings as target on chains.merged_into = target.customer_id
where everyone.customer_id is not null
