-- What rules blocked or flagged is little beside all that was counted.
CREATE INDEX contributions_risky ON contributions (tenant, day, per_agent) WHERE blocked_messages > 0 OR flagged_messages > 0;
