-- Who called what, for tenants that ask for it; kept as long as their other details.

CREATE TABLE request_log (
    seq {serial},
    at BIGINT NOT NULL,
    actor_kind TEXT NOT NULL,
    actor_id TEXT NOT NULL,
    method TEXT NOT NULL,
    route TEXT NOT NULL,
    status_code INTEGER NOT NULL
);

CREATE INDEX request_log_by_time ON request_log (at);
