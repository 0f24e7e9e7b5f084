-- Columns that sources brought and no item was there for: each is proposed once, so that a proposal its steward discarded does not come back with every batch.
CREATE TABLE resource_proposal (
    resource TEXT NOT NULL REFERENCES resource (id),
    header   TEXT NOT NULL,
    type     TEXT NOT NULL,           -- as the values looked
    batch    TEXT NOT NULL,           -- number of the batch that brought it
    version  INTEGER NOT NULL,        -- the draft it was put into
    made_at  TEXT NOT NULL,
    PRIMARY KEY (resource, header)
) STRICT;
