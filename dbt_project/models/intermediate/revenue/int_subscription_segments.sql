-- noqa: disable=AL03,AL04,LT02,LT09,RF02
-- depends_on: {{ ref('int_billed_mrr') }}
-- One row for each stretch of time in which nothing that MRR depends on changes: a state, cut where time alone changes
-- something (a discount starts or ends, past due grows old, the customer is deleted). What is already certain of the
-- future is here as well, marked so.
{% set past_due_days = switch('past_due_days') %}
with states as (select * from {{ ref('int_subscription_states') }}),

customers as (select * from {{ ref('int_customers') }}),

windows as (select * from {{ ref('int_discount_windows') }}),

-- What cuts a state into stretches; most states are never cut.
cuts as (
    select
        told.state_id,
        told.cut_at
    from (
        select
            state_id,
            unnest([active_from, active_until]) as cut_at
        from windows
        union
        select
            states.state_id,
            customers.deleted_at
        from states
        inner join customers on states.customer_id = customers.customer_id
        where customers.deleted_at is not null
        {% if past_due_days not in ('never', 0) %}
            union
            select
                state_id,
                past_due_since + to_hours({{ past_due_days }} * 24)
            from states
            where past_due_since is not null
        {% endif %}
        {% if switch('proration') == 'as_billed' or switch('metered') == 'trailing_month' %}
            union
            select
                states.state_id,
                unnest([billed.starts_at, billed.ends_at])
            from states
            inner join {{ ref('int_billed_mrr') }} as billed on states.subscription_id = billed.subscription_id
        {% endif %}
    ) as told
    inner join states on told.state_id = states.state_id
    where told.cut_at > states.valid_from and coalesce(told.cut_at < states.valid_to, true)
),

stretches as (
    select
        state_id,
        cut_at as starts_at,
        lead(cut_at, 1, valid_to) over (partition by state_id order by cut_at) as ends_at
    from (
        select cuts.state_id, cuts.cut_at, states.valid_to
        from cuts
        inner join states on cuts.state_id = states.state_id
        union all
        select state_id, valid_from, valid_to
        from states
        where state_id in (select state_id from cuts)
    ) as beginnings
    union all
    select state_id, valid_from, valid_to
    from states
    where state_id not in (select state_id from cuts)
),

-- Numbers follow each other in a subscription's time, so that what was before has the number before.
numbered as (
    select
        *,
        row_number() over (order by state_id, starts_at) as segment_id
    from stretches
    where ends_at is null or ends_at > starts_at
),

segments as (
    select
        states.*,
        numbered.segment_id,
        numbered.starts_at,
        numbered.ends_at
    from numbered
    inner join states on numbered.state_id = states.state_id
)

select
    segments.segment_id,
    segments.state_id,
    segments.version_id,
    segments.subscription_id,
    segments.customer_id,
    customers.ledger_customer_id,
    customers.customer_number,
    customers.tenant_id,
    segments.currency,
    segments.starts_at,
    segments.ends_at,
    segments.starts_at = segments.valid_from as is_state_start,
    segments.starts_at > {{ build_now() }} as is_future,
    segments.starts_at <= {{ build_now() }} and coalesce(segments.ends_at > {{ build_now() }}, true) as is_current,
    segments.status,
    segments.pause_behavior,
    segments.cancellation_reason,
    segments.source,
    segments.known_at,
    segments.past_due_state_id,
    segments.starts_at >= customers.deleted_at as is_customer_deleted,
    customers.deletion_source_id,
    customers.deletion_known_at,
    {{ bears_mrr() }} as is_live
from segments
left join customers on segments.customer_id = customers.customer_id
