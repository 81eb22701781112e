select
    run_id,
    tenant_id,
    module,
    gate_id,
    severity,
    verdict,
    title,
    is_waived,
    findings,
    created_at,
    observed_at
from {{ ref('stg_validation__outcomes') }}
