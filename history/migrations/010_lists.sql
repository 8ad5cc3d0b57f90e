-- What lists of conversations are found by. An order or a filter that few rows
-- pass would otherwise walk its whole range: of 90 days of a million
-- conversations a year 0.3 to 4 s, for a page that may be empty.

-- What few rows have. Little waits in a list to be taken up: each question reads it.
CREATE INDEX IF NOT EXISTS conversations_by_word ON conversations USING gin (agents, tags, reasons) WITH (gin_pending_list_limit = 256);
CREATE INDEX IF NOT EXISTS contributions_marked ON contributions USING gin (parts jsonb_path_ops) WITH (gin_pending_list_limit = 256)
    WHERE blocked_messages > 0 OR flagged_messages > 0;

-- Equal keys stand once, with a list of rows: 7 MB for a million. Whether a value
-- is rare is known from the table's statistics.
CREATE INDEX conversations_by_channel ON conversations (tenant, channel);
CREATE INDEX conversations_by_team ON conversations (tenant, team);
CREATE INDEX conversations_by_intent ON conversations (tenant, intent);
CREATE INDEX conversations_by_handling ON conversations (tenant, handling);
CREATE INDEX conversations_by_ai_status ON conversations (tenant, ai_status);
CREATE INDEX conversations_open ON conversations (tenant, started_at DESC) WHERE state <> 'closed';
CREATE INDEX conversations_rated ON conversations (tenant, started_at DESC) WHERE stars IS NOT NULL;

-- The order of the last change. A session's last change follows its beginning
-- within two days, but for a few, which are found by their beginning.
CREATE INDEX conversations_by_update ON conversations (tenant, updated_at DESC, conversation, session);
CREATE INDEX conversations_long ON conversations (tenant, started_at) WHERE updated_at - started_at > interval '48 hours';

CREATE INDEX customers_friends ON customers (tenant, customer) WHERE friend;

-- Planned for by what is there.
ANALYZE conversations;
ANALYZE contributions;
ANALYZE customers;
