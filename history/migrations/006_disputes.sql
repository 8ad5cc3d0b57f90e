-- Disputes are few among many events.
CREATE INDEX events_of_disputes ON events (tenant, time) WHERE type IN ('dispute.opened', 'dispute.decided');
