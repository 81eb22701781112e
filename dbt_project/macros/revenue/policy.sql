{#- The value of one switch of the policy being built. -#}
{% macro switch(name) -%}
    {%- set switches = var('policy_switches') -%}
    {%- if name not in switches -%}
        {{ exceptions.raise_compiler_error("The policy has no switch '" ~ name ~ "'") }}
    {%- endif -%}
    {{ return(switches[name]) }}
{%- endmacro %}

{#- A number such as 52/12, 4.33 or 0 as numerator and denominator, so that nothing is lost to floats. -#}
{% macro fraction(number) -%}
    {%- set parts = (number | string).split('/') -%}
    {%- set decimals = (parts[0].split('.') + [''])[1] -%}
    {%- set below = (parts[1] | int) if parts | length > 1 else 1 -%}
    {{ return([parts[0] | replace('.', '') | int, below * 10 ** (decimals | length)]) }}
{%- endmacro %}

{#- The calendar day of an instant in the reporting time zone. -#}
{% macro reporting_date(instant) -%}
    {%- if var('reporting_timezone') == 'UTC' -%} {{ utc_date(instant) }}
    {%- else -%} {{ return(adapter.dispatch('local_date', 'loki')(instant)) }}
    {%- endif -%}
{%- endmacro %}

{% macro default__local_date(instant) -%}
    cast(from_utc_timestamp({{ instant }}, '{{ var("reporting_timezone") }}') as date)
{%- endmacro %}

{% macro duckdb__local_date(instant) -%}
    cast(({{ instant }}) at time zone '{{ var("reporting_timezone") }}' as date)
{%- endmacro %}

{#- Today in the reporting time zone. -#}
{% macro reporting_today() -%} {{ reporting_date(build_now()) }} {%- endmacro %}

{#- The first day of a date's month. -#}
{% macro month_of(day_expression) -%} cast(date_trunc('month', {{ day_expression }}) as date) {%- endmacro %}
