-- What the rows of a draft of the dispatch table were before each of its last changes: so far they can be taken back.
CREATE TABLE case_dispatch_step (
    version INTEGER NOT NULL,
    step    INTEGER NOT NULL,
    rows    TEXT NOT NULL,               -- JSON, as in case_dispatch
    did     TEXT NOT NULL,               -- Add, Change, Remove, Move
    line    INTEGER NOT NULL,            -- of the row concerned, before the change
    PRIMARY KEY (version, step)
) STRICT;
