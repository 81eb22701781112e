-- noqa: disable=AL03
-- One row for each item of each set of items that a subscription had before the first event we have of it, as invoice
-- lines tell them: regular lines by their periods, changes by the debits of their prorations, also those still pending.
with histories as (
    select
        subscription_id,
        occurred_at as seen_at
    from {{ ref('int_subscription_versions') }}
    where is_first and is_history_missing
),

{{ items_told_by_lines() }}

-- A graduated price has one line for each tier: their quantities add up.
debits as (
    select
        subscription_id,
        item_id,
        begins_at,
        is_proration,
        max(price_id) as price_id,
        max(currency) as currency,
        max(unit_amount) as unit_amount,
        sum(coalesce(quantity, 1)) as quantity,
        min(source_id) as source_id,
        max(period_end_at) as period_end_at
    from told
    where not is_credit
    group by subscription_id, item_id, begins_at, is_proration, source_id
),

facts as (
    select *
    from debits
    qualify row_number() over (
        partition by subscription_id, item_id, begins_at order by is_proration desc, source_id desc
    ) = 1
),

-- A credit without a debit beside it takes the item away.
removals as (
    select
        told.subscription_id,
        told.item_id,
        told.begins_at
    from told
    left join facts
        on
            told.subscription_id = facts.subscription_id
            and told.item_id = facts.item_id
            and told.begins_at = facts.begins_at
    where told.is_credit and facts.item_id is null
    group by told.subscription_id, told.item_id, told.begins_at
),

spans as (
    select
        facts.*,
        least(
            lead(facts.begins_at) over (partition by facts.subscription_id, facts.item_id order by facts.begins_at),
            (
                select min(removals.begins_at) from removals
                where
                    removals.subscription_id = facts.subscription_id and removals.item_id = facts.item_id
                    and removals.begins_at > facts.begins_at
            )
        ) as until
    from facts
),

moments as (
    select
        subscription_id,
        begins_at
    from facts
    union
    select
        subscription_id,
        begins_at
    from removals
)

select
    moments.subscription_id,
    moments.begins_at as starts_at,
    {{ unique_number("concat_ws('|', moments.subscription_id, moments.begins_at, 'rebuilt')") }} as version_id,
    spans.item_id,
    spans.price_id,
    spans.currency,
    spans.unit_amount,
    spans.quantity,
    spans.source_id
from moments
inner join spans
    on
        moments.subscription_id = spans.subscription_id
        and spans.begins_at <= moments.begins_at
        and coalesce(moments.begins_at < spans.until, true)
