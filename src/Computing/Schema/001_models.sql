-- Models, every version of them, and what was refused. A model's id is its resource's in the catalogue.
CREATE TABLE model (
    id         TEXT NOT NULL PRIMARY KEY,
    name       TEXT NOT NULL,
    version    INTEGER NOT NULL,          -- the one in force
    active     INTEGER NOT NULL,          -- 0: its file is gone; its table stays
    table_name TEXT NOT NULL,             -- in the lake
    next_at    TEXT,                      -- when its schedule runs it; NULL for never
    saved_at   TEXT NOT NULL
) STRICT;
CREATE UNIQUE INDEX model_name ON model (name);

CREATE TABLE model_version (
    model      TEXT NOT NULL,
    version    INTEGER NOT NULL,
    digest     TEXT NOT NULL,             -- SHA-256 of the text
    text       TEXT NOT NULL,             -- front matter and statement, as they came
    seen       TEXT NOT NULL,             -- JSON: what was found out of it: columns, inputs, lineage
    by_name    TEXT NOT NULL,
    at         TEXT NOT NULL,
    PRIMARY KEY (model, version)
) STRICT;

-- Files of the folder as they were looked at last.
CREATE TABLE model_file (
    file       TEXT NOT NULL PRIMARY KEY,
    digest     TEXT NOT NULL,
    model      TEXT,                      -- NULL while none was made of it
    problem    TEXT,                      -- JSON; NULL when it is in force
    at         TEXT NOT NULL
) STRICT;

-- One column feeds another. The sets are resources, or datasets of other systems. An empty column stands for the whole set.
CREATE TABLE lineage_edge (
    owner       TEXT NOT NULL,            -- the model, or the job of another system
    from_set    TEXT NOT NULL,
    from_column TEXT NOT NULL,
    to_set      TEXT NOT NULL,
    to_column   TEXT NOT NULL,
    kind        TEXT NOT NULL
) STRICT;
CREATE INDEX lineage_edge_owner ON lineage_edge (owner);
CREATE TABLE lineage_stamp (n INTEGER NOT NULL) STRICT;
INSERT INTO lineage_stamp (n) VALUES (0);

CREATE TABLE model_run (
    id         TEXT NOT NULL PRIMARY KEY,
    number     TEXT NOT NULL,
    cause      TEXT NOT NULL,             -- Hand, Schedule, Change
    asked      TEXT NOT NULL,             -- JSON: what was asked for
    state      TEXT NOT NULL,
    snapshot   INTEGER,                   -- of the lake, that all inputs are read at
    by_name    TEXT NOT NULL,
    at         TEXT NOT NULL,
    ended_at   TEXT
) STRICT;
CREATE UNIQUE INDEX model_run_number ON model_run (number);
CREATE INDEX model_run_at ON model_run (at);

CREATE TABLE model_step (
    run        TEXT NOT NULL,
    model      TEXT NOT NULL,
    version    INTEGER NOT NULL,
    place      INTEGER NOT NULL,          -- in the order of the run
    state      TEXT NOT NULL,
    mode       TEXT,                      -- Full, Slices
    rows       INTEGER NOT NULL,          -- the table has now
    added      INTEGER NOT NULL,
    removed    INTEGER NOT NULL,
    bases      TEXT NOT NULL,             -- JSON: the snapshot each input was read at
    snapshot   INTEGER,                   -- the one its write made
    ms         INTEGER NOT NULL,
    tests      TEXT NOT NULL,             -- JSON: what was tested and how many rows were at fault
    problem    TEXT,                      -- JSON
    started_at TEXT,
    ended_at   TEXT,
    PRIMARY KEY (run, model)
) STRICT;
CREATE INDEX model_step_model ON model_step (model, ended_at);
