{#-
For big tables that are written once and read whole. `light`: neither dictionaries of ids, nearly all different, nor their
common parts nor packed numbers are tried, which takes longer than all the rest of writing them. `none`: nor runs of equal values, where there are
none. Asked for by a model's `meta: {packing: light}`; the statement comes before the model's own, and is undone after it.
-#}
{% macro packing(level) -%} {{ return(adapter.dispatch('packing', 'loki')(level)) }} {%- endmacro %}
{% macro default__packing(level) -%} {%- endmacro %}
{% macro duckdb__packing(level) -%}
    {%- if level -%}
        set disabled_compression_methods = '{{ {'light': 'dict_fsst,fsst,bitpacking', 'none': 'dict_fsst,fsst,bitpacking,rle'}[level] }}';
    {%- else -%} reset disabled_compression_methods;
    {%- endif -%}
{%- endmacro %}

{#-
What a row of an invoice is joined on: its place in the table, which is written once and never changed, where the engine
tells it, else its id. A place is a small number that takes no room.
-#}
{% macro row_key(invoices) -%} {{ return(adapter.dispatch('row_key', 'loki')(invoices)) }} {%- endmacro %}
{% macro default__row_key(invoices) -%} {{ invoices }}.invoice_id {%- endmacro %}
{% macro duckdb__row_key(invoices) -%} {{ invoices }}.rowid {%- endmacro %}

{#- A text that is one of a few, the last of which stands for any other: kept as a number where the engine can. -#}
{% macro one_of(text, choices) -%}
    case {{ text }}
        {% for choice in choices[:-1] %} when '{{ choice }}' then {{ choice_of(choice, choices) }} {% endfor %}
        else {{ choice_of(choices[-1], choices) }}
    end
{%- endmacro %}
{% macro choice_of(choice, choices) -%} {{ return(adapter.dispatch('choice_of', 'loki')(choice, choices)) }} {%- endmacro %}
{% macro default__choice_of(choice, choices) -%} '{{ choice }}' {%- endmacro %}
{% macro duckdb__choice_of(choice, choices) -%} cast('{{ choice }}' as enum('{{ choices | join("', '") }}')) {%- endmacro %}

{#- The stretch of neighbouring invoices that a row key lies in, and a weight that stands for the invoice in its sum. -#}
{% macro stretch_of(key) -%} {{ return(adapter.dispatch('stretch_of', 'loki')(key)) }} {%- endmacro %}
{% macro default__stretch_of(key) -%} {{ key }} {%- endmacro %}
{% macro duckdb__stretch_of(key) -%} ({{ key }} // 256) {%- endmacro %}

{% macro weight_of(key) -%} {{ return(adapter.dispatch('weight_of', 'loki')(key)) }} {%- endmacro %}
{% macro default__weight_of(key) -%} 1 {%- endmacro %}
{% macro duckdb__weight_of(key) -%} (1 + cast(hash({{ key }}) % 4294967296 as bigint)) {%- endmacro %}
