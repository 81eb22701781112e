{#- Why a subscription's MRR changed at one moment; the movement of the day takes the weightiest of its reasons. -#}
{% macro change_reason() -%}
    case
        when is_live and not was_live then
            case
                when status_before = 'trialing' or is_first_paid then 'trial_converted'
                when pause_before is not null or status_before in ('paused', 'past_due', 'unpaid') then 'resume'
                when status_before = 'active' and has_been_live then 'resume'
                else 'signup'
            end
        when was_live and not is_live then
            case
                when is_customer_deleted then 'voluntary_churn'
                when status = status_before and pause_behavior is not null and pause_before is null then 'pause'
                when status in ('past_due', 'unpaid') then 'involuntary_churn'
                when status = 'canceled' and (
                    cancellation_reason = 'payment_failed' or status_before in ('past_due', 'unpaid')
                ) then 'involuntary_churn'
                when status = 'paused' or pause_behavior is not null then 'pause'
                else 'voluntary_churn'
            end
        when prices is distinct from prices_before and plans is distinct from plans_before then
            case when delta > 0 then 'upgrade' else 'downgrade' end
        when prices is distinct from prices_before then 'price_change'
        when quantities is distinct from quantities_before then 'quantity'
        when is_discounted or was_discounted then case when delta > 0 then 'coupon_end' else 'coupon_start' end
        else 'price_change'
    end
{%- endmacro %}

{#-
A number that stands for a text where a coincidence does no harm. DuckDB's own hash is quick, but gives texts that differ
in a regular way, such as consecutive ids, equal numbers now and then.
-#}
{% macro fingerprint(text) -%} {{ return(adapter.dispatch('fingerprint', 'loki')(text)) }} {%- endmacro %}
{% macro default__fingerprint(text) -%} cast(xxhash64({{ text }}) as decimal(38, 0)) {%- endmacro %}
{% macro duckdb__fingerprint(text) -%} hash({{ text }}) {%- endmacro %}

{#- A number that no other text has: what rows are joined on. -#}
{% macro unique_number(text) -%} {{ return(adapter.dispatch('unique_number', 'loki')(text)) }} {%- endmacro %}
{% macro default__unique_number(text) -%} md5({{ text }}) {%- endmacro %}
{% macro duckdb__unique_number(text) -%} md5_number({{ text }}) {%- endmacro %}

{#- The same in sums over a set, so that sets can be compared without keeping them. -#}
{% macro set_number(text) -%} {{ return(adapter.dispatch('set_number', 'loki')(text)) }} {%- endmacro %}
{% macro default__set_number(text) -%} cast(xxhash64({{ text }}) as decimal(38, 0)) {%- endmacro %}
{% macro duckdb__set_number(text) -%} hash(md5_number({{ text }})) {%- endmacro %}

{#- The same in 40 bits, so that the sum of many fits a machine word. -#}
{% macro small_set_number(text) -%} cast({{ set_number(text) }} % 1099511627776 as bigint) {%- endmacro %}

{#-
Whether a segment's subscription bore MRR earlier: asked where the policy takes a scheduled cancellation for churn, so that
one that is revoked brings back MRR without a change of status.
-#}
{% macro has_been_live() -%}
    {%- if switch('churn_at') == 'period_end' %} false
    {%- else %}
        segments.segment_id not in (
            select min(live.segment_id) from {{ ref('int_subscription_segments') }} as live
            where live.is_live
            group by live.subscription_id
        )
    {%- endif %}
{%- endmacro %}

{#- The CTE `first_paid`: where trials bear MRR for the first time, also those that paused for want of a card till then. -#}
{% macro first_paying_segments() -%}
first_paid as (
    select
        subscription_id,
        min(segment_id) filter (where is_live) as segment_id
    from {{ ref('int_subscription_segments') }}
    where
        subscription_id in (
            select trials.subscription_id from {{ ref('int_subscription_segments') }} as trials
            where trials.status = 'trialing'
        )
    group by subscription_id
    having min(segment_id) filter (where status = 'trialing') < min(segment_id) filter (where is_live)
),
{%- endmacro %}
