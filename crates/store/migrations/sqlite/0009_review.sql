-- Review: what awaits a decision, what was published, and who decided. Contents are JSON that only Rust reads.
CREATE TABLE folders (
    id           TEXT    NOT NULL PRIMARY KEY,
    workspace_id TEXT    NOT NULL,
    parent_id    TEXT,
    title        TEXT    NOT NULL,
    description  TEXT    NOT NULL DEFAULT '',
    active       BOOLEAN NOT NULL DEFAULT TRUE,
    created_at   BIGINT  NOT NULL,
    updated_at   BIGINT  NOT NULL
);
CREATE INDEX folders_workspace ON folders (workspace_id, created_at, id);
CREATE INDEX folders_parent ON folders (parent_id);

CREATE TABLE agents (
    id           TEXT   NOT NULL PRIMARY KEY,
    workspace_id TEXT   NOT NULL,
    name         TEXT   NOT NULL,
    created_at   BIGINT NOT NULL
);
CREATE INDEX agents_workspace ON agents (workspace_id, created_at, id);

CREATE TABLE agent_folders (
    agent_id     TEXT NOT NULL,
    folder_id    TEXT NOT NULL,
    workspace_id TEXT NOT NULL,
    PRIMARY KEY (agent_id, folder_id)
) WITHOUT ROWID;
CREATE INDEX agent_folders_folder ON agent_folders (folder_id);

-- The latest version of each. Only publishing, moving and deleting touches them.
CREATE TABLE articles (
    id              TEXT    NOT NULL PRIMARY KEY,
    workspace_id    TEXT    NOT NULL,
    folder_id       TEXT    NOT NULL,
    content         TEXT    NOT NULL,
    active          BOOLEAN NOT NULL,
    public          BOOLEAN NOT NULL,
    origin          TEXT,
    version         BIGINT  NOT NULL,
    -- The document that it follows, the number of the text it was made from, and the hash of that text.
    document_id     TEXT,
    source_revision BIGINT,
    content_hash    TEXT,
    created_at      BIGINT  NOT NULL,
    updated_at      BIGINT  NOT NULL
);
CREATE INDEX articles_workspace ON articles (workspace_id, updated_at, id);
CREATE INDEX articles_folder ON articles (folder_id);
CREATE INDEX articles_document ON articles (document_id) WHERE document_id IS NOT NULL;

-- Every version for ever, also of articles that are gone.
CREATE TABLE article_versions (
    article_id      TEXT    NOT NULL,
    version         BIGINT  NOT NULL,
    workspace_id    TEXT    NOT NULL,
    folder_id       TEXT    NOT NULL,
    content         TEXT    NOT NULL,
    active          BOOLEAN NOT NULL,
    public          BOOLEAN NOT NULL,
    document_id     TEXT,
    source_revision BIGINT,
    content_hash    TEXT,
    draft_id        TEXT,
    actor           TEXT    NOT NULL,
    created_at      BIGINT  NOT NULL,
    PRIMARY KEY (article_id, version)
);

CREATE TABLE drafts (
    id              TEXT    NOT NULL PRIMARY KEY,
    workspace_id    TEXT    NOT NULL,
    proposal        TEXT    NOT NULL CHECK (proposal IN ('add', 'update', 'withdraw', 'nothing')),
    reason          TEXT    NOT NULL,
    state           TEXT    NOT NULL CHECK (state IN ('open', 'published', 'dismissed', 'superseded')),
    -- How often what is to be seen has changed.
    revision        BIGINT  NOT NULL,
    article_id      TEXT,
    article_version BIGINT,
    folder_id       TEXT    NOT NULL,
    document_id     TEXT,
    source_revision BIGINT,
    content_hash    TEXT,
    proposed        TEXT    NOT NULL,
    -- What a person made of it.
    edit            TEXT,
    active          BOOLEAN,
    public          BOOLEAN,
    origin          TEXT,
    created_at      BIGINT  NOT NULL,
    updated_at      BIGINT  NOT NULL
);
-- A document has one draft that awaits a decision; its next run replaces what is proposed.
CREATE UNIQUE INDEX drafts_document ON drafts (document_id) WHERE state = 'open' AND document_id IS NOT NULL;
CREATE INDEX drafts_open ON drafts (workspace_id, updated_at, id) WHERE state = 'open';
CREATE INDEX drafts_article ON drafts (article_id) WHERE state = 'open';
CREATE INDEX drafts_folder ON drafts (folder_id) WHERE state = 'open';

-- Since when its source has it no more.
ALTER TABLE documents ADD COLUMN gone_since BIGINT;

-- Whether runs make drafts by themselves.
ALTER TABLE workspaces ADD COLUMN drafting BOOLEAN NOT NULL DEFAULT TRUE;

-- Who decided what. Nothing is ever changed in it or taken out.
CREATE TABLE audit (
    id           TEXT   NOT NULL PRIMARY KEY,
    workspace_id TEXT   NOT NULL,
    at           BIGINT NOT NULL,
    actor        TEXT   NOT NULL,
    action       TEXT   NOT NULL,
    subject      TEXT   NOT NULL,
    subject_id   TEXT   NOT NULL,
    detail       TEXT   NOT NULL
);
CREATE INDEX audit_workspace ON audit (workspace_id, id);
CREATE TRIGGER audit_keeps_its_entries BEFORE UPDATE ON audit
BEGIN
    SELECT RAISE(ABORT, 'the audit record is only added to');
END;
CREATE TRIGGER audit_loses_no_entry BEFORE DELETE ON audit
BEGIN
    SELECT RAISE(ABORT, 'the audit record is only added to');
END;
