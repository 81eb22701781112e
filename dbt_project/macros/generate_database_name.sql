{#- `steps` is kept in memory while dbt runs, unless asked to be kept for good; all else lies in the file being built. -#}
{% macro generate_database_name(custom_database_name=none, node=none) -%}
    {%- if custom_database_name == 'steps' and not var('keep_steps') -%} steps
    {%- else -%} {{ target.database }}
    {%- endif -%}
{%- endmacro %}
