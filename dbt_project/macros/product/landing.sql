{#- One row a stream of the landing zone: rows known, and when the newest of them was observed. -#}
{% macro landed_rows() -%} {{ return(adapter.dispatch('landed_rows', 'loki')()) }} {%- endmacro %}

{% macro duckdb__landed_rows() -%}
    select
        string_split(filename, '/')[-3] as stream,
        count(*) as landed_rows,
        max(observed_at) as last_observed_at
    from read_parquet('{{ env_var("LOKI_LANDING_ROOT", "/nowhere") }}/*/*/*.parquet', filename = true)
    where {{ was_known() }}
    group by all
{%- endmacro %}

{#- Elsewhere what the pulls say they brought, which leaves out objects that came with Stripe's events. -#}
{% macro default__landed_rows() -%}
    select stream, sum(landed_rows) as landed_rows, max(observed_at) as last_observed_at
    from {{ ref('stg_usage__ledger') }}
    group by stream
{%- endmacro %}
