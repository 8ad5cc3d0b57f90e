-- Whose turn it is to write a partition, of several servers. It only spares them
-- work: that no two write is the cursor's doing.
CREATE TABLE leases (
    partition smallint PRIMARY KEY,
    owner     text NOT NULL,
    beat      timestamptz NOT NULL -- the owner's last sign of life, by the database's clock
);
