-- Minutes are also kept of the wallboards that show a part of a desk, by the filter;
-- '' is the whole desk.
ALTER TABLE minutes
    ADD view text NOT NULL DEFAULT '',
    DROP CONSTRAINT minutes_pkey,
    ADD CONSTRAINT minutes_pkey PRIMARY KEY (tenant, view, at);
