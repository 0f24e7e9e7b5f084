-- A second factor (TOTP, RFC 6238). A code is good once: its time step is kept, and an older one is refused.
CREATE TABLE identity_factor (
    account   TEXT NOT NULL PRIMARY KEY REFERENCES identity_account (id),
    secret    TEXT NOT NULL,              -- sealed with the installation's key ring
    made_at   TEXT NOT NULL,
    last_step INTEGER NOT NULL            -- of the code used last
) STRICT;

-- For one who lost the device: each good once.
CREATE TABLE identity_recovery (
    hash    TEXT NOT NULL PRIMARY KEY,    -- SHA-256 of account and code; 80 random bits need no slow hash
    account TEXT NOT NULL REFERENCES identity_account (id),
    used_at TEXT
) STRICT;
CREATE INDEX identity_recovery_account ON identity_recovery (account);
