{#-
Tables and views of a build. Its file is written aside and published whole, so a relation is made under its own name at
once, in one statement: neither a temporary name, nor a backup, nor a transaction around it.
`meta: {packing: …}` is for big tables that are written once and read whole.
-#}
{% materialization table, adapter='duckdb' %}
    {%- set target = this.incorporate(type='table') -%}
    {%- set packed = config.get('meta', {}).get('packing') -%}
    {{ drop_relation_if_exists(load_cached_relation(this)) }}
    {{ run_hooks(pre_hooks) }}
    {%- call statement('main', auto_begin=false) -%}
        {{ packing(packed) if packed }}
        {{ create_table_as(false, target, compiled_code) }}
        {{ packing(none) if packed }}
    {%- endcall -%}
    {{ run_hooks(post_hooks) }}
    {%- if pre_hooks or post_hooks %} {% do adapter.commit() %} {% endif -%}
    {{ return({'relations': [target]}) }}
{% endmaterialization %}

{% materialization view, adapter='duckdb' %}
    {%- set target = this.incorporate(type='view') -%}
    {{ drop_relation_if_exists(load_cached_relation(this)) }}
    {{ run_hooks(pre_hooks) }}
    {%- call statement('main', auto_begin=false) -%} {{ create_view_as(target, compiled_code) }} {%- endcall -%}
    {{ run_hooks(post_hooks) }}
    {%- if pre_hooks or post_hooks %} {% do adapter.commit() %} {% endif -%}
    {{ return({'relations': [target]}) }}
{% endmaterialization %}
