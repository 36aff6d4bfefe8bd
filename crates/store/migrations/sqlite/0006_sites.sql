-- What the owner of a workspace says of a site's pages: JSON arrays of CSS selectors, of what is content and of what is not.
CREATE TABLE sites (
    workspace_id TEXT   NOT NULL,
    host         TEXT   NOT NULL,
    keep         TEXT   NOT NULL,
    leave_out    TEXT   NOT NULL,
    updated_at   BIGINT NOT NULL,
    PRIMARY KEY (workspace_id, host)
);

-- A sample of each site's pages: the fingerprints of the blocks on them that could be the site's own, as a JSON array.
CREATE TABLE site_pages (
    workspace_id TEXT NOT NULL,
    host         TEXT NOT NULL,
    document_id  TEXT NOT NULL,
    fingerprints TEXT NOT NULL,
    PRIMARY KEY (workspace_id, host, document_id)
);
