{{ config(materialized="ephemeral") }}
-- Rows that did not fit their stream.
select
    'quarantined_row' as check_name,
    coalesce(object_id, stream) as object_id,
    stream || ' from ' || coalesce(source, 'an unknown source') || ': ' || reason as detail,
    observed_at as first_seen_at
from {{ ref('stg_usage__quarantine') }}
