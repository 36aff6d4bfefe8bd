-- How much a live job is suspected of having ended processes; model::blame has the rules.
ALTER TABLE jobs ADD COLUMN suspicion BIGINT NOT NULL DEFAULT 0;
-- Whether a worker has a suspect in hand. Hardly ever is there one.
CREATE INDEX jobs_suspects ON jobs (owner) WHERE state = 'running' AND suspicion >= 2;

-- One row: on SQLite the instant, in microseconds, at which the machine's own clock would show nought. That clock runs on when
-- somebody sets the time of day, and starts again with each boot. Empty on PostgreSQL, which has a clock for everybody.
CREATE TABLE anchors (
    id     BIGINT NOT NULL PRIMARY KEY,
    boot   TEXT COLLATE "C" NOT NULL,
    micros BIGINT NOT NULL,
    -- The time when it was dropped, behind which no later one goes.
    set_at BIGINT NOT NULL
);
