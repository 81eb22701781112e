-- Nothing moves without a source.
{{ config(tags=['revenue']) }}
select movement_id
from {{ ref('mrr_movements') }}
where coalesce(len(source_event_ids), 0) = 0
