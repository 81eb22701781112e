{#-
Tables and views of a build. Its file is written aside and published whole, so a relation is made under its own name at
once, in one statement: neither a temporary name, nor a backup, nor a transaction around it. A contract is held against
the relation that was made, not against its query, which would have to be planned twice; only a table with constraints is
made dbt's own way.
`meta: {packing: …}` is for big tables that are written once and read whole.
-#}
{% materialization table, adapter='duckdb' %}
    {%- set target = this.incorporate(type='table') -%}
    {%- set packed = config.get('meta', {}).get('packing') -%}
    {%- set constrained = model.constraints or model.columns.values() | selectattr('constraints') | list -%}
    {{ drop_relation_if_exists(load_cached_relation(this)) }}
    {{ run_hooks(pre_hooks) }}
    {%- call statement('main', auto_begin=false) -%}
        {{ packing(packed) if packed }}
        {% if constrained %} {{ create_table_as(false, target, compiled_code) }}
        {% else %} create table {{ target }} as ({{ compiled_code }});
        {% endif %}
        {{ packing(none) if packed }}
    {%- endcall -%}
    {%- if config.get('contract').enforced and not constrained %} {% do hold_to_contract(target) %} {% endif -%}
    {{ run_hooks(post_hooks) }}
    {%- if pre_hooks or post_hooks %} {% do adapter.commit() %} {% endif -%}
    {{ return({'relations': [target]}) }}
{% endmaterialization %}

{% materialization view, adapter='duckdb' %}
    {%- set target = this.incorporate(type='view') -%}
    {{ drop_relation_if_exists(load_cached_relation(this)) }}
    {{ run_hooks(pre_hooks) }}
    {%- call statement('main', auto_begin=false) -%} create view {{ target }} as ({{ compiled_code }}) {%- endcall -%}
    {%- if config.get('contract').enforced %} {% do hold_to_contract(target) %} {% endif -%}
    {{ run_hooks(post_hooks) }}
    {%- if pre_hooks or post_hooks %} {% do adapter.commit() %} {% endif -%}
    {{ return({'relations': [target]}) }}
{% endmaterialization %}

{#- Raise dbt's own error unless a relation has just the columns and types that its contract promises. -#}
{% macro hold_to_contract(target) -%}
    {%- set made, promised = [], [] -%}
    {%- for column in adapter.get_column_schema_from_query('select * from ' ~ target) -%}
        {%- do made.append({'name': column.name, 'data_type': column.dtype, 'formatted': column.name ~ ' ' ~ column.dtype}) -%}
    {%- endfor -%}
    {%- for column in model.columns.values() -%}
        {%- set data_type = column.data_type | upper -%}
        {%- do promised.append({'name': column.name, 'data_type': data_type, 'formatted': column.name ~ ' ' ~ data_type}) -%}
    {%- endfor -%}
    {%- if made | map(attribute='formatted') | sort != promised | map(attribute='formatted') | sort -%}
        {%- do exceptions.raise_contract_error(promised, made) -%}
    {%- endif -%}
{%- endmacro %}
