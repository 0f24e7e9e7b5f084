-- Who an account's person is at an outside provider (OpenID Connect). One outside identity is one account's.
CREATE TABLE identity_outside (
    issuer  TEXT NOT NULL,                -- as the provider calls itself
    subject TEXT NOT NULL,                -- the provider's stable id of the person
    account TEXT NOT NULL REFERENCES identity_account (id),
    name    TEXT,                         -- as the provider called them when it was linked
    made_at TEXT NOT NULL,
    used_at TEXT,
    PRIMARY KEY (issuer, subject)
) STRICT;
CREATE INDEX identity_outside_account ON identity_outside (account);
