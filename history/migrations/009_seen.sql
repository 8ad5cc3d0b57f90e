-- The ids of stored events, as hashes of eight bytes, many in a row: what a state
-- has to know of all of them when a server starts. A row holds a tenant's of one
-- window of sequences, up to seq.
CREATE TABLE seen (
    tenant text NOT NULL,
    epoch  integer NOT NULL,
    seq    bigint NOT NULL,
    hashes bytea NOT NULL,
    CONSTRAINT seen_pkey PRIMARY KEY (tenant, epoch, seq)
);
ALTER TABLE seen ALTER COLUMN hashes SET STORAGE EXTERNAL; -- hashes do not compress

-- How far they have been packed. They follow the writer's cursor.
CREATE TABLE seen_cursors (
    partition  smallint PRIMARY KEY,
    epoch      integer NOT NULL DEFAULT 1,
    seq        bigint NOT NULL DEFAULT 0,
    updated_at timestamptz NOT NULL DEFAULT now()
);
