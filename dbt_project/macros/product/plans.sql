{#- One row a catalogue, plan and flow meter: the plan's newest limit, null for unlimited. -#}
{% macro plan_quotas() -%}
    {%- for meter in ['api_calls', 'conversations', 'storage_gb'] %}
    select catalogue, plan, '{{ meter }}' as meter, {{ meter }}_quota as quota
    from {{ ref('stg_tenants__plans') }}
    qualify row_number() over (partition by catalogue, plan order by snapshot_on desc) = 1
    {%- if not loop.last %} union all {%- endif %}
    {%- endfor %}
{%- endmacro %}
