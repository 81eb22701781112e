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

-- Found by their ids before they are joined to their invoices: most accounts have few of them, or none.
lines as (
    select
        amounts.line_id,
        amounts.kind,
        amounts.kind = 'proration' and amounts.amount < 0 as is_credit,
        invoices.invoice_id,
        invoices.subscription_id
    from {{ ref('int_line_amounts') }} as amounts
    inner join {{ ref('int_invoices') }} as invoices on amounts.invoice_key = {{ row_key('invoices') }}
    where amounts.line_id in (select details.line_id from {{ ref('int_line_details') }} as details)
),

told as (
    select
        histories.subscription_id,
        details.item_id,
        details.period_start_at as begins_at,
        details.price_id,
        details.unit_amount,
        details.quantity,
        lines.invoice_id as source_id,
        lines.is_credit,
        details.period_end_at,
        lines.kind = 'proration' as is_proration
    from {{ ref('int_line_details') }} as details
    inner join lines on details.line_id = lines.line_id
    inner join histories on coalesce(details.subscription_id, lines.subscription_id) = histories.subscription_id
    where
        details.item_id is not null and lines.kind in ('monthly', 'longer', 'proration')
        and details.period_start_at < histories.seen_at
    union all
    select
        pending.subscription_id,
        pending.item_id,
        pending.period_start_at,
        pending.price_id,
        pending.unit_amount,
        pending.quantity,
        pending.invoiceitem_id,
        pending.amount < 0,
        pending.period_end_at,
        true
    from {{ sightings('invoiceitem') }} as pending
    inner join histories on pending.subscription_id = histories.subscription_id
    where
        pending.is_proration and pending.invoice_id is null and pending.item_id is not null
        and pending.period_start_at < histories.seen_at and not pending.is_deleted
),

-- A graduated price has one line for each tier: their quantities add up.
debits as (
    select
        subscription_id,
        item_id,
        begins_at,
        is_proration,
        max(price_id) as price_id,
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
    spans.unit_amount,
    spans.quantity,
    spans.source_id
from moments
inner join spans
    on
        moments.subscription_id = spans.subscription_id
        and spans.begins_at <= moments.begins_at
        and coalesce(moments.begins_at < spans.until, true)
