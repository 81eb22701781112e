{#-
For tables whose texts are nearly all different ids: no dictionary of them is tried, which takes longer than all the rest
of writing them. Written before the model, and undone after it.
-#}
{% macro without_dictionaries() -%} {{ return(adapter.dispatch('without_dictionaries', 'loki')()) }} {%- endmacro %}
{% macro default__without_dictionaries() -%} {%- endmacro %}
{% macro duckdb__without_dictionaries() -%} set disabled_compression_methods = 'dict_fsst' {%- endmacro %}

{% macro with_dictionaries() -%} {{ return(adapter.dispatch('with_dictionaries', 'loki')()) }} {%- endmacro %}
{% macro default__with_dictionaries() -%} {%- endmacro %}
{% macro duckdb__with_dictionaries() -%} reset disabled_compression_methods {%- endmacro %}
