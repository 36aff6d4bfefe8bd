-- Instants are microseconds since 1970, ids are UUIDs as text, JSON is text that only Rust reads.

CREATE TABLE workspaces (
    id         TEXT   NOT NULL PRIMARY KEY,
    name       TEXT   NOT NULL CONSTRAINT workspaces_name_key UNIQUE,
    -- A workspace of weight 2 gets twice the share of one of weight 1.
    weight     BIGINT NOT NULL DEFAULT 1 CHECK (weight BETWEEN 1 AND 1000),
    created_at BIGINT NOT NULL
);

CREATE TABLE api_keys (
    workspace_id TEXT    NOT NULL REFERENCES workspaces (id),
    id           TEXT    NOT NULL PRIMARY KEY,
    name         TEXT    NOT NULL,
    -- The public part of the key, for lists.
    handle       TEXT    NOT NULL,
    -- SHA-256 of the whole key. It is looked up by this, so that a right handle is found no faster than a wrong one.
    hash         BLOB   NOT NULL CONSTRAINT api_keys_hash_key UNIQUE,
    can_read     BOOLEAN NOT NULL,
    can_write    BOOLEAN NOT NULL,
    created_at   BIGINT  NOT NULL,
    revoked_at   BIGINT
);
CREATE INDEX api_keys_workspace ON api_keys (workspace_id, created_at);

CREATE TABLE documents (
    workspace_id        TEXT    NOT NULL REFERENCES workspaces (id),
    id                  TEXT    NOT NULL,
    source              TEXT    NOT NULL,
    external_id         TEXT NOT NULL,
    original_url        TEXT    NOT NULL,
    title               TEXT    NOT NULL,
    -- Lower-cased by Rust, whose idea of case is the same on both databases.
    original_url_folded TEXT    NOT NULL,
    title_folded        TEXT    NOT NULL,
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
CREATE INDEX documents_listing ON documents (workspace_id, updated_at, external_id, id);

-- The text of each successful run that said something new. Rows are never changed.
CREATE TABLE revisions (
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
    -- The bytes of `paragraphs`, so that a page of a list can be cut before it is read.
    text_bytes    BIGINT NOT NULL,
    blocks        TEXT   NOT NULL,
    warnings      TEXT   NOT NULL,
    etag          TEXT,
    last_modified TEXT,
    created_at    BIGINT NOT NULL,
    PRIMARY KEY (document_id, number, workspace_id)
);

CREATE INDEX revisions_blob ON revisions (blob);

-- The hot table: only live jobs are here.
CREATE TABLE jobs (
    workspace_id TEXT   NOT NULL,
    id           TEXT   NOT NULL,
    document_id  TEXT   NOT NULL,
    state        TEXT   NOT NULL CHECK (state IN ('ready', 'delayed', 'running')),
    -- Virtual time, given at enqueue: the claim takes the smallest first, which shares fairly between workspaces.
    order_key    BIGINT NOT NULL,
    -- Whose turn it takes: the host, or the provider connection.
    lane         TEXT   NOT NULL,
    -- A delayed job becomes ready at this instant.
    run_at       BIGINT NOT NULL,
    -- Since when the job is in this state for this reason.
    since        BIGINT NOT NULL,
    wait_code    TEXT   CHECK (wait_code IN ('queue', 'host', 'retry', 'provider', 'paused', 'worker')),
    wait_text    TEXT,
    attempt      BIGINT NOT NULL DEFAULT 0,
    max_attempts BIGINT NOT NULL,
    owner        TEXT,
    lease_until  BIGINT,
    created_at   BIGINT NOT NULL,
    started_at   BIGINT,
    PRIMARY KEY (id, workspace_id),
    -- At most one live job a document.
    CONSTRAINT jobs_document_key UNIQUE (document_id, workspace_id),
    CONSTRAINT jobs_lease CHECK ((state = 'running') = (owner IS NOT NULL AND lease_until IS NOT NULL))
);
CREATE INDEX jobs_ready ON jobs (order_key, id) WHERE state = 'ready';
CREATE INDEX jobs_due ON jobs (run_at) WHERE state = 'delayed';
CREATE INDEX jobs_leased ON jobs (lease_until) WHERE state = 'running';
CREATE INDEX jobs_lane ON jobs (lane) WHERE state = 'running';
CREATE INDEX jobs_share ON jobs (workspace_id, order_key);

-- Jobs that ended, kept for a stated time.
CREATE TABLE job_history (
    workspace_id TEXT   NOT NULL,
    id           TEXT   NOT NULL,
    document_id  TEXT   NOT NULL,
    ended        TEXT   NOT NULL CHECK (ended IN ('completed', 'failed', 'cancelled')),
    error        TEXT   NOT NULL,
    attempts     BIGINT NOT NULL,
    created_at   BIGINT NOT NULL,
    started_at   BIGINT,
    finished_at  BIGINT NOT NULL,
    PRIMARY KEY (id, workspace_id)
);
CREATE INDEX job_history_age ON job_history (finished_at);

-- One turn-taking line per host, shared by every worker of every process. Hosts belong to no workspace.
CREATE TABLE lanes (
    name        TEXT   NOT NULL PRIMARY KEY,
    -- What robots.txt asks for, in microseconds.
    crawl_delay BIGINT NOT NULL DEFAULT 0,
    -- The earliest instant at which the next request may start.
    next_start  BIGINT NOT NULL,
    -- The last turn that has been promised to a waiting job.
    tail        BIGINT NOT NULL
);

-- What robots.txt said, by origin.
CREATE TABLE robots (
    origin     TEXT   NOT NULL PRIMARY KEY,
    -- The file's text; empty where there is none, which allows everything.
    body       TEXT   NOT NULL,
    expires_at BIGINT NOT NULL
);

CREATE TABLE workers (
    id         TEXT   NOT NULL PRIMARY KEY,
    label      TEXT   NOT NULL,
    -- Whether it takes any document, or only those that somebody waits for at a terminal.
    serves_all BOOLEAN NOT NULL,
    started_at BIGINT NOT NULL,
    seen_at    BIGINT NOT NULL
);
CREATE INDEX workers_seen ON workers (seen_at);

CREATE TABLE idempotency_keys (
    workspace_id TEXT   NOT NULL,
    route        TEXT   NOT NULL,
    name         TEXT   NOT NULL,
    body_hash    BLOB   NOT NULL,
    answer       TEXT,
    created_at   BIGINT NOT NULL,
    PRIMARY KEY (workspace_id, route, name)
);
CREATE INDEX idempotency_keys_age ON idempotency_keys (created_at);
