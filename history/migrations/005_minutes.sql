-- What each desk's wallboard showed at each full minute of the last day, so that
-- its lines survive a restart. Older minutes are deleted.
CREATE TABLE minutes (
    tenant  text NOT NULL,
    at      timestamptz NOT NULL,
    numbers json NOT NULL, -- by metric id
    CONSTRAINT minutes_pkey PRIMARY KEY (tenant, at)
);
