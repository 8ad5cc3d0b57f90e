-- A tenant's rows stand under stored_as instead of its id, once they have been
-- computed anew: the new ones are made beside the old, and one update of this
-- column puts them in force. '' is the tenant's id.
ALTER TABLE tenants ADD COLUMN stored_as text NOT NULL DEFAULT '';

-- The recomputation of a tenant's past that runs, or the last one that ended.
CREATE TABLE refolds (
    tenant       text PRIMARY KEY,
    state        text NOT NULL,   -- running, switched (the profile's event is to be published), done, failed
    stored_as    text NOT NULL,   -- where the new rows stand
    fold_version integer NOT NULL,
    profile      text NOT NULL,   -- as answers name it, such as wecom@3
    version_from bigint NOT NULL, -- of the profile that was in force at the beginning
    base         bytea NOT NULL,  -- the tenant's entity from which everything is folded
    announce     json,            -- tenant.configured to be published after the switch; none if it is in force already
    epoch        integer NOT NULL DEFAULT 1, -- of the last event folded
    seq          bigint NOT NULL DEFAULT 0,
    latest       timestamptz,                -- latest time of an event folded
    events       bigint NOT NULL DEFAULT 0,  -- folded
    total        bigint NOT NULL,            -- to be folded, as of the last count
    resumed      integer NOT NULL DEFAULT 0, -- times that it went on after an interruption
    resumed_at   timestamptz NOT NULL DEFAULT now(),
    resumed_from bigint NOT NULL DEFAULT 0,  -- events that were folded then
    started_at   timestamptz NOT NULL DEFAULT now(),
    updated_at   timestamptz NOT NULL DEFAULT now(),
    error        text NOT NULL DEFAULT ''
);

-- Rows that nobody reads any more, to be deleted a few at a time.
CREATE TABLE abandoned_rows (stored_as text PRIMARY KEY);

-- What belongs to a customer and to no conversation: his orders and clicks.
CREATE INDEX events_by_customer ON events (tenant, (body->'data'->>'customer')) WHERE conversation IS NULL;
