-- One row a record as it landed; int_usage__slices leaves out what came twice.
select
    tenant_id,
    source,
    record_id,
    meter,
    module,
    endpoint,
    status_code,
    succeeded,
    units,
    occurred_at,
    observed_at
from {{ source('landing', 'usage_records') }}
where {{ was_known() }}
