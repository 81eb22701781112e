-- One row a run and gate: the first sighting wins, a verdict never changes.
with landed as (
    select * from {{ source('landing', 'gate_outcomes') }}
    where {{ was_known() }}
)

select
    run_id,
    tenant_id,
    module,
    gate_id,
    title,
    severity,
    verdict,
    waived as is_waived,
    cast(findings as integer) as findings,
    cast(created_at as timestamptz) as created_at,
    observed_at
from landed
qualify row_number() over (partition by tenant_id, run_id, gate_id order by observed_at) = 1
