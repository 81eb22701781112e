-- noqa: disable=AL03,LT02
-- depends_on: {{ ref('int_billed_mrr') }}
-- One row for each stretch of time in which nothing that MRR depends on changes: a state, cut where time alone changes
-- something (a discount starts or ends, past due grows old, the customer is deleted). What is already certain of the
-- future is here as well, marked so.
{% set past_due_days = switch('past_due_days') %}
with states as (select * from {{ ref('int_subscription_states') }}),

customers as (select * from {{ ref('int_customers') }}),

windows as (select * from {{ ref('int_discount_windows') }}),

cuts as (
    select
        state_id,
        valid_from as cut_at
    from states
    union
    select
        state_id,
        active_from
    from windows
    union
    select
        state_id,
        active_until
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
),

segments as (
    select
        states.*,
        cuts.cut_at as starts_at,
        coalesce(
            lead(cuts.cut_at) over (partition by states.state_id order by cuts.cut_at), states.valid_to
        ) as ends_at
    from states
    inner join cuts on states.state_id = cuts.state_id
    where
        cuts.cut_at >= states.valid_from
        and coalesce(cuts.cut_at < states.valid_to, true)
)

select
    row_number() over (order by segments.subscription_id, segments.starts_at, segments.state_id) as segment_id,
    segments.state_id,
    segments.version_id,
    segments.subscription_id,
    segments.customer_id,
    customers.ledger_customer_id,
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
    segments.source_ids,
    segments.known_at,
    segments.past_due_state_id,
    segments.starts_at >= customers.deleted_at as is_customer_deleted,
    customers.deletion_source_id,
    customers.deletion_known_at,
    case
        when coalesce(segments.starts_at >= customers.deleted_at, false) then false
        {% if switch('churn_at') == 'scheduled' %}
            when segments.is_cancel_at_period_end or segments.cancel_at is not null then false
        {% elif switch('churn_at') == 'canceled' %}
            when segments.canceled_at <= segments.starts_at then false
        {% endif %}
        when segments.status = 'paused' then {{ 'true' if switch('paused') == 'keep' else 'false' }}
        when segments.pause_behavior is not null and {{ 'false' if switch('paused') == 'keep' else 'true' }} then false
        when segments.status = 'active' then true
        when segments.status = 'past_due'
            then
                            {% if past_due_days == 'never' %} true
        {% else %} segments.starts_at < segments.past_due_since + to_hours({{ past_due_days }} * 24)
        {% endif %}
        else false
    end as is_live
from segments
left join customers on segments.customer_id = customers.customer_id
where segments.ends_at is null or segments.ends_at > segments.starts_at
