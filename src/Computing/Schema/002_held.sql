-- Batches below the quality gate whose rows a step left out; what it read is told apart from what it will read once they are admitted.
CREATE TABLE model_step_held (
    run        TEXT NOT NULL,
    model      TEXT NOT NULL,
    resource   TEXT NOT NULL,             -- the input
    batch      TEXT NOT NULL,
    number     TEXT NOT NULL,             -- of the batch, as people know it
    snapshot   INTEGER,                   -- of the lake, in which its rows came; NULL when it brought none
    PRIMARY KEY (run, model, batch)
) STRICT;
