{#-
For big tables that are written once and read whole: neither dictionaries of ids, nearly all different, nor packed numbers
are tried, which takes longer than all the rest of writing them. Asked for by a model's `meta: {is_written_plainly: true}`.
-#}
{% macro write_plainly() -%} {{ return(adapter.dispatch('write_plainly', 'loki')()) }} {%- endmacro %}
{% macro default__write_plainly() -%} {%- endmacro %}
{% macro duckdb__write_plainly() -%} set disabled_compression_methods = 'dict_fsst,bitpacking' {%- endmacro %}

{% macro write_compactly() -%} {{ return(adapter.dispatch('write_compactly', 'loki')()) }} {%- endmacro %}
{% macro default__write_compactly() -%} {%- endmacro %}
{% macro duckdb__write_compactly() -%} reset disabled_compression_methods {%- endmacro %}

{#-
What a row of an invoice is joined on: its place in the table, which is written once and never changed, where the engine
tells it, else its id. A place is a small number that takes no room.
-#}
{% macro row_key(invoices) -%} {{ return(adapter.dispatch('row_key', 'loki')(invoices)) }} {%- endmacro %}
{% macro default__row_key(invoices) -%} {{ invoices }}.invoice_id {%- endmacro %}
{% macro duckdb__row_key(invoices) -%} {{ invoices }}.rowid {%- endmacro %}
