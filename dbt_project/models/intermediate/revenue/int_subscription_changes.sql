-- noqa: disable=all
-- One row for each moment at which a subscription's MRR, or whether it bears any, changed: by how much, why, since when
-- we could know, and who says so.
with segments as (select * from {{ ref('int_subscription_segments') }} where not is_future),

states as (select state_id, source_ids, known_at from {{ ref('int_subscription_states') }}),

content as (
    select
        segment_id,
        sum(mrr) as mrr,
        max(currency) as currency,
        sum({{ set_number('price_id') }}) filter (where not is_billed) as prices,
        sum({{ set_number("concat_ws('/', plan, billing_interval)") }}) filter (where not is_billed) as plans,
        sum({{ set_number("concat_ws('/', price_id, quantity)") }}) filter (where not is_billed) as quantities,
        bool_or(is_discounted) as is_discounted
    from {{ ref('int_item_mrr') }}
    where is_live
    group by segment_id
),

compared as (
    select
        segments.*  exclude (currency),
        coalesce(content.currency, segments.currency) as mrr_currency,
        coalesce(content.mrr, 0) as mrr,
        content.prices,
        content.plans,
        content.quantities,
        coalesce(content.is_discounted, false) as is_discounted,
        coalesce(lag(content.is_discounted) over facts, false) as was_discounted,
        coalesce(lag(content.mrr) over facts, 0) as mrr_before,
        coalesce(lag(segments.is_live) over facts, false) as was_live,
        lag(segments.status) over facts as status_before,
        lag(segments.pause_behavior) over facts as pause_before,
        lag(content.prices) over facts as prices_before,
        lag(content.plans) over facts as plans_before,
        lag(content.quantities) over facts as quantities_before
    from segments
    left join content on segments.segment_id = content.segment_id
    window facts as (partition by segments.subscription_id order by segments.starts_at, segments.segment_id)
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

-- What lapsed was set by the first state that carried it, or by the customer's own event.
first_carried as (
    select
        windows.subscription_id,
        windows.discount_id,
        min_by(
            case when windows.source_id is null then states.source_ids else [windows.source_id] end, states.state_id
        ) as source_ids,
        min_by(coalesce(windows.known_at, states.known_at), states.state_id) as known_at
    from {{ ref('int_discount_windows') }} as windows
    inner join states on windows.state_id = states.state_id
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
    changes.tenant_id,
    changes.mrr_currency as currency,
    changes.starts_at as effective_at,
    {{ reporting_date('changes.starts_at') }} as effective_date,
    changes.source,
    changes.mrr,
    changes.delta,
    changes.live_delta,
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
        when changes.is_state_start then changes.source_ids
        else coalesce(
            lapsed.source_ids,
            case when changes.is_customer_deleted then [changes.deletion_source_id] end,
            past_due.source_ids,
            changes.source_ids
        )
    end as source_ids,
    changes.reason
from changes
left join lapsed on changes.segment_id = lapsed.segment_id
left join states as past_due on changes.past_due_state_id = past_due.state_id
