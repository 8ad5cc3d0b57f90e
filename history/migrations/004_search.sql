-- What conversations and customers are found by: their words, and the pairs of
-- characters of scripts without spaces. Each word bears its tenant's mark. A
-- conversation's texts are cut where it was closed, so that a hit leads to its
-- session; events are their only source.
CREATE TABLE conversation_texts (
    tenant       text NOT NULL,
    conversation text NOT NULL,
    part         integer NOT NULL,
    closed       boolean NOT NULL,     -- the next message begins another part
    first_at     timestamptz NOT NULL,
    last_at      timestamptz NOT NULL,
    positions    integer NOT NULL,
    tokens       tsvector NOT NULL,
    CONSTRAINT conversation_texts_pkey PRIMARY KEY (tenant, conversation, part)
);
CREATE INDEX conversation_texts_by_token ON conversation_texts USING gin (tokens);

CREATE TABLE customer_texts (
    tenant   text NOT NULL,
    customer text NOT NULL,
    tokens   tsvector NOT NULL,
    CONSTRAINT customer_texts_pkey PRIMARY KEY (tenant, customer)
);
CREATE INDEX customer_texts_by_token ON customer_texts USING gin (tokens);

-- How far the texts have been read. They follow the writer's cursor.
CREATE TABLE search_cursors (
    partition  smallint PRIMARY KEY,
    epoch      integer NOT NULL DEFAULT 1,
    seq        bigint NOT NULL DEFAULT 0,
    updated_at timestamptz NOT NULL DEFAULT now()
);

-- What is rare and asked for often.
CREATE INDEX conversations_risky ON conversations (tenant, started_at DESC) WHERE risky;
CREATE INDEX conversations_unhappy ON conversations (tenant, started_at DESC) WHERE stars <= 3;
