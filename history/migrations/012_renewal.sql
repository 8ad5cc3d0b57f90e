-- A tenant's past is also computed anew for a newer fold, beside what a change of
-- its profile asks for. What is folded from then is the tenant's own base, which
-- may be none.
ALTER TABLE refolds
    ADD purpose    text NOT NULL DEFAULT 'profile', -- profile, fold
    ADD base_epoch integer NOT NULL DEFAULT 0,
    ADD base_seq   bigint NOT NULL DEFAULT 0,
    ALTER base DROP NOT NULL,
    DROP CONSTRAINT refolds_pkey,
    ADD PRIMARY KEY (tenant, purpose);
