-- One row a run: the first sighting wins, a run never changes.
with landed as (
    select * from {{ source('landing', 'validation_runs') }}
    where {{ was_known() }}
)

select
    run_id,
    tenant_id,
    document_type,
    detected_type,
    type_score,
    modules,
    status,
    cast(created_at as timestamptz) as created_at,
    ruleset_version,
    ruleset_hash,
    engine_version,
    custom_gates_revision,
    as_of,
    document_sha256,
    characters,
    duration_ms,
    observed_at
from landed
qualify row_number() over (partition by tenant_id, run_id order by observed_at) = 1
