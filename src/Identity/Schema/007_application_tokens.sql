-- Tokens that applications have fetched and that have not run out: each can be ended alone. The token itself is kept nowhere.
CREATE TABLE identity_application_token (
    id             TEXT NOT NULL PRIMARY KEY,  -- a claim of the token
    application    TEXT NOT NULL REFERENCES identity_application (id),
    secret_version INTEGER NOT NULL,           -- that it was fetched with
    scopes         TEXT NOT NULL,              -- separated by blanks
    given_at       TEXT NOT NULL,
    expires_at     TEXT NOT NULL,
    revoked_at     TEXT
) STRICT;
CREATE INDEX identity_application_token_application ON identity_application_token (application);
