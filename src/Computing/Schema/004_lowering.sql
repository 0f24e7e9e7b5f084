-- Rules by which a column of a model is less sensitive than what the model is given: one person proposes, another approves. A rule holds for what it was approved for, and for nothing else.
CREATE TABLE model_lowering (
    id            TEXT NOT NULL PRIMARY KEY,
    number        TEXT NOT NULL,
    model         TEXT NOT NULL,
    column_name   TEXT NOT NULL,
    from_level    TEXT NOT NULL,
    to_level      TEXT NOT NULL,
    digest        TEXT NOT NULL,          -- of the model's text
    given         TEXT NOT NULL,          -- digest of all the model is given: inputs, columns, levels, and the texts of models before it
    count_column  TEXT,                   -- of the result: how many subjects stand behind a row; NULL where the rule does not rest on counts
    least         INTEGER,                -- every row has at least so many; held by each run
    reason        TEXT NOT NULL,
    state         TEXT NOT NULL,          -- Proposed, InForce, Declined, TakenBack, Lapsed
    proposed_by   TEXT NOT NULL,
    proposed_name TEXT NOT NULL,
    proposed_at   TEXT NOT NULL,
    decided_name  TEXT,
    decided_words TEXT,
    decided_at    TEXT,
    ended_at      TEXT,                   -- taken back or lapsed
    ended_why     TEXT
) STRICT;
CREATE UNIQUE INDEX model_lowering_number ON model_lowering (number);
CREATE INDEX model_lowering_model ON model_lowering (model, state);
