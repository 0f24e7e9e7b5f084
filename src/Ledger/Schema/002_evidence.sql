-- Entries that know what moved: for whom, under which grant, how much. The first cut's chain is kept beside, whole but closed.
DROP INDEX ledger_entry_subject;
DROP INDEX ledger_entry_actor;
ALTER TABLE ledger_entry RENAME TO ledger_first_entry;

CREATE TABLE ledger_entry (
    seq         INTEGER NOT NULL PRIMARY KEY,  -- 1, 2, 3 … without gaps
    at          TEXT NOT NULL,
    actor       TEXT NOT NULL,                 -- person's id; the empty id is the program or the machine's operator
    name        TEXT NOT NULL,                 -- as they were called then
    unit        TEXT,                          -- they acted for
    act         TEXT NOT NULL,
    subject     TEXT NOT NULL,
    result      TEXT NOT NULL,                 -- 'done' or the code of the refusal
    provider    TEXT,                          -- unit whose data it is
    receiver    TEXT,                          -- unit on whose behalf
    grant_id    TEXT,
    purpose     TEXT,
    resource    TEXT,
    snapshot    INTEGER,                       -- of the lake
    items       TEXT,                          -- column names, one a line
    rows        INTEGER,
    bytes       INTEGER,
    digest      TEXT,                          -- SHA-256 of the answer, hex
    duration_ms INTEGER,
    tracking    TEXT,
    secrecy     TEXT,                          -- legal ground of a delay before the people concerned are told
    secret_until TEXT,                         -- first day they are
    detail      TEXT,                          -- JSON
    hash        TEXT NOT NULL                  -- of a zero byte, then the entry's canonical bytes with the hash before it; hex
) STRICT;
CREATE INDEX ledger_entry_at ON ledger_entry (at);
CREATE INDEX ledger_entry_subject ON ledger_entry (subject, seq);
CREATE INDEX ledger_entry_actor ON ledger_entry (actor, seq);
CREATE INDEX ledger_entry_provider ON ledger_entry (provider, seq) WHERE provider IS NOT NULL;
CREATE INDEX ledger_entry_receiver ON ledger_entry (receiver, seq) WHERE receiver IS NOT NULL;
CREATE INDEX ledger_entry_grant ON ledger_entry (grant_id, seq) WHERE grant_id IS NOT NULL;

--sqlite
CREATE TRIGGER ledger_entry_kept_update BEFORE UPDATE ON ledger_entry BEGIN SELECT RAISE(ABORT, 'The ledger is append-only.'); END;
CREATE TRIGGER ledger_entry_kept_delete BEFORE DELETE ON ledger_entry BEGIN SELECT RAISE(ABORT, 'The ledger is append-only.'); END;
-- INSERT OR REPLACE deletes without asking the trigger above.
CREATE TRIGGER ledger_entry_kept_next BEFORE INSERT ON ledger_entry WHEN NEW.seq <> (SELECT COALESCE(MAX(seq), 0) + 1 FROM ledger_entry)
BEGIN SELECT RAISE(ABORT, 'The ledger is append-only.'); END;
--end
--postgres
CREATE FUNCTION ledger_kept() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'The ledger is append-only.'; END $$;
CREATE TRIGGER ledger_entry_kept BEFORE UPDATE OR DELETE OR TRUNCATE ON ledger_entry FOR EACH STATEMENT EXECUTE FUNCTION ledger_kept();
--end
