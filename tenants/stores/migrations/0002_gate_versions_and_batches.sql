-- Every version of a gate that was ever saved, so that it can be shown and rolled back to.
CREATE TABLE custom_gate_versions (
    gate_id TEXT NOT NULL,
    revision BIGINT NOT NULL,
    body TEXT,
    is_enabled INTEGER NOT NULL,
    saved_at BIGINT NOT NULL,
    saved_by TEXT NOT NULL,
    PRIMARY KEY (gate_id, revision)
);

-- Documents accepted for later; they are wiped once the batch is finished.
CREATE TABLE batches (
    batch_id TEXT PRIMARY KEY,
    created_at BIGINT NOT NULL,
    created_by TEXT NOT NULL,
    total INTEGER NOT NULL,
    done INTEGER NOT NULL,
    outcomes TEXT NOT NULL,
    documents {bytes},
    finished_at BIGINT
);

CREATE INDEX batches_unfinished ON batches (created_at) WHERE finished_at IS NULL
