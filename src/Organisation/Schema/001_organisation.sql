-- Who answers for data: units in a tree, the systems they run, their people and the posts these hold.
CREATE TABLE organisation_unit (
    id         TEXT NOT NULL PRIMARY KEY,
    code       TEXT NOT NULL,             -- unified social credit code, GB 32100, upper case
    code_note  TEXT,                      -- why a code whose check character fails is right all the same; NULL when it passes
    name       TEXT NOT NULL,
    short_name TEXT,
    kind       TEXT NOT NULL,             -- Department, Town, Zone, Institution, Enterprise, Other
    parent     TEXT REFERENCES organisation_unit (id),
    active     INTEGER NOT NULL,
    version    INTEGER NOT NULL,
    changed_at TEXT NOT NULL
) STRICT;
CREATE UNIQUE INDEX organisation_unit_code ON organisation_unit (code);
CREATE INDEX organisation_unit_parent ON organisation_unit (parent);
CREATE INDEX organisation_unit_name ON organisation_unit (name);

CREATE TABLE organisation_system (
    id         TEXT NOT NULL PRIMARY KEY,
    unit       TEXT NOT NULL REFERENCES organisation_unit (id),
    name       TEXT NOT NULL,
    purpose    TEXT,
    vendor     TEXT,
    since      TEXT,                      -- date it went live
    active     INTEGER NOT NULL,
    version    INTEGER NOT NULL,
    changed_at TEXT NOT NULL
) STRICT;
CREATE UNIQUE INDEX organisation_system_name ON organisation_system (unit, name);

CREATE TABLE organisation_post (
    id         TEXT NOT NULL PRIMARY KEY,
    unit       TEXT NOT NULL REFERENCES organisation_unit (id),
    name       TEXT NOT NULL,
    duty       TEXT,
    active     INTEGER NOT NULL,
    version    INTEGER NOT NULL,
    changed_at TEXT NOT NULL
) STRICT;
CREATE UNIQUE INDEX organisation_post_name ON organisation_post (unit, name);

CREATE TABLE organisation_person (
    id         TEXT NOT NULL PRIMARY KEY,
    unit       TEXT NOT NULL REFERENCES organisation_unit (id),
    post       TEXT REFERENCES organisation_post (id),
    name       TEXT NOT NULL,
    phone      TEXT,                      -- office telephone
    active     INTEGER NOT NULL,
    version    INTEGER NOT NULL,
    changed_at TEXT NOT NULL
) STRICT;
CREATE INDEX organisation_person_unit ON organisation_person (unit, name);
