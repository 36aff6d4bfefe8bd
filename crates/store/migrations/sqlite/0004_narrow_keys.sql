-- Narrow keys. A row is found by its id alone, and lies in the tree of its key: one tree less to write for each row that is
-- queued or ended.
CREATE TABLE new_documents (
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
    -- The bytes of the texts that a list shows, so that its pages can be cut before a text is read.
    text_bytes          BIGINT  NOT NULL DEFAULT 0,
    old_text_bytes      BIGINT  NOT NULL DEFAULT 0,
    last_job_id         TEXT,
    linked_knowledge_id TEXT,
    linked_operation    TEXT    CHECK (linked_operation IN ('ADD_ARTICLE_TO_FOLDER', 'UPDATE_ARTICLE', 'DO_NOTHING')),
    linked_reason       TEXT,
    created_at          BIGINT  NOT NULL,
    updated_at          BIGINT  NOT NULL,
    CONSTRAINT documents_key PRIMARY KEY (id),
    CONSTRAINT documents_external_key UNIQUE (workspace_id, source, external_id)
) WITHOUT ROWID;
INSERT INTO new_documents (workspace_id, id, source, external_id, original_url, title, original_url_folded, title_folded, kind, mime_type,
    storage_url, english, baser, outcome, error, language, revision, old_revision, changed, last_job_id,
    linked_knowledge_id, linked_operation, linked_reason, created_at, updated_at, text_bytes, old_text_bytes)
SELECT workspace_id, id, source, external_id, original_url, title, original_url_folded, title_folded, kind, mime_type,
    storage_url, english, baser, outcome, error, language, revision, old_revision, changed, last_job_id,
    linked_knowledge_id, linked_operation, linked_reason, created_at, updated_at,
    COALESCE((SELECT text_bytes FROM revisions WHERE document_id = documents.id AND number = revision), 0),
    COALESCE((SELECT text_bytes FROM revisions WHERE document_id = documents.id AND number = old_revision), 0)
FROM documents;
DROP TABLE documents;
ALTER TABLE new_documents RENAME TO documents;
CREATE INDEX documents_listing ON documents (workspace_id, updated_at, external_id, id);
CREATE INDEX documents_failed ON documents (workspace_id, id) WHERE outcome = 'failed';

CREATE TABLE new_jobs (
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
    -- How much it is suspected of having ended processes; model::blame has the rules.
    suspicion    BIGINT NOT NULL DEFAULT 0,
    owner        TEXT,
    lease_until  BIGINT,
    created_at   BIGINT NOT NULL,
    started_at   BIGINT,
    CONSTRAINT jobs_key PRIMARY KEY (id),
    -- At most one live job a document.
    CONSTRAINT jobs_document_key UNIQUE (document_id),
    CONSTRAINT jobs_lease CHECK ((state = 'running') = (owner IS NOT NULL AND lease_until IS NOT NULL))
) WITHOUT ROWID;
INSERT INTO new_jobs (workspace_id, id, document_id, state, priority, order_key, line_key, lane, run_at, since, wait_code, wait_text,
    attempt, max_attempts, suspicion, owner, lease_until, created_at, started_at)
SELECT workspace_id, id, document_id, state, priority, order_key, line_key, lane, run_at, since, wait_code, wait_text,
    attempt, max_attempts, suspicion, owner, lease_until, created_at, started_at
FROM jobs;
DROP TABLE jobs;
ALTER TABLE new_jobs RENAME TO jobs;
CREATE INDEX jobs_ready ON jobs (order_key, id) WHERE state = 'ready';
CREATE INDEX jobs_due ON jobs (run_at) WHERE state = 'delayed';
CREATE INDEX jobs_in_line ON jobs (lane, line_key, id) WHERE state = 'in_line';
CREATE INDEX jobs_in_line_share ON jobs (lane, workspace_id, priority, line_key) WHERE state = 'in_line';
CREATE INDEX jobs_held ON jobs (workspace_id) WHERE state = 'held';
CREATE INDEX jobs_held_lane ON jobs (lane) WHERE state = 'held';
-- Whether a worker has a suspect in hand. Hardly ever is there one.
CREATE INDEX jobs_suspects ON jobs (owner) WHERE state = 'running' AND suspicion >= 2;
CREATE INDEX jobs_running ON jobs (lane) WHERE state = 'running';

CREATE TABLE new_job_history (
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
) WITHOUT ROWID;
INSERT INTO new_job_history (workspace_id, id, document_id, ended, error, attempts, created_at, started_at, finished_at)
SELECT workspace_id, id, document_id, ended, error, attempts, created_at, started_at, finished_at
FROM job_history;
DROP TABLE job_history;
ALTER TABLE new_job_history RENAME TO job_history;

-- Texts are too long to lie in a tree.
CREATE TABLE new_revisions (
    workspace_id  TEXT   NOT NULL,
    document_id   TEXT   NOT NULL,
    number        BIGINT NOT NULL,
    job_id        TEXT   NOT NULL,
    -- SHA-256 of the fetched bytes, the blob's name; and of the title and text made from them.
    blob          TEXT   NOT NULL,
    content_hash  TEXT   NOT NULL,
    -- Where the bytes came from, after redirects.
    url           TEXT   NOT NULL,
    mime_type     TEXT   NOT NULL,
    title         TEXT   NOT NULL,
    language      TEXT,
    paragraphs    TEXT   NOT NULL,
    blocks        TEXT   NOT NULL,
    warnings      TEXT   NOT NULL,
    etag          TEXT,
    last_modified TEXT,
    created_at    BIGINT NOT NULL,
    CONSTRAINT revisions_key PRIMARY KEY (document_id, number)
);
INSERT INTO new_revisions (workspace_id, document_id, number, job_id, blob, content_hash, url, mime_type, title, language, paragraphs,
    blocks, warnings, etag, last_modified, created_at)
SELECT workspace_id, document_id, number, job_id, blob, content_hash, url, mime_type, title, language, paragraphs,
    blocks, warnings, etag, last_modified, created_at
FROM revisions;
DROP TABLE revisions;
ALTER TABLE new_revisions RENAME TO revisions;
-- A part of the hash tells blobs apart well enough.
CREATE INDEX revisions_blob ON revisions (substr(blob, 1, 8));
