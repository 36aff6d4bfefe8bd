-- What was asked to be made into articles, and what came of it.
CREATE TABLE knowledge_jobs (
    id           TEXT NOT NULL PRIMARY KEY,
    workspace_id TEXT NOT NULL,
    document_id  TEXT,
    -- The article or the draft that was made.
    article_id   TEXT,
    -- Why that, or why none, as a sentence.
    reason       TEXT   NOT NULL,
    created_at   BIGINT NOT NULL
);
CREATE INDEX knowledge_jobs_workspace ON knowledge_jobs (workspace_id, id);
