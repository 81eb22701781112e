-- noqa: disable=all
-- One row for each moment at which a subscription's MRR, or whether it bears any, changed: by how much, why, since when
-- we could know, and who says so.
with content as (
    select
        items.segment_id,
        sum(items.mrr) as mrr,
        max(items.currency) as currency,
        cast(sum(amounts.price_number) as bigint) as prices,
        cast(sum(amounts.plan_number) as bigint) as plans,
        cast(sum(amounts.quantity_number) as bigint) as quantities,
        bool_or(items.is_discounted) as is_discounted
    from {{ ref('int_item_mrr') }} as items
    left join {{ ref('int_item_amounts') }} as amounts on items.amount_id = amounts.amount_id
    where items.is_live
    group by items.segment_id
),

{{ first_paying_segments() }}

compared as (
    select
        segments.* exclude (currency),
        segments.segment_id in (select first_paid.segment_id from first_paid) as is_first_paid,
        {{ has_been_live() }} as has_been_live,
        coalesce(content.currency, segments.currency) as currency,
        coalesce(content.mrr, 0) as mrr,
        content.prices, content.plans, content.quantities,
        coalesce(content.is_discounted, false) as is_discounted,
        coalesce(earlier.is_discounted, false) as was_discounted,
        coalesce(earlier.mrr, 0) as mrr_before,
        coalesce(previous.is_live, false) as was_live,
        previous.status as status_before,
        previous.pause_behavior as pause_before,
        earlier.prices as prices_before,
        earlier.plans as plans_before,
        earlier.quantities as quantities_before
    from {{ ref('int_subscription_segments') }} as segments
    -- Segments are numbered in the order of their subscription's time.
    left join {{ ref('int_subscription_segments') }} as previous
        on segments.segment_id = previous.segment_id + 1 and segments.subscription_id = previous.subscription_id
    left join content on segments.segment_id = content.segment_id
    left join content as earlier on previous.segment_id = earlier.segment_id
    where not segments.is_future
),

changes as (
    select
        *,
        mrr - mrr_before as delta,
        cast(is_live as integer) - cast(was_live as integer) as live_delta,
        {{ change_reason() }} as reason
    from compared
    where mrr != mrr_before or is_live != was_live
),

-- What lapsed was set by the first state that carried it, or by the customer's own event: a list seen since then, in the
-- same state, set nothing.
first_carried as (
    select
        windows.subscription_id,
        windows.discount_id,
        min_by(
            case when windows.source_id is null then states.source_ids else [windows.source_id] end,
            (states.state_id, windows.active_from)
        ) as source_ids,
        min_by(coalesce(windows.known_at, states.known_at), (states.state_id, windows.active_from)) as known_at
    from {{ ref('int_discount_windows') }} as windows
    inner join {{ ref('int_subscription_states') }} as states on windows.state_id = states.state_id
    group by 1, 2
),

lapsed as (
    select
        changes.segment_id,
        flatten(array_agg(first_carried.source_ids)) as source_ids,
        max(first_carried.known_at) as known_at
    from changes
    inner join {{ ref('int_discount_windows') }} as windows on changes.state_id = windows.state_id
    inner join first_carried
        on windows.subscription_id = first_carried.subscription_id and windows.discount_id = first_carried.discount_id
    where not changes.is_state_start and changes.starts_at in (windows.active_from, windows.active_until)
    group by changes.segment_id
)

select
    changes.segment_id,
    changes.subscription_id,
    changes.ledger_customer_id as customer_id,
    changes.customer_number,
    changes.tenant_id,
    changes.currency,
    changes.starts_at as effective_at,
    {{ reporting_date('changes.starts_at') }} as effective_date,
    changes.source,
    changes.mrr, changes.delta, changes.live_delta,
    case
        when changes.is_state_start then changes.known_at
        else greatest(
            coalesce(
                lapsed.known_at,
                case when changes.is_customer_deleted then changes.deletion_known_at end,
                past_due.known_at,
                changes.known_at
            ),
            changes.starts_at
        )
    end as known_at,
    case
        when changes.is_state_start then states.source_ids
        else coalesce(
            lapsed.source_ids,
            case when changes.is_customer_deleted then [changes.deletion_source_id] end,
            past_due.source_ids,
            states.source_ids
        )
    end as source_ids,
    changes.reason
from changes
inner join {{ ref('int_subscription_states') }} as states on changes.state_id = states.state_id
left join lapsed on changes.segment_id = lapsed.segment_id
left join {{ ref('int_subscription_states') }} as past_due on changes.past_due_state_id = past_due.state_id
