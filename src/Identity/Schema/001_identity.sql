-- Who may come in. Secrets are kept as hashes only.
CREATE TABLE identity_account (
    id          TEXT NOT NULL PRIMARY KEY,
    login       TEXT NOT NULL,            -- lower case
    name        TEXT NOT NULL,
    unit        TEXT,
    roles       TEXT NOT NULL,            -- comma-separated
    password    TEXT NOT NULL,            -- $argon2id$v=19$m=…,t=…,p=…$salt$hash
    must_change INTEGER NOT NULL,         -- set by someone else: to be changed at the next sign-in
    active      INTEGER NOT NULL,
    demo        INTEGER NOT NULL,
    version     INTEGER NOT NULL,
    made_at     TEXT NOT NULL,
    changed_at  TEXT NOT NULL
) STRICT;
CREATE UNIQUE INDEX identity_account_login ON identity_account (login);

CREATE TABLE identity_session (
    id        TEXT NOT NULL PRIMARY KEY,  -- SHA-256 of the cookie's token
    account   TEXT NOT NULL REFERENCES identity_account (id),
    unit_name TEXT,
    opened_at TEXT NOT NULL,
    seen_at   TEXT NOT NULL,              -- to the minute
    address   TEXT NOT NULL
) STRICT;
CREATE INDEX identity_session_account ON identity_session (account);

CREATE TABLE identity_sign_in (
    id      TEXT NOT NULL PRIMARY KEY,
    account TEXT,                         -- NULL when the login belongs to nobody
    login   TEXT NOT NULL,
    at      TEXT NOT NULL,
    address TEXT NOT NULL,
    result  TEXT NOT NULL                 -- done, or the code of the refusal
) STRICT;
CREATE INDEX identity_sign_in_account ON identity_sign_in (account, at);
CREATE INDEX identity_sign_in_at ON identity_sign_in (at);

-- Failures are counted by login, known or not, so that a lock tells nothing of who exists.
CREATE TABLE identity_lock (
    login        TEXT NOT NULL PRIMARY KEY,
    failures     INTEGER NOT NULL,
    last_at      TEXT NOT NULL,
    locked_until TEXT
) STRICT;

CREATE TABLE identity_setup (
    id         TEXT NOT NULL PRIMARY KEY,
    code_hash  TEXT NOT NULL,
    expires_at TEXT NOT NULL,
    used_at    TEXT
) STRICT;

CREATE TABLE identity_token (
    id         TEXT NOT NULL PRIMARY KEY,
    subject    TEXT NOT NULL,
    name       TEXT NOT NULL,
    unit       TEXT NOT NULL,
    prefix     TEXT NOT NULL,
    hash       TEXT NOT NULL,             -- SHA-256 of the whole token
    made_at    TEXT NOT NULL,
    expires_at TEXT,
    used_at    TEXT,
    revoked_at TEXT
) STRICT;
CREATE UNIQUE INDEX identity_token_hash ON identity_token (hash);
CREATE INDEX identity_token_subject ON identity_token (subject);
