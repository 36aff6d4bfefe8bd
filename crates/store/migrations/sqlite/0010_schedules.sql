-- What is refreshed by itself, and when.
CREATE TABLE schedules (
    id           TEXT NOT NULL PRIMARY KEY,
    workspace_id TEXT NOT NULL,
    -- Which documents: `all`, `source:NAME` or `document:ID`.
    scope        TEXT NOT NULL,
    -- Microseconds between two rounds.
    every        BIGINT NOT NULL,
    next_at      BIGINT NOT NULL,
    last_at      BIGINT,
    last_queued  BIGINT NOT NULL DEFAULT 0,
    created_at   BIGINT NOT NULL,
    CONSTRAINT schedules_scope_key UNIQUE (workspace_id, scope)
);
CREATE INDEX schedules_due ON schedules (next_at);
