{#- The build's present moment: fixed by the var `now`, so that a build can be repeated. -#}
{% macro build_now() -%}
    {%- if var('now') -%} cast('{{ var("now") }}' as timestamptz) {%- else -%} current_timestamp {%- endif -%}
{%- endmacro %}

{#- The UTC day of the build's present moment. -#}
{% macro build_day() -%} {{ utc_date(build_now()) }} {%- endmacro %}

{#- True for what had been observed by the build's as-known-at time. -#}
{% macro was_known(column='observed_at') -%}
    {%- if var('as_known_at') -%} {{ column }} <= cast('{{ var("as_known_at") }}' as timestamptz)
    {%- else -%} true {%- endif -%}
{%- endmacro %}

{#- The UTC calendar day of an instant. -#}
{% macro utc_date(instant) -%} {{ return(adapter.dispatch('utc_date', 'loki')(instant)) }} {%- endmacro %}

{% macro default__utc_date(instant) -%} cast({{ instant }} as date) {%- endmacro %}

{#- Integer arithmetic: over 50 million rows half the time of a cast through the calendar library. -#}
{% macro duckdb__utc_date(instant) -%}
    (date '1970-01-01' + cast(epoch_us({{ instant }}) // 86400000000 as integer))
{%- endmacro %}

{#- The instant at which a UTC calendar day begins. -#}
{% macro utc_midnight(date_expression) -%}
    {{ return(adapter.dispatch('utc_midnight', 'loki')(date_expression)) }}
{%- endmacro %}

{% macro default__utc_midnight(date_expression) -%} cast({{ date_expression }} as timestamp) {%- endmacro %}

{% macro duckdb__utc_midnight(date_expression) -%}
    cast({{ date_expression }} as timestamp) at time zone 'UTC'
{%- endmacro %}

{#- Microseconds since UTC midnight, of an instant or of a UTC timestamp without zone. -#}
{% macro microseconds_of_day(instant) -%} {{ return(adapter.dispatch('microseconds_of_day', 'loki')(instant)) }} {%- endmacro %}

{% macro default__microseconds_of_day(instant) -%}
    (extract(hour from {{ instant }}) * 3600000000 + extract(minute from {{ instant }}) * 60000000
    + cast(extract(second from {{ instant }}) * 1000000 as bigint))
{%- endmacro %}

{% macro duckdb__microseconds_of_day(instant) -%} (epoch_us({{ instant }}) % 86400000000) {%- endmacro %}

{#- Day of the week, 0 = Monday: engines disagree on their own numbering. -#}
{% macro weekday(date_expression) -%}
    ({{ dbt.datediff("cast('2001-01-01' as date)", date_expression, 'day') }} % 7)
{%- endmacro %}

{#- Seconds from one UTC timestamp to another, negative where the second lies before the first. -#}
{% macro seconds_between(starts, ends) -%} {{ dbt.datediff(starts, ends, 'second') }} {%- endmacro %}

{#- A number that differs, but for rare collisions, wherever the columns do. -#}
{% macro identity_hash(columns) -%} {{ return(adapter.dispatch('identity_hash', 'loki')(columns)) }} {%- endmacro %}

{% macro default__identity_hash(columns) -%} {{ dbt.hash(dbt.concat(columns)) }} {%- endmacro %}

{% macro duckdb__identity_hash(columns) -%} hash({{ columns | join(', ') }}) {%- endmacro %}
