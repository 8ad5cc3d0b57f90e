-- What the history keeps. Tenant first in every key; times in UTC; counters by
-- the tenant's local day.

-- How far the stream has been read. One row a partition; its update fences off
-- a second writer. The event at the cursor tells whether the stream is still
-- the one that was read.
CREATE TABLE cursors (
    partition      smallint PRIMARY KEY,
    seq            bigint NOT NULL,
    stream         text NOT NULL,             -- identity of the stream
    epoch          integer NOT NULL DEFAULT 1, -- raised when the stream lost its tail
    last_tenant    text NOT NULL DEFAULT '',
    last_source    text NOT NULL DEFAULT '',
    last_event_id  text NOT NULL DEFAULT '',
    last_arrived   bigint NOT NULL DEFAULT 0,  -- of the message at seq; nanoseconds since 1970
    refolds        bigint NOT NULL DEFAULT 0,  -- raised by whatever changes what the writer holds in memory
    fold_version   integer NOT NULL,
    updated_at     timestamptz NOT NULL DEFAULT now()
);

-- Every event that was taken, as it came. Partitions by month are made by the
-- writer. The same event may stand only once.
CREATE TABLE events (
    tenant       text NOT NULL,
    time         timestamptz NOT NULL,
    source       text NOT NULL,
    id           text NOT NULL,
    epoch        integer NOT NULL DEFAULT 1, -- the cursor's; sequences ascend within it
    seq          bigint NOT NULL,
    arrived      timestamptz NOT NULL,
    type         text NOT NULL,
    conversation text,
    body         json NOT NULL,
    CONSTRAINT events_once UNIQUE (tenant, time, source, id)
) PARTITION BY RANGE (time);

CREATE INDEX events_by_seq ON events USING brin (seq);
CREATE INDEX events_by_id ON events (tenant, id);
CREATE INDEX events_by_conversation ON events (tenant, conversation) WHERE conversation IS NOT NULL;

-- The fold's entities, from which it continues. kind as in fold.Kind.
CREATE TABLE entities (
    tenant text NOT NULL,
    kind   smallint NOT NULL,
    id     text NOT NULL,
    seq    bigint NOT NULL,
    state  bytea NOT NULL,
    CONSTRAINT entities_pkey PRIMARY KEY (tenant, kind, id)
) WITH (fillfactor = 80);

CREATE TABLE tenants (
    tenant   text PRIMARY KEY,
    name     text NOT NULL,
    profile  text NOT NULL,
    version  bigint NOT NULL,
    settings json NOT NULL,  -- all settings in force
    latest   timestamptz,    -- latest time of an event
    base     bytea,          -- the tenant's entity from which the past up to base_epoch, base_seq was folded anew
    base_epoch integer NOT NULL DEFAULT 0,
    base_seq bigint NOT NULL DEFAULT 0
);

CREATE TABLE channels (
    tenant text NOT NULL, channel text NOT NULL, name text NOT NULL, kind text NOT NULL, disabled boolean NOT NULL,
    CONSTRAINT channels_pkey PRIMARY KEY (tenant, channel)
);

CREATE TABLE teams (
    tenant text NOT NULL, team text NOT NULL, name text NOT NULL, capacity bigint, disabled boolean NOT NULL,
    CONSTRAINT teams_pkey PRIMARY KEY (tenant, team)
);

CREATE TABLE agents (
    tenant       text NOT NULL,
    agent        text NOT NULL,
    name         text NOT NULL,
    department   text NOT NULL,
    teams        text[] NOT NULL,
    channels     text[] NOT NULL,
    capacity     bigint,
    disabled     boolean NOT NULL,
    status       text NOT NULL,
    online_since timestamptz, -- of the spell that runs
    CONSTRAINT agents_pkey PRIMARY KEY (tenant, agent)
);

-- Time online in spells that have ended; the one that runs is added by the answer.
CREATE TABLE agent_days (
    tenant        text NOT NULL,
    agent         text NOT NULL,
    day           date NOT NULL,
    online_millis bigint NOT NULL,
    first_online  timestamptz,
    CONSTRAINT agent_days_pkey PRIMARY KEY (tenant, agent, day)
);
CREATE INDEX agent_days_by_day ON agent_days (tenant, day);

CREATE TABLE customers (
    tenant    text NOT NULL,
    customer  text NOT NULL,
    name      text NOT NULL,
    email     text NOT NULL,
    phone     text NOT NULL,
    anonymous boolean NOT NULL,
    friend    boolean NOT NULL,
    seq       bigint NOT NULL DEFAULT 0, -- of the end of the batch that wrote the row last
    wrote_at  timestamptz,     -- when the customer first wrote, if ever
    CONSTRAINT customers_pkey PRIMARY KEY (tenant, customer)
) WITH (fillfactor = 80);
CREATE INDEX customers_by_seq ON customers (tenant, seq);

-- One row for each session, as the lists show it.
CREATE TABLE conversations (
    tenant            text NOT NULL,
    conversation      text NOT NULL,
    session           integer NOT NULL,
    start_day         date NOT NULL,
    started_at        timestamptz NOT NULL,
    closed_at         timestamptz,
    updated_at        timestamptz NOT NULL,
    channel           text NOT NULL,
    customer          text,
    agent             text,            -- the first human
    agents            text[] NOT NULL, -- all humans
    team              text,
    intent            text NOT NULL,
    tags              text[] NOT NULL,
    handling          text NOT NULL,
    state             text NOT NULL,   -- queued, bot, human, open, closed
    ai_status         text NOT NULL,   -- open, resolved, routed, closed; '' if no bot took part
    stars             smallint,
    reasons           text[] NOT NULL,
    risky             boolean NOT NULL,
    messages_customer integer NOT NULL,
    messages_agent    integer NOT NULL,
    messages_bot      integer NOT NULL,
    first_question    text NOT NULL,
    first_response_millis bigint,
    awaits            text,            -- the agent for whom an open human turn waits, '' while only queued; null: none is open
    CONSTRAINT conversations_pkey PRIMARY KEY (tenant, conversation, session)
) WITH (fillfactor = 80);
CREATE INDEX conversations_by_start ON conversations (tenant, started_at DESC, conversation, session);
CREATE INDEX conversations_by_customer ON conversations (tenant, customer);
CREATE INDEX conversations_awaiting ON conversations (tenant, awaits) WHERE awaits IS NOT NULL;

-- What each session contributes to each hour of each local day: all of it, or
-- with per_agent one agent's part. position is the row's place in its session.
-- What belongs to no conversation has session -1, and an id of its own for one.
-- Rows are never deleted but by a refold.
CREATE TABLE contributions (
    tenant       text NOT NULL,
    conversation text NOT NULL,
    session      integer NOT NULL,
    position     integer NOT NULL,
    seq          bigint NOT NULL DEFAULT 0, -- of the end of the batch that wrote the row last
    day          date NOT NULL,
    hour         smallint NOT NULL DEFAULT 0, -- of the local clock
    per_agent    boolean NOT NULL,
    channel      text NOT NULL,
    team         text NOT NULL, -- '' is none
    agent        text NOT NULL, -- '' is none; the session's first human unless per_agent
    intent       text NOT NULL,
    handling     text NOT NULL,
    ai_status    text NOT NULL DEFAULT '', -- '': no bot took part
    tags         text[] NOT NULL DEFAULT '{}',
    customer     text NOT NULL, -- '' is none
    revenue      jsonb,         -- decimal strings by currency
    ai_sales     jsonb,         -- the same
    credits      jsonb,         -- the same, under used and added
    parts        jsonb,         -- [{"d": dimension, "v": value, "c": counter, "n": number} or {"d", "v", "m": money}]
    sessions integer NOT NULL DEFAULT 0,
    chats integer NOT NULL DEFAULT 0,
    chats_bot_only integer NOT NULL DEFAULT 0,
    chats_human_only integer NOT NULL DEFAULT 0,
    chats_bot_to_human integer NOT NULL DEFAULT 0,
    chats_unhandled integer NOT NULL DEFAULT 0,
    consultations integer NOT NULL DEFAULT 0,
    human_sessions integer NOT NULL DEFAULT 0,
    segments integer NOT NULL DEFAULT 0,
    human_segments integer NOT NULL DEFAULT 0,
    response_required integer NOT NULL DEFAULT 0,
    responded_in_window integer NOT NULL DEFAULT 0,
    responded_in_service_level integer NOT NULL DEFAULT 0,
    human_inbound integer NOT NULL DEFAULT 0,
    human_replied integer NOT NULL DEFAULT 0,
    first_response_millis bigint NOT NULL DEFAULT 0,
    first_responses integer NOT NULL DEFAULT 0,
    turn_response_millis bigint NOT NULL DEFAULT 0,
    turn_responses integer NOT NULL DEFAULT 0,
    abandoned_chats integer NOT NULL DEFAULT 0,
    reopened integer NOT NULL DEFAULT 0,
    surveys_sent integer NOT NULL DEFAULT 0,
    surveys_sent_answered integer NOT NULL DEFAULT 0,
    rated integer NOT NULL DEFAULT 0,
    satisfied integer NOT NULL DEFAULT 0,
    neutral integer NOT NULL DEFAULT 0,
    dissatisfied integer NOT NULL DEFAULT 0,
    negative_ratings integer NOT NULL DEFAULT 0,
    converted integer NOT NULL DEFAULT 0,
    orders_after_inquiry integer NOT NULL DEFAULT 0,
    risky_chats integer NOT NULL DEFAULT 0,
    handled_or_risky integer NOT NULL DEFAULT 0,
    blocked_messages integer NOT NULL DEFAULT 0,
    flagged_messages integer NOT NULL DEFAULT 0,
    messages_received integer NOT NULL DEFAULT 0,
    messages_agent integer NOT NULL DEFAULT 0,
    messages_bot integer NOT NULL DEFAULT 0,
    messages_broadcast integer NOT NULL DEFAULT 0,
    new_contacts integer NOT NULL DEFAULT 0,
    assigned_sessions integer NOT NULL DEFAULT 0,
    assign_events integer NOT NULL DEFAULT 0,
    handled_chats integer NOT NULL DEFAULT 0,
    assist_uses integer NOT NULL DEFAULT 0,
    assist_accuracy bigint NOT NULL DEFAULT 0,
    assist_accuracy_uses integer NOT NULL DEFAULT 0,
    ai_conversations integer NOT NULL DEFAULT 0,
    ai_resolved integer NOT NULL DEFAULT 0,
    specialist_invites integer NOT NULL DEFAULT 0,
    group_invites integer NOT NULL DEFAULT 0,
    specialists_added integer NOT NULL DEFAULT 0,
    groups_joined integer NOT NULL DEFAULT 0,
    flow_triggers integer NOT NULL DEFAULT 0,
    disputed_messages integer NOT NULL DEFAULT 0,
    overturned_blocks integer NOT NULL DEFAULT 0,
    CONSTRAINT contributions_pkey PRIMARY KEY (tenant, conversation, session, position)
) WITH (fillfactor = 80);
CREATE INDEX contributions_by_day ON contributions (tenant, day, per_agent);
CREATE INDEX contributions_by_seq ON contributions (tenant, seq);
