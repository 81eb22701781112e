-- One row a pull: what was asked of a stream, what came, and until when it is complete.
select
    stream,
    asked_at,
    since,
    until,
    cast(rows as bigint) as landed_rows,
    complete_until,
    status,
    detail,
    observed_at
from {{ source('landing', 'sync_ledger') }}
where {{ was_known() }}
