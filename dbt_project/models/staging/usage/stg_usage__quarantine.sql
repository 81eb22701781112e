-- One row a rejected row.
select
    stream,
    source,
    object_id,
    reason,
    detail,
    body,
    observed_at
from {{ source('landing', 'quarantine') }}
where {{ was_known() }}
