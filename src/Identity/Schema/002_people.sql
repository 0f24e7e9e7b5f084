-- An account is one person's; what it may see at most; how old its password is; when it was last used.
ALTER TABLE identity_account ADD COLUMN person TEXT;          -- of the organisation; NULL for an account of no listed person
ALTER TABLE identity_account ADD COLUMN label INTEGER;        -- 1 to 4: up to which level data may be seen; NULL: nobody labelled it
ALTER TABLE identity_account ADD COLUMN password_at TEXT;     -- NULL: as old as the account
ALTER TABLE identity_account ADD COLUMN last_in_at TEXT;      -- NULL: never signed in
CREATE UNIQUE INDEX identity_account_person ON identity_account (person);

ALTER TABLE identity_session ADD COLUMN factors INTEGER NOT NULL DEFAULT 1;
ALTER TABLE identity_token ADD COLUMN account TEXT;           -- who had it made: it ends when they are put out
CREATE INDEX identity_token_account ON identity_token (account);

-- Passwords of before, so that none comes back soon.
CREATE TABLE identity_password (
    id      TEXT NOT NULL PRIMARY KEY,
    account TEXT NOT NULL REFERENCES identity_account (id),
    hash    TEXT NOT NULL,
    set_at  TEXT NOT NULL
) STRICT;
CREATE INDEX identity_password_account ON identity_password (account, set_at);

-- 三员分立 also for one who writes past the program: an administrator is one of the three and nothing else.
--sqlite
CREATE TRIGGER identity_account_exclusive_new BEFORE INSERT ON identity_account
WHEN NEW.roles LIKE '%,%' AND (NEW.roles LIKE '%system-administrator%' OR NEW.roles LIKE '%security-administrator%' OR NEW.roles LIKE '%audit-administrator%')
BEGIN SELECT RAISE(ABORT, 'IDN-004: the three administrators exclude one another and every other role'); END;
CREATE TRIGGER identity_account_exclusive_changed BEFORE UPDATE OF roles ON identity_account
WHEN NEW.roles LIKE '%,%' AND (NEW.roles LIKE '%system-administrator%' OR NEW.roles LIKE '%security-administrator%' OR NEW.roles LIKE '%audit-administrator%')
BEGIN SELECT RAISE(ABORT, 'IDN-004: the three administrators exclude one another and every other role'); END;
--end
--postgres
ALTER TABLE identity_account ADD CONSTRAINT identity_account_exclusive CHECK (
    roles NOT LIKE '%,%' OR (roles NOT LIKE '%system-administrator%' AND roles NOT LIKE '%security-administrator%' AND roles NOT LIKE '%audit-administrator%'));
--end
