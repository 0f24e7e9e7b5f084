-- Requests, the grants they led to, and how those are used.

-- How many working days a stage may take. A county rule: conformity review 2, the source unit's answer 5, mediation 10.
CREATE TABLE sharing_limit (
    stage    TEXT NOT NULL PRIMARY KEY,  -- a state of a request that has a clock
    workdays INTEGER NOT NULL
) STRICT;
INSERT INTO sharing_limit (stage, workdays) VALUES ('Review', 2), ('Decision', 5), ('Mediation', 10);

CREATE TABLE sharing_request (
    id            TEXT NOT NULL PRIMARY KEY,
    number        TEXT NOT NULL UNIQUE,    -- the common number of what was asked for together, and a serial
    together      TEXT NOT NULL,
    resource      TEXT NOT NULL,
    resource_code TEXT NOT NULL,
    resource_name TEXT NOT NULL,
    sharing       TEXT NOT NULL,
    provider      TEXT NOT NULL,
    unit          TEXT NOT NULL,
    person        TEXT NOT NULL,
    person_name   TEXT NOT NULL,
    purpose       TEXT NOT NULL,
    scene         TEXT NOT NULL,
    basis         TEXT NOT NULL,
    items         TEXT NOT NULL,           -- JSON: ids of items
    filter        TEXT,                    -- JSON: a condition
    last_day      TEXT NOT NULL,
    frequency     TEXT NOT NULL,
    delivery      TEXT NOT NULL,
    renews        TEXT,                    -- the grant it asks to prolong
    state         TEXT NOT NULL,
    made_at       TEXT NOT NULL,
    stage_at      TEXT NOT NULL,
    due_at        TEXT,
    reviewer      TEXT,
    disputed      INTEGER NOT NULL,
    answer        TEXT,
    grant_number  TEXT,
    revision      INTEGER NOT NULL
) STRICT;
CREATE INDEX sharing_request_unit ON sharing_request (unit, state);
CREATE INDEX sharing_request_provider ON sharing_request (provider, state);

CREATE TABLE sharing_act (
    id      TEXT NOT NULL PRIMARY KEY,
    request TEXT NOT NULL,
    step    TEXT NOT NULL,
    person  TEXT NOT NULL,
    unit    TEXT,
    opinion TEXT,
    state   TEXT NOT NULL,
    at      TEXT NOT NULL
) STRICT;
CREATE INDEX sharing_act_request ON sharing_act (request);

CREATE TABLE sharing_basket (
    person   TEXT NOT NULL,
    resource TEXT NOT NULL,
    at       TEXT NOT NULL,
    PRIMARY KEY (person, resource)
) STRICT;

CREATE TABLE sharing_grant (
    id            TEXT NOT NULL PRIMARY KEY,
    number        TEXT NOT NULL UNIQUE,
    request       TEXT NOT NULL,
    resource      TEXT NOT NULL,
    resource_code TEXT NOT NULL,
    resource_name TEXT NOT NULL,
    provider      TEXT NOT NULL,
    unit          TEXT NOT NULL,
    purpose       TEXT NOT NULL,
    delivery      TEXT NOT NULL,
    valid_from    TEXT NOT NULL,
    valid_until   TEXT NOT NULL,
    state         TEXT NOT NULL,
    ended_why     TEXT,
    daily_calls   INTEGER NOT NULL,
    daily_rows    INTEGER NOT NULL,
    used_at       TEXT
) STRICT;
CREATE INDEX sharing_grant_unit ON sharing_grant (unit);
CREATE INDEX sharing_grant_provider ON sharing_grant (provider);
CREATE INDEX sharing_grant_resource ON sharing_grant (resource);

CREATE TABLE sharing_use (
    granted TEXT NOT NULL,
    day     TEXT NOT NULL,
    calls   INTEGER NOT NULL,
    rows    INTEGER NOT NULL,
    bytes   INTEGER NOT NULL,
    refused INTEGER NOT NULL,
    PRIMARY KEY (granted, day)
) STRICT;

CREATE TABLE sharing_notice (
    id      TEXT NOT NULL PRIMARY KEY,
    unit    TEXT NOT NULL,
    kind    TEXT NOT NULL,
    subject TEXT NOT NULL,
    path    TEXT NOT NULL,
    at      TEXT NOT NULL
) STRICT;
CREATE INDEX sharing_notice_unit ON sharing_notice (unit, at);
