-- Who asks the owner of a partition to let it go, because that one has more of
-- them; empty for nobody.
ALTER TABLE leases
    ADD wanted    text NOT NULL DEFAULT '',
    ADD wanted_at timestamptz NOT NULL DEFAULT '-infinity';
