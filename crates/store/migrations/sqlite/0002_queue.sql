-- What repeats something else is left out: an address as sent that is canonical, a title that is still the address, and
-- what folding does not change. A workspace is proven by the key of the call; looking it up again for each row cost a tenth.
CREATE TABLE slim_documents (
    workspace_id        TEXT    NOT NULL,
    id                  TEXT    NOT NULL,
    source              TEXT    NOT NULL,
    external_id         TEXT NOT NULL,
    original_url        TEXT,
    title               TEXT,
    -- Lower-cased by Rust, whose idea of case is the same on both databases.
    original_url_folded TEXT,
    title_folded        TEXT,
    kind                TEXT    NOT NULL,
    mime_type           TEXT    NOT NULL DEFAULT '',
    storage_url         TEXT    NOT NULL DEFAULT '',
    english             BOOLEAN NOT NULL,
    baser               BOOLEAN NOT NULL,
    -- How the latest finished run ended; a live job is laid over it when a document is read.
    outcome             TEXT    CHECK (outcome IN ('completed', 'failed')),
    error               TEXT    NOT NULL DEFAULT '',
    language            TEXT,
    -- The number of the current text, 0 before the first.
    revision            BIGINT  NOT NULL DEFAULT 0,
    -- The number of the text before the latest material change.
    old_revision        BIGINT,
    changed             BOOLEAN NOT NULL DEFAULT FALSE,
    last_job_id         TEXT,
    linked_knowledge_id TEXT,
    linked_operation    TEXT    CHECK (linked_operation IN ('ADD_ARTICLE_TO_FOLDER', 'UPDATE_ARTICLE', 'DO_NOTHING')),
    linked_reason       TEXT,
    created_at          BIGINT  NOT NULL,
    updated_at          BIGINT  NOT NULL,
    PRIMARY KEY (id, workspace_id),
    CONSTRAINT documents_external_key UNIQUE (workspace_id, source, external_id)
);
INSERT INTO slim_documents (workspace_id, id, source, external_id, original_url, title, original_url_folded,
    title_folded, kind, mime_type, storage_url, english, baser, outcome, error, language, revision, old_revision,
    changed, last_job_id, linked_knowledge_id, linked_operation, linked_reason, created_at, updated_at)
SELECT workspace_id, id, source, external_id, original_url, title, original_url_folded, title_folded, kind, mime_type,
    storage_url, english, baser, outcome, error, language, revision, old_revision, changed, last_job_id,
    linked_knowledge_id, linked_operation, linked_reason, created_at, updated_at
FROM documents;
DROP TABLE documents;
ALTER TABLE slim_documents RENAME TO documents;
CREATE INDEX documents_listing ON documents (workspace_id, updated_at, external_id, id);
CREATE INDEX documents_failed ON documents (workspace_id, id) WHERE outcome = 'failed';

-- The hot table again: three more ways to wait, fewer and smaller indexes. `priority` is kept to be shown.
CREATE TABLE live_jobs (
    workspace_id TEXT NOT NULL,
    id           TEXT NOT NULL,
    document_id  TEXT NOT NULL,
    state        TEXT NOT NULL CHECK (state IN ('ready', 'delayed', 'in_line', 'held', 'running')),
    priority     TEXT NOT NULL CHECK (priority IN ('interactive', 'bulk', 'scheduled')),
    -- Virtual time, given at enqueue: the claim takes the smallest first, which shares fairly between workspaces.
    order_key    BIGINT NOT NULL,
    -- The same in the line of its lane: there too the smallest comes first.
    line_key     BIGINT NOT NULL DEFAULT 0,
    -- Whose turn it takes: the host, or the provider connection.
    lane         TEXT NOT NULL,
    -- A delayed job becomes ready at this instant.
    run_at       BIGINT NOT NULL,
    -- Since when the job is in this state for this reason.
    since        BIGINT NOT NULL,
    wait_code    TEXT CHECK (wait_code IN ('queue', 'host', 'retry', 'provider', 'paused', 'worker')),
    wait_text    TEXT,
    attempt      BIGINT NOT NULL DEFAULT 0,
    max_attempts BIGINT NOT NULL,
    owner        TEXT,
    lease_until  BIGINT,
    created_at   BIGINT NOT NULL,
    started_at   BIGINT,
    CONSTRAINT live_jobs_key PRIMARY KEY (id),
    -- At most one live job a document.
    CONSTRAINT live_jobs_document_key UNIQUE (document_id),
    CONSTRAINT live_jobs_lease CHECK ((state = 'running') = (owner IS NOT NULL AND lease_until IS NOT NULL))
);
INSERT INTO live_jobs (workspace_id, id, document_id, state, priority, order_key, lane, run_at, since, wait_code, wait_text,
                       attempt, max_attempts, owner, lease_until, created_at, started_at)
SELECT workspace_id, id, document_id, state, 'bulk', order_key, lane, run_at, since, wait_code, wait_text,
       attempt, max_attempts, owner, lease_until, created_at, started_at
FROM jobs;
DROP TABLE jobs;
ALTER TABLE live_jobs RENAME TO jobs;
CREATE INDEX jobs_ready ON jobs (order_key, id) WHERE state = 'ready';
CREATE INDEX jobs_due ON jobs (run_at) WHERE state = 'delayed';
CREATE INDEX jobs_in_line ON jobs (lane, line_key, id) WHERE state = 'in_line';
CREATE INDEX jobs_in_line_share ON jobs (lane, workspace_id, priority, line_key) WHERE state = 'in_line';
CREATE INDEX jobs_held ON jobs (workspace_id) WHERE state = 'held';
CREATE INDEX jobs_held_lane ON jobs (lane) WHERE state = 'held';
-- Few jobs run at a time, so one small index serves every question about them, and a lease is kept without touching it.
CREATE INDEX jobs_running ON jobs (lane) WHERE state = 'running';

-- Ids grow with time, so the key serves the sweep as well.
CREATE TABLE ended_jobs (
    workspace_id TEXT NOT NULL,
    id           TEXT NOT NULL,
    document_id  TEXT NOT NULL,
    ended        TEXT NOT NULL CHECK (ended IN ('completed', 'failed', 'cancelled')),
    error        TEXT   NOT NULL,
    attempts     BIGINT NOT NULL,
    created_at   BIGINT NOT NULL,
    started_at   BIGINT,
    finished_at  BIGINT NOT NULL,
    CONSTRAINT job_history_key PRIMARY KEY (id)
);
INSERT INTO ended_jobs (workspace_id, id, document_id, ended, error, attempts, created_at, started_at, finished_at)
SELECT workspace_id, id, document_id, ended, error, attempts, created_at, started_at, finished_at FROM job_history;
DROP TABLE job_history;
ALTER TABLE ended_jobs RENAME TO job_history;

-- How far each workspace has been served or promised to be, in virtual time, by priority.
CREATE TABLE shares (
    workspace_id TEXT NOT NULL,
    priority     TEXT NOT NULL,
    last_key     BIGINT NOT NULL,
    PRIMARY KEY (workspace_id, priority)
);

-- A lane is the line of the jobs that wait for a host, and what is known of how the host bears it.
ALTER TABLE lanes ADD COLUMN has_line BOOLEAN NOT NULL DEFAULT FALSE;
-- The key in line of the job that went last.
ALTER TABLE lanes ADD COLUMN served_key BIGINT NOT NULL DEFAULT 0;
-- The time between two turns when the last was given, in microseconds.
ALTER TABLE lanes ADD COLUMN gap BIGINT NOT NULL DEFAULT 0;
-- Each step of strain doubles the gap; it passes with time.
ALTER TABLE lanes ADD COLUMN strain BIGINT NOT NULL DEFAULT 0;
ALTER TABLE lanes ADD COLUMN strained_at BIGINT NOT NULL DEFAULT 0;
-- The day, counted from 1970 in UTC, and the requests of that day.
ALTER TABLE lanes ADD COLUMN day BIGINT NOT NULL DEFAULT 0;
ALTER TABLE lanes ADD COLUMN spent BIGINT NOT NULL DEFAULT 0;
CREATE INDEX lanes_due ON lanes (next_start) WHERE has_line;

-- What an operator has paused. One that is ending is no pause any more; its jobs are on their way back.
CREATE TABLE pauses (
    kind   TEXT NOT NULL CHECK (kind IN ('workspace', 'lane')),
    name   TEXT NOT NULL,
    reason TEXT    NOT NULL,
    since  BIGINT  NOT NULL,
    ending BOOLEAN NOT NULL DEFAULT FALSE,
    PRIMARY KEY (kind, name)
);
