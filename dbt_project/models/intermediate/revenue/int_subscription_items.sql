-- One row for each item of each version of a subscription; what it costs is in `int_item_amounts`.
with kept as (
    select
        told.version_id,
        bool_or(told.is_seen_twice) as is_seen_twice
    from (
        select
            version_id,
            sightings > 1 as is_seen_twice
        from {{ ref('int_subscription_versions') }}
        union all
        select
            discounts_version_id as version_id,
            true as is_seen_twice
        from {{ ref('int_subscription_origins') }}
    ) as told
    group by told.version_id
),

items as (
    {{ listed_items('kept') }}
)

select
    version_id,
    item_id,
    amount_id,
    discount_ids
from items
