-- noqa: disable=RF02
-- One row for each customer, currency and day with a change: the day's net, the balance around it, and what kind of
-- movement the day is for the customer as a whole.
with days as (
    select
        customer_id,
        currency,
        effective_date as movement_date,
        any_value(tenant_id) as tenant_id,
        sum(delta) as amount,
        sum(live_delta) as live_delta,
        max(effective_at) filter (where delta != 0) as effective_at,
        max(known_at) filter (where delta != 0) as known_at,
        list_sort(array_agg(distinct subscription_id) filter (where delta != 0)) as subscription_ids,
        list_sort(list_distinct(flatten(array_agg(source_ids) filter (where delta != 0)))) as source_event_ids,
        case
            when bool_or(source = 'reconstructed') filter (where delta != 0) then 'reconstructed'
            when bool_or(source = 'list') filter (where delta != 0) then 'list'
            else 'event'
        end as source
    from {{ ref('int_subscription_changes') }}
    group by 1, 2, 3
),

-- The weightiest change in the direction of the day's net gives the reason.
reasons as (
    select
        changes.customer_id,
        changes.currency,
        changes.effective_date,
        changes.reason
    from {{ ref('int_subscription_changes') }} as changes
    inner join days
        on
            changes.customer_id = days.customer_id
            and changes.currency = days.currency
            and changes.effective_date = days.movement_date
    where changes.delta != 0
    qualify row_number() over (
        partition by changes.customer_id, changes.currency, changes.effective_date
        order by
            sign(changes.delta) = sign(days.amount) desc,
            abs(changes.delta) desc,
            changes.effective_at desc,
            changes.subscription_id
    ) = 1
),

balances as (
    select
        days.*,
        sum(days.amount) over facts as mrr_after,
        sum(days.amount) over facts - days.amount as mrr_before
    from days
    window facts as (partition by customer_id, currency order by movement_date)
),

valued as (
    select
        balances.*,
        {{ reporting_change('balances', 'rates.rate') }} as reporting_amount,
        cast(mrr_after > 0 as integer) - cast(mrr_before > 0 as integer) as paying_delta
    from balances
    left join {{ ref('int_exchange_rates') }} as rates
        on
            balances.currency = rates.currency
            and balances.movement_date >= rates.valid_from
            and balances.movement_date < rates.valid_to
),

customer_days as (
    select
        customer_id,
        movement_date,
        sum(reporting_amount) as direction,
        sum(sum(paying_delta)) over facts as paying_after,
        sum(sum(paying_delta)) over facts - sum(paying_delta) as paying_before,
        sum(sum(live_delta)) over facts as live_after
    from valued
    group by 1, 2
    window facts as (partition by customer_id order by movement_date)
),

spells as (
    select
        *,
        count(*) filter (where paying_after > 0) over facts as spell,
        paying_after = 0 {% if switch('full_discount') == 'active' %} and live_after = 0 {% endif %} as is_gone
    from customer_days
    window facts as (partition by customer_id order by movement_date)
),

departures as (
    select
        customer_id,
        spell + 1 as spell,
        min(movement_date) as gone_on
    from spells
    where is_gone
    group by 1, 2
),

classified as (
    select
        spells.customer_id,
        spells.movement_date,
        spells.direction,
        spells.paying_before > 0 as was_paying,
        spells.paying_after > 0 as is_paying,
        {{ movement_type('spells', 'departures') }} as movement_type
    from spells
    left join departures on spells.customer_id = departures.customer_id and spells.spell = departures.spell
)

select
    valued.* exclude (live_delta, paying_delta),
    classified.was_paying,
    classified.is_paying,
    coalesce(
        classified.movement_type,
        case when coalesce(nullif(classified.direction, 0), valued.amount) > 0 then 'expansion' else 'contraction' end
    ) as movement_type,
    reasons.reason
from valued
inner join classified
    on valued.customer_id = classified.customer_id and valued.movement_date = classified.movement_date
left join reasons
    on
        valued.customer_id = reasons.customer_id
        and valued.currency = reasons.currency
        and valued.movement_date = reasons.effective_date
where valued.amount != 0
