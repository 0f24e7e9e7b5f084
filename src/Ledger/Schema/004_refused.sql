-- Refusals are few among the entries of a busy city, and are asked for by their codes.
CREATE INDEX ledger_entry_refused ON ledger_entry (result, seq) WHERE result <> 'done';
