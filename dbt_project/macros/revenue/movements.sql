{#- CTEs to `days`: what the changes of subscriptions come to for each customer, currency and day. -#}
{% macro net_days(changes) -%}
crowded as (
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
{%- endmacro %}

{#-
What kind of movement a customer's day is, decided on the whole customer; null where it only grew or shrank.
A spell begins with its start and ends with its departure; a return is judged by the time since then.
-#}
{% macro movement_type(day, start, return) -%}
    {%- set gap = switch('reactivation_gap') -%}
    case
        when {{ day }}.is_paying and not {{ day }}.was_paying then
            case
                when {{ start }}.last_start_on is null then 'new'
                when {{ return }}.gone_on is null then 'expansion'
                {% if gap == 'one_month' %}
                when {{ day }}.movement_date < {{ return }}.gone_on + interval 1 month then 'new'
                {% elif gap == 'ninety_days' %}
                when {{ day }}.movement_date > {{ return }}.gone_on + interval 90 day then 'new'
                {% endif %}
                else 'reactivation'
            end
        when {{ day }}.was_paying and not {{ day }}.is_paying then
            case when {{ day }}.is_gone then 'churn' else 'contraction' end
    end
{%- endmacro %}

{#- An amount at a rate, to the scale of MRR, half away from zero; at the rate of 1 nothing need be multiplied. -#}
{% macro in_reporting_currency(amount, rate) -%}
    case
        when {{ rate }} = 1 then cast({{ amount }} as {{ mrr_type() }})
        else cast(cast({{ amount }} as decimal(24, 8)) * {{ rate }} as {{ mrr_type() }})
    end
{%- endmacro %}

{#-
What a change of a balance is at a rate: the difference of the two balances, each rounded, so that changes at one rate
add up to the balance to the last digit and nothing is left of a balance that is gone.
-#}
{% macro reporting_change(row, rate) -%}
    ({{ in_reporting_currency(row ~ '.mrr_after', rate) }}) - ({{ in_reporting_currency(row ~ '.mrr_before', rate) }})
{%- endmacro %}
