-- What people set up for their desk: boards, thresholds, rules, tokens issued.
-- Every version stays, so that a change has its who and when and can be undone.
CREATE TABLE documents (
    tenant  text NOT NULL,
    kind    text NOT NULL,
    id      text NOT NULL,
    version bigint NOT NULL,        -- from 1, without gaps
    at      timestamptz NOT NULL,
    author  text NOT NULL,          -- the token's user, or its id
    deleted boolean NOT NULL,
    body    json NOT NULL,
    CONSTRAINT documents_pkey PRIMARY KEY (tenant, kind, id, version)
);
