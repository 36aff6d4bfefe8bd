-- What repeats something else is left out: an address as sent that is canonical, a title that is still the address, and
-- what folding does not change. A workspace is proven by the key of the call; looking it up again for each row cost a tenth.
ALTER TABLE documents DROP CONSTRAINT documents_workspace_id_fkey;
ALTER TABLE documents ALTER COLUMN workspace_id TYPE TEXT COLLATE "C";
ALTER TABLE documents ALTER COLUMN source TYPE TEXT COLLATE "C";
ALTER TABLE documents ALTER COLUMN original_url DROP NOT NULL;
ALTER TABLE documents ALTER COLUMN original_url_folded DROP NOT NULL;
ALTER TABLE documents ALTER COLUMN title DROP NOT NULL;
ALTER TABLE documents ALTER COLUMN title_folded DROP NOT NULL;
ALTER TABLE revisions ALTER COLUMN workspace_id TYPE TEXT COLLATE "C";
ALTER TABLE revisions ALTER COLUMN document_id TYPE TEXT COLLATE "C";
ALTER TABLE revisions ALTER COLUMN blob TYPE TEXT COLLATE "C";
ALTER TABLE lanes ALTER COLUMN name TYPE TEXT COLLATE "C";
CREATE INDEX documents_failed ON documents (workspace_id, id) WHERE outcome = 'failed';

-- The hot table again: three more ways to wait, fewer and smaller indexes. `priority` is kept to be shown.
CREATE TABLE live_jobs (
    workspace_id TEXT COLLATE "C" NOT NULL,
    id           TEXT COLLATE "C" NOT NULL,
    document_id  TEXT COLLATE "C" NOT NULL,
    state        TEXT COLLATE "C" NOT NULL CHECK (state IN ('ready', 'delayed', 'in_line', 'held', 'running')),
    priority     TEXT COLLATE "C" NOT NULL CHECK (priority IN ('interactive', 'bulk', 'scheduled')),
    -- Virtual time, given at enqueue: the claim takes the smallest first, which shares fairly between workspaces.
    order_key    BIGINT NOT NULL,
    -- The same in the line of its lane: there too the smallest comes first.
    line_key     BIGINT NOT NULL DEFAULT 0,
    -- Whose turn it takes: the host, or the provider connection.
    lane         TEXT COLLATE "C" NOT NULL,
    -- A delayed job becomes ready at this instant.
    run_at       BIGINT NOT NULL,
    -- Since when the job is in this state for this reason.
    since        BIGINT NOT NULL,
    wait_code    TEXT COLLATE "C" CHECK (wait_code IN ('queue', 'host', 'retry', 'provider', 'paused', 'worker')),
    wait_text    TEXT,
    attempt      BIGINT NOT NULL DEFAULT 0,
    max_attempts BIGINT NOT NULL,
    owner        TEXT COLLATE "C",
    lease_until  BIGINT,
    created_at   BIGINT NOT NULL,
    started_at   BIGINT,
    CONSTRAINT live_jobs_key PRIMARY KEY (id),
    -- At most one live job a document.
    CONSTRAINT live_jobs_document_key UNIQUE (document_id),
    CONSTRAINT live_jobs_lease CHECK ((state = 'running') = (owner IS NOT NULL AND lease_until IS NOT NULL))
) WITH (
    fillfactor = 70,
    -- Rows come and go by the thousand: dead ones are cleared soon and without pauses.
    autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 5000, autovacuum_vacuum_cost_delay = 0,
    autovacuum_analyze_scale_factor = 0, autovacuum_analyze_threshold = 5000
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
    workspace_id TEXT COLLATE "C" NOT NULL,
    id           TEXT COLLATE "C" NOT NULL,
    document_id  TEXT COLLATE "C" NOT NULL,
    ended        TEXT COLLATE "C" NOT NULL CHECK (ended IN ('completed', 'failed', 'cancelled')),
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
    workspace_id TEXT COLLATE "C" NOT NULL,
    priority     TEXT COLLATE "C" NOT NULL,
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
    kind   TEXT COLLATE "C" NOT NULL CHECK (kind IN ('workspace', 'lane')),
    name   TEXT COLLATE "C" NOT NULL,
    reason TEXT    NOT NULL,
    since  BIGINT  NOT NULL,
    ending BOOLEAN NOT NULL DEFAULT FALSE,
    PRIMARY KEY (kind, name)
);

ALTER TABLE lanes SET (fillfactor = 70, autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 5000);
