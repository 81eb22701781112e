{#-
Usage periods run from month to month, counted from an anchor: the start of the tenant's subscription period, or the
first of a month where the catalogue counts calendar months. Each start is counted from the anchor itself, so that an
anchor on the 31st gives 28 February and then 31 March again. Both arguments are UTC timestamps without zone.
-#}
{% macro period_index(anchor, instant) -%}
    ({{ dbt.datediff(anchor, instant, 'month') }}
    - case
        when {{ dbt.dateadd('month', dbt.datediff(anchor, instant, 'month'), anchor) }} > {{ instant }} then 1
        else 0
    end)
{%- endmacro %}

{#- An instant as a UTC timestamp without zone. -#}
{% macro utc_timestamp(instant) -%} {{ return(adapter.dispatch('utc_timestamp', 'loki')(instant)) }} {%- endmacro %}

{% macro default__utc_timestamp(instant) -%} cast({{ instant }} as timestamp) {%- endmacro %}

{% macro duckdb__utc_timestamp(instant) -%} ({{ instant }} at time zone 'UTC') {%- endmacro %}

{#- A UTC timestamp without zone as an instant. -#}
{% macro utc_instant(timestamp_expression) -%}
    {{ return(adapter.dispatch('utc_instant', 'loki')(timestamp_expression)) }}
{%- endmacro %}

{% macro default__utc_instant(timestamp_expression) -%} {{ timestamp_expression }} {%- endmacro %}

{% macro duckdb__utc_instant(timestamp_expression) -%} (({{ timestamp_expression }}) at time zone 'UTC') {%- endmacro %}

{#-
Meters that are levels, read at a moment. The others are flows, summed over the period: storage too, whose units are
gigabytes added, because that is how the quota counter and the invoice count it.
-#}
{% macro level_meters() -%} ('users') {%- endmacro %}

{#- Statuses of tenants that are customers, or about to be: scored for growth and health. -#}
{% macro live_statuses() -%} ('trial', 'active', 'past_due', 'paused') {%- endmacro %}
