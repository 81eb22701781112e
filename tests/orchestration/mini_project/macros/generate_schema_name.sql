{#- Schemas are named plainly; a policy built beside the configured one lies in <schema>_<policy>. -#}
{% macro generate_schema_name(custom_schema_name, node) -%}
    {%- set base = custom_schema_name or target.schema -%}
    {%- if var('is_configured_policy') or base not in ('intermediate', 'marts') -%}
        {{ base }}
    {%- else -%}
        {{ base }}_{{ var('policy') }}
    {%- endif -%}
{%- endmacro %}
