{#- Whether a stretch of a subscription's time bears MRR, by its status and the policy. -#}
{% macro bears_mrr() -%}
    {%- set past_due_days = switch('past_due_days') %}
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
        when segments.status = 'past_due' then
            {% if past_due_days == 'never' %} true
            {% else %} segments.starts_at < segments.past_due_since + to_hours({{ past_due_days }} * 24)
            {% endif %}
        else false
    end
{%- endmacro %}
