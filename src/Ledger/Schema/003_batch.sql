-- Seals: a signed and time-stamped statement over each run of entries, naming the one before.
CREATE TABLE ledger_batch (
    number    INTEGER NOT NULL PRIMARY KEY,  -- 1, 2, 3 … without gaps
    first_seq INTEGER NOT NULL UNIQUE,
    last_seq  INTEGER NOT NULL UNIQUE,
    statement TEXT NOT NULL,                 -- what is signed
    signature BLOB NOT NULL,                 -- CMS, detached, DER
    stamp     BLOB NOT NULL,                 -- RFC 3161 response over the signature, DER
    built_in  INTEGER NOT NULL,              -- 1: stamped by this installation itself
    sealed_at TEXT NOT NULL
) STRICT;

--sqlite
CREATE TRIGGER ledger_batch_kept_update BEFORE UPDATE ON ledger_batch BEGIN SELECT RAISE(ABORT, 'The ledger is append-only.'); END;
CREATE TRIGGER ledger_batch_kept_delete BEFORE DELETE ON ledger_batch BEGIN SELECT RAISE(ABORT, 'The ledger is append-only.'); END;
CREATE TRIGGER ledger_batch_kept_next BEFORE INSERT ON ledger_batch WHEN NEW.number <> (SELECT COALESCE(MAX(number), 0) + 1 FROM ledger_batch)
BEGIN SELECT RAISE(ABORT, 'The ledger is append-only.'); END;
--end
--postgres
CREATE TRIGGER ledger_batch_kept BEFORE UPDATE OR DELETE OR TRUNCATE ON ledger_batch FOR EACH STATEMENT EXECUTE FUNCTION ledger_kept();
--end
