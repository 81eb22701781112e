{{ config(tags=['revenue']) }}
-- Everything that makes a revenue number less than certain, and the days whose months are flagged for it.
{%- set checks = [
    'dq_revenue__subscriptions', 'dq_revenue__schedules', 'dq_revenue__events', 'dq_revenue__invoices', 'dq_revenue__history'
] %}
{%- for check in checks %}
    select
        check_name,
        object_id,
        detail,
        first_seen_at,
        flawed_from,
        flawed_until
    from {{ ref(check) }}
    {% if not loop.last %} union all {% endif %}
{%- endfor %}
