select
    run_id,
    tenant_id,
    document_type,
    modules,
    status,
    created_at,
    detected_type,
    cast(type_score as double) as type_score,
    ruleset_version,
    ruleset_hash,
    engine_version,
    cast(custom_gates_revision as varchar) as custom_gates_revision,
    as_of,
    document_sha256,
    cast(characters as bigint) as characters,
    cast(duration_ms as double) as duration_ms,
    observed_at
from {{ ref('stg_validation__runs') }}
