-- Programs that fetch tokens for themselves. The tokens are signed and kept nowhere; this is what they are held against at every call.
CREATE TABLE identity_application (
    id             TEXT NOT NULL PRIMARY KEY,  -- the client_id
    name           TEXT NOT NULL,
    unit           TEXT NOT NULL,
    system         TEXT,                       -- information system of the unit; NULL for none
    account        TEXT NOT NULL,              -- who had its secret made: it is disabled when they are put out
    prefix         TEXT NOT NULL,
    hash           TEXT NOT NULL,              -- SHA-256 of the secret; 256 random bits need no slow hash
    secret_version INTEGER NOT NULL,           -- a token carries the one it was fetched with
    active         INTEGER NOT NULL,
    made_at        TEXT NOT NULL,
    used_at        TEXT
) STRICT;
CREATE INDEX identity_application_unit ON identity_application (unit);
CREATE INDEX identity_application_account ON identity_application (account);

CREATE TABLE identity_application_scope (
    application TEXT NOT NULL REFERENCES identity_application (id),
    scope       TEXT NOT NULL,                 -- a grant's number
    PRIMARY KEY (application, scope)
) STRICT;
