-- Times are microseconds since 1970 in UTC, units are millionths: exact on both databases.

CREATE TABLE validation_runs (
    seq {serial},
    run_id TEXT NOT NULL UNIQUE,
    document_type TEXT NOT NULL,
    detected_type TEXT,
    type_score DOUBLE PRECISION,
    modules TEXT NOT NULL,
    status TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    ruleset_version TEXT NOT NULL,
    ruleset_hash TEXT NOT NULL,
    engine_version TEXT NOT NULL,
    custom_gates_revision TEXT,
    as_of TEXT NOT NULL,
    document_sha256 TEXT NOT NULL,
    characters BIGINT NOT NULL,
    duration_ms DOUBLE PRECISION NOT NULL,
    gate_outcomes TEXT NOT NULL,
    result {bytes} NOT NULL
);

CREATE TABLE kept_documents (
    run_id TEXT PRIMARY KEY REFERENCES validation_runs (run_id) ON DELETE CASCADE,
    media_type TEXT NOT NULL,
    content {bytes} NOT NULL
);

CREATE TABLE usage_records (
    seq {serial},
    source TEXT NOT NULL,
    record_id TEXT NOT NULL,
    meter TEXT NOT NULL,
    module TEXT,
    endpoint TEXT,
    status_code INTEGER,
    succeeded INTEGER NOT NULL,
    units BIGINT NOT NULL,
    occurred_at BIGINT NOT NULL
);

CREATE INDEX usage_records_by_time ON usage_records (occurred_at);

-- Outlives the usage records it was made from: an event sent again after years still counts once.
CREATE TABLE usage_keys (key_hash {bytes} PRIMARY KEY){without_rowid};

CREATE TABLE quota_counters (
    meter TEXT NOT NULL,
    period_start BIGINT NOT NULL,
    period_end BIGINT NOT NULL,
    used BIGINT NOT NULL,
    PRIMARY KEY (meter, period_start)
);

CREATE TABLE idempotency_keys (
    idempotency_key TEXT PRIMARY KEY,
    request_hash TEXT NOT NULL,
    status_code INTEGER NOT NULL,
    run_id TEXT,
    response {bytes},
    created_at BIGINT NOT NULL
);

CREATE TABLE custom_gates (
    gate_id TEXT PRIMARY KEY,
    body TEXT NOT NULL,
    is_enabled INTEGER NOT NULL,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    updated_by TEXT NOT NULL
);

CREATE TABLE suppressions (
    suppression_id TEXT PRIMARY KEY,
    gate_id TEXT NOT NULL,
    fingerprint TEXT NOT NULL,
    author TEXT NOT NULL,
    reason TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    expires_at BIGINT
);

CREATE TABLE revisions (name TEXT PRIMARY KEY, revision BIGINT NOT NULL);
