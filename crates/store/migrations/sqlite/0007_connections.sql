-- Providers that workspaces are connected to.
CREATE TABLE connections (
    id             TEXT NOT NULL PRIMARY KEY,
    workspace_id   TEXT NOT NULL,
    provider       TEXT NOT NULL,
    -- Where the provider is and how it is asked, as JSON; no secrets.
    account        TEXT   NOT NULL,
    -- What kind of proof is sealed.
    proof          TEXT   NOT NULL,
    -- What the provider last said against us; empty while it takes us.
    problem        TEXT   NOT NULL DEFAULT '',
    -- Credentials and tokens, sealed with the key of that id for this row and workspace. They are replaced as one piece.
    key_id         TEXT   NOT NULL,
    sealed         BLOB   NOT NULL,
    version        BIGINT NOT NULL DEFAULT 1,
    -- Who gets new tokens at the moment, and until when that is his business alone.
    renewer        TEXT,
    renewing_until BIGINT NOT NULL DEFAULT 0,
    created_at     BIGINT NOT NULL,
    updated_at     BIGINT NOT NULL,
    CONSTRAINT connections_provider_key UNIQUE (workspace_id, provider)
);

-- A connection's lane has a delay of its own. Uploaded files are here already, and wait for nobody.
ALTER TABLE lanes ADD COLUMN own_delay BIGINT;
INSERT INTO lanes (name, next_start, tail, own_delay) VALUES ('files', 0, 0, 0);

-- What the last good run was told of its version, and the rules by which it was read: with both as they were, nothing is read again.
ALTER TABLE documents ADD COLUMN etag TEXT;
ALTER TABLE documents ADD COLUMN last_modified TEXT;
ALTER TABLE documents ADD COLUMN read_as TEXT;

-- Authors, dates and the way to the document, as JSON.
ALTER TABLE revisions ADD COLUMN metadata TEXT NOT NULL DEFAULT '{}';

-- Whose bytes nobody can fetch again.
CREATE INDEX documents_uploads ON documents (storage_url) WHERE source = 'files';

-- Looks at everything that a connection has, and what came of them.
CREATE TABLE syncs (
    id            TEXT NOT NULL PRIMARY KEY,
    workspace_id  TEXT NOT NULL,
    connection_id TEXT NOT NULL,
    provider      TEXT NOT NULL,
    -- Whether it only tells what it would do.
    dry           BOOLEAN NOT NULL,
    state         TEXT NOT NULL CHECK (state IN ('waiting', 'running', 'completed', 'failed')),
    -- How many items were seen so far.
    seen          BIGINT NOT NULL DEFAULT 0,
    error         TEXT   NOT NULL DEFAULT '',
    -- Why there may be more than was seen, as a JSON array.
    gaps          TEXT   NOT NULL DEFAULT '[]',
    attempt       BIGINT NOT NULL DEFAULT 0,
    owner         TEXT,
    lease_until   BIGINT NOT NULL DEFAULT 0,
    created_at    BIGINT NOT NULL,
    finished_at   BIGINT
);
-- At most one at a time for a connection.
CREATE UNIQUE INDEX syncs_live ON syncs (connection_id) WHERE finished_at IS NULL;
CREATE INDEX syncs_workspace ON syncs (workspace_id, id);

CREATE TABLE sync_items (
    sync_id     TEXT NOT NULL,
    external_id TEXT NOT NULL,
    outcome     TEXT NOT NULL CHECK (outcome IN ('new', 'changed', 'unchanged', 'unread', 'missing', 'unseen')),
    title       TEXT NOT NULL,
    url         TEXT NOT NULL,
    PRIMARY KEY (sync_id, external_id)
);

-- Since when a complete look at its source has not shown it any more.
ALTER TABLE documents ADD COLUMN missing_since BIGINT;
