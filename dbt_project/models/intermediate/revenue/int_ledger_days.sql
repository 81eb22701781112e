-- noqa: disable=RF02
-- One row for each customer, currency and day with a change: the day's net, the balance around it, which holds
-- until `next_date`, and what kind of movement the day is for the customer as a whole.
{% set changes = ref('int_subscription_changes') %}
with crowded as (
    select
        customer_number,
        currency,
        effective_date,
        sum(delta) as amount
    from {{ changes }}
    group by customer_number, currency, effective_date
    having count(*) > 1
),

-- The weightiest change in the direction of the day's net gives the reason.
weighed as (
    select
        changes.*,
        row_number() over (
            partition by changes.customer_number, changes.currency, changes.effective_date
            order by
                changes.delta != 0 desc,
                sign(changes.delta) = sign(crowded.amount) desc,
                abs(changes.delta) desc,
                changes.effective_at desc,
                changes.subscription_id
        ) = 1 as is_weightiest
    from {{ changes }} as changes
    inner join crowded
        on
            changes.customer_number = crowded.customer_number
            and changes.currency = crowded.currency
            and changes.effective_date = crowded.effective_date
),

-- A day with one change is that change; only the others are summed.
days as (
    select
        min(segment_id) as day_id,
        customer_number,
        any_value(customer_id) as customer_id,
        currency,
        effective_date as movement_date,
        any_value(tenant_id) as tenant_id,
        sum(delta) as amount,
        sum(live_delta) as live_delta,
        max(effective_at) filter (where delta != 0) as effective_at,
        max(known_at) filter (where delta != 0) as known_at,
        list_sort(list_distinct(array_agg(subscription_id) filter (where delta != 0))) as subscription_ids,
        list_sort(list_distinct(flatten(array_agg(source_ids) filter (where delta != 0)))) as source_event_ids,
        case
            when bool_or(source = 'reconstructed') filter (where delta != 0) then 'reconstructed'
            when bool_or(source = 'list') filter (where delta != 0) then 'list'
            else 'event'
        end as source,
        any_value(reason) filter (where is_weightiest and delta != 0) as reason
    from weighed
    group by customer_number, currency, effective_date
    union all
    select
        changes.segment_id as day_id,
        changes.customer_number,
        changes.customer_id,
        changes.currency,
        changes.effective_date as movement_date,
        changes.tenant_id,
        changes.delta as amount,
        changes.live_delta,
        changes.effective_at,
        changes.known_at,
        [changes.subscription_id] as subscription_ids,
        case
            when len(changes.source_ids) = 1 then changes.source_ids else list_sort(list_distinct(changes.source_ids))
        end as source_event_ids,
        changes.source,
        changes.reason
    from {{ changes }} as changes
    left join crowded
        on
            changes.customer_number = crowded.customer_number
            and changes.currency = crowded.currency
            and changes.effective_date = crowded.effective_date
    where crowded.customer_number is null
),

balances as (
    select
        day_id,
        customer_number,
        currency,
        movement_date,
        amount,
        live_delta,
        sum(amount) over facts as mrr_after,
        sum(amount) over facts - amount as mrr_before,
        sum(live_delta) over facts as live_in_currency,
        lead(case when amount != 0 then movement_date end ignore nulls) over facts as next_date
    from days
    window facts as (partition by customer_number, currency order by movement_date)
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

of_several_currencies as (
    select customer_number from days
    group by customer_number
    having min(currency) != max(currency)
),

-- What the day is for the customer: all currencies that changed on it take part. Where there is one, it decides alone.
customer_days as (
    select
        valued.*,
        sum(valued.reporting_amount) over a_day as direction,
        sum(valued.paying_delta) over until_then as paying_after,
        sum(valued.paying_delta) over until_then - sum(valued.paying_delta) over a_day as paying_before,
        sum(valued.live_delta) over until_then as live_after
    from valued
    inner join of_several_currencies on valued.customer_number = of_several_currencies.customer_number
    window
        until_then as (partition by valued.customer_number order by valued.movement_date),
        a_day as (
            partition by valued.customer_number order by valued.movement_date range between current row and current row
        )
    union all
    select
        valued.*,
        valued.reporting_amount as direction,
        cast(valued.mrr_after > 0 as integer) as paying_after,
        cast(valued.mrr_before > 0 as integer) as paying_before,
        valued.live_in_currency as live_after
    from valued
    left join of_several_currencies on valued.customer_number = of_several_currencies.customer_number
    where of_several_currencies.customer_number is null
),

judged as (
    select
        *,
        paying_before > 0 as was_paying,
        paying_after > 0 as is_paying,
        paying_after = 0 {% if switch('full_discount') == 'active' %} and live_after = 0 {% endif %} as is_gone
    from customer_days
),

starts as (
    select
        customer_number,
        movement_date,
        lag(movement_date) over (partition by customer_number order by movement_date) as last_start_on
    from judged
    where is_paying and not was_paying
    group by customer_number, movement_date
),

returns as (
    select
        starts.customer_number,
        starts.movement_date,
        min(departures.movement_date) as gone_on
    from starts
    inner join judged as departures
        on
            starts.customer_number = departures.customer_number
            and departures.movement_date > starts.last_start_on
            and departures.movement_date < starts.movement_date
    where departures.is_gone
    group by starts.customer_number, starts.movement_date
)

select
    days.* exclude (day_id, live_delta),
    judged.mrr_after,
    judged.mrr_before,
    judged.next_date,
    judged.reporting_amount,
    judged.was_paying,
    judged.is_paying,
    coalesce(
        {{ movement_type('judged', 'starts', 'returns') }},
        case when coalesce(nullif(judged.direction, 0), judged.amount) > 0 then 'expansion' else 'contraction' end
    ) as movement_type
from judged
inner join days on judged.day_id = days.day_id
left join starts on judged.customer_number = starts.customer_number and judged.movement_date = starts.movement_date
left join returns on judged.customer_number = returns.customer_number and judged.movement_date = returns.movement_date
where judged.amount != 0
