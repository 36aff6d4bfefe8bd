-- Narrow keys: a row is found by its id alone.
ALTER TABLE documents DROP CONSTRAINT documents_pkey;
ALTER TABLE documents ADD CONSTRAINT documents_key PRIMARY KEY (id);
ALTER TABLE revisions DROP CONSTRAINT revisions_pkey;
ALTER TABLE revisions ADD CONSTRAINT revisions_key PRIMARY KEY (document_id, number);
-- A part of the hash tells blobs apart well enough.
DROP INDEX revisions_blob;
CREATE INDEX revisions_blob ON revisions (substr(blob, 1, 8));

-- The bytes of the texts that a list shows, so that its pages can be cut before a text is read.
ALTER TABLE documents ADD COLUMN text_bytes BIGINT NOT NULL DEFAULT 0;
ALTER TABLE documents ADD COLUMN old_text_bytes BIGINT NOT NULL DEFAULT 0;
UPDATE documents d SET text_bytes = r.text_bytes FROM revisions r WHERE r.document_id = d.id AND r.number = d.revision;
UPDATE documents d SET old_text_bytes = r.text_bytes FROM revisions r WHERE r.document_id = d.id AND r.number = d.old_revision;
ALTER TABLE revisions DROP COLUMN text_bytes;
