-- noqa: disable=RF02
-- One row for each customer, currency and day with a change: the day's net, the balance around it, which holds
-- until `next_date`, and what kind of movement the day is for the customer as a whole.
with {{ net_days(ref('int_subscription_changes')) }}

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
