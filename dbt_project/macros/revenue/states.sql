{#- What a state of a subscription says, without its items, in the order in which the models pass it on. -#}
{% macro subscription_state_columns(prefix='') -%}
    {%- set names = [
        'customer_id', 'status', 'currency', 'created_at', 'start_at', 'trial_start_at', 'trial_end_at', 'cancel_at',
        'canceled_at', 'ended_at', 'period_start_at', 'period_end_at', 'is_cancel_at_period_end',
        'cancellation_reason', 'pause_behavior', 'schedule_id', 'state_hash'
    ] -%}
    {%- for name in names %}{{ prefix }}{{ name }}{% if not loop.last %},
    {% endif %}{% endfor %}
{%- endmacro %}
